import { triggers } from "../../catalogue";
import { datedFieldsIn } from "../../catalogue/checking/references";
import type { FieldView } from "../../catalogue/facts/facts";
import { STEPS } from "../../catalogue/steps";
import type { Warning } from "../../definition/answers";
import type { Definition } from "../../definition/types";

const MOST_TOLD = 50;

/** Of which a value may be a date: a text and a number may say one too. */
const MAY_HOLD_DATES: readonly FieldView["type"][] = ["date", "text", "number"];

/**
 * Fields whose date is waited for, and that nobody declared or that hold none: who comes there waits for nothing.
 * @param fields those that the school has declared, by their keys
 * @param gone of which it is said that they were deleted
 */
export function datelessFields(
  definition: Definition,
  fields: ReadonlyMap<string, Pick<FieldView, "type">>,
  gone: ReadonlySet<string> = new Set(),
): Warning[] {
  const messages = [...datedFieldsIn(definition)].flatMap(({ use, value }) => {
    const field = fields.get(value);
    if (gone.has(value) || (field && MAY_HOLD_DATES.includes(field.type))) return [];
    const card = (STEPS.get(use.type) ?? triggers.get(use.type))?.label ?? use.type;
    const why = field ? "which does not hold dates" : "which nobody has declared";
    return [`“${card}” goes by the date in the field ${JSON.stringify(value)}, ${why}.`];
  });
  return [...new Set(messages)].slice(0, MOST_TOLD).map((message) => ({ code: "no_date", message }));
}
