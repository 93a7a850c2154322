import { REFERENCE_KINDS, referencesIn } from "../../catalogue/checking/references";
import type { automations } from "../../db/schema";
import { withGoal } from "../../world/upgrades";

/**
 * What of that can be taken away an automation names, as its row keeps it: of its revision, so that it differs whenever
 * the row was written. Triggers keep `uses` by it (migration 0069).
 */
export const namedOf = (row: Pick<typeof automations.$inferSelect, "definition" | "goal" | "revision">): string => {
  const read = withGoal(row);
  const named = REFERENCE_KINDS.flatMap((kind) => [...referencesIn(read, kind)].map((id) => [kind, id]));
  return JSON.stringify({ at: row.revision, named });
};
