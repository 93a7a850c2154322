import { REFERENCE_KINDS, referencesIn } from "../../catalogue/checking/references";
import type { automations } from "../../db/schema";
import { readDefinition } from "../../world/upgrades";

/**
 * What of that can be taken away an automation names, as its row keeps it: of its revision, so that it differs whenever
 * the row was written. Triggers keep `uses` by it (migration 0069).
 */
export const namedOf = ({
  definition,
  revision,
}: Pick<typeof automations.$inferSelect, "definition" | "revision">): string => {
  const read = readDefinition(definition);
  const named = REFERENCE_KINDS.flatMap((kind) => [...referencesIn(read, kind)].map((id) => [kind, id]));
  return JSON.stringify({ at: revision, named });
};
