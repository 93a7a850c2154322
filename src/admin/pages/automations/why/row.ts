import { type Condition, isRecord } from "../../../../definition/types";
import type { RowOf } from "../../../../http/answering/answers";
import { say } from "../../../../language/say";
import { catalogue } from "../../../words/names";
import type { Words } from "../../../words/sentences/sentence";
import { optionText } from "../runs/option-text";

export type WhyRow = RowOf<"GET /v1/automations/:id/why">;

/** The condition that did not hold, as it stood in the version of that moment; null: none stopped it. */
export const conditionOf = ({ stopped_by: by, expected }: WhyRow): Condition | null =>
  // What is expected was checked when it was saved.
  by === "only_if" && isRecord(expected) ? (expected as unknown as Condition) : null;

/** By what name an id is called, of whatever kind it is. */
const calledIn = (id: string, words: Words): string => {
  for (const { type } of catalogue().kinds) {
    const name = words.nameOf(type, id);
    if (name !== id) return name;
  }
  return id;
};

export const seenText = (seen: unknown, words: Words): string => {
  if (seen === null || seen === undefined || (Array.isArray(seen) && seen.length === 0)) return say("nothing");
  if (typeof seen === "boolean") return say(seen ? "true" : "false");
  if (Array.isArray(seen)) return seen.map((one) => calledIn(String(one), words)).join(", ");
  return isRecord(seen)
    ? Object.entries(seen)
        .map(([name, value]) => `${optionText(name)}: ${seenText(value, words)}`)
        .join(", ")
    : calledIn(String(seen), words);
};
