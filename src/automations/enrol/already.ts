import type { Env } from "../../base/env";
import { triggers } from "../../catalogue";
import { storedTagKeys } from "../../catalogue/tags/key";
import type { Definition } from "../../definition/types";
import { countMarked } from "../../users/finding/marked";

/** For whom what starts an automation is so already: they do not enter by themselves. */
export interface Already {
  kind: "course" | "tag" | "segment";
  value: string;
  /** How many; one more than are counted stands for more. */
  count: number;
}

const isKind = (kind: string): kind is Already["kind"] => kind === "course" || kind === "tag" || kind === "segment";

/** Whom a definition's trigger would have started for, had it been on: where it names one thing that learners still have. */
export async function alreadyThere(
  env: Env,
  school: string,
  definition: Pick<Definition, "when">,
): Promise<Already | null> {
  for (const use of definition.when) {
    const { option = "", data: kind = "", lasts } = triggers.get(use.type)?.narrows ?? {};
    const named = use[option];
    const [value, another]: unknown[] = Array.isArray(named) ? named : [];
    if (!lasts || !isKind(kind) || typeof value !== "string" || another !== undefined) continue;
    const count = await countMarked(env, school, kind, kind === "tag" ? storedTagKeys(value) : [value]);
    if (count) return { kind, value, count };
  }
  return null;
}
