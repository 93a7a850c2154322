import { type Condition, isRecord, type Path } from "../../../definition/types";
import type { AnswerTo, RowOf } from "../../../http/answers";
import { say } from "../../../language/say";
import { optionText } from "./option-text";

type Automation = AnswerTo<"GET /v1/automations/:id">;
export type WhyRow = RowOf<"GET /v1/automations/:id/why">;

const keysOf = (pointer: string): Path =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key.replaceAll("~1", "/").replaceAll("~0", "~")));

/** The condition at a pointer ("/only_if/all/0"): the whole where the pointer leads no further. */
export function conditionAt(automation: Automation, pointer: string | undefined): Condition | null {
  let found: unknown = automation.only_if;
  for (const key of keysOf(pointer ?? "").slice(1)) {
    const inner: unknown = Array.isArray(found) ? found[Number(key)] : isRecord(found) ? found[String(key)] : undefined;
    if (!isRecord(inner) && !Array.isArray(inner)) break;
    found = inner;
  }
  // Only objects are followed, and what `only_if` holds was checked when it was saved.
  return isRecord(found) ? (found as unknown as Condition) : null;
}

export const seenText = (seen: unknown): string => {
  if (seen === null || seen === undefined || (Array.isArray(seen) && seen.length === 0)) return say("nothing");
  if (typeof seen === "boolean") return say(seen ? "true" : "false");
  if (Array.isArray(seen)) return seen.map(String).join(", ");
  return isRecord(seen)
    ? Object.entries(seen)
        .map(([name, value]) => `${optionText(name)}: ${seenText(value)}`)
        .join(", ")
    : String(seen);
};
