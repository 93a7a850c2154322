import { canonical } from "../../base/json";
import { trimmed } from "../../base/text/text";
import { readDate, unixAsMoment } from "../dates/dates";
import type { FieldType, FieldValue, FieldView } from "../facts/facts";

/*
 * What fields of users may hold, by what they are declared as.
 */

/** What is wrong with a value for a declared field, or null. */
export function fieldFault(field: FieldView, value: FieldValue | null): string | null {
  if (value === null || value === "") return null;
  if (field.type === "list") return listFault(field, value);
  if (CHECKS[field.type](value, field)) return null;
  return `not a ${field.type === "choice" ? `choice of ${listed(field.choices)}` : field.type}`;
}

/** The first of many: a message says what helps, and is kept with each line of an import. */
const listed = (choices: readonly string[]): string =>
  choices.length <= SHOWN
    ? choices.join(", ")
    : `${choices.slice(0, SHOWN).join(", ")} and ${choices.length - SHOWN} more`;
const SHOWN = 10;

const CHECKS: Record<Exclude<FieldType, "list">, (value: FieldValue, field: FieldView) => boolean> = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  boolean: (value) => typeof value === "boolean",
  date: (value) => readDate(unixAsMoment(value), "UTC") !== null,
  choice: (value, field) => typeof value === "string" && field.choices.includes(value),
};

const [MOST_IN_LIST, LONGEST_IN_LIST] = [200, 256];

function listFault({ choices }: FieldView, value: FieldValue): string | null {
  if (!Array.isArray(value)) return "not a list of texts";
  if (value.length > MOST_IN_LIST) return `a list holds ${MOST_IN_LIST} texts at most`;
  if (value.some((one) => one.trim() === "" || one.length > LONGEST_IN_LIST))
    return `each text of a list has 1 to ${LONGEST_IN_LIST} characters`;
  const other = choices.length ? value.find((one) => !choices.includes(one)) : undefined;
  return other === undefined ? null : `${JSON.stringify(other)} is not a choice of ${listed(choices)}`;
}

/** Faults of the values of fields, by key: of declared ones by what they are declared as. */
export const fieldFaults = (
  fields: ReadonlyMap<string, FieldView>,
  values: Record<string, FieldValue | null>,
): { key: string; message: string }[] =>
  Object.entries(values).flatMap(([key, value]) => {
    const field = fields.get(key);
    const message = field ? fieldFault(field, value) : undeclaredFault(value);
    return message ? [{ key, message }] : [];
  });

/** What is wrong with a value for a field that nobody declared, or null. */
export const undeclaredFault = (value: FieldValue | null): string | null =>
  Array.isArray(value) ? "only a field declared as a list holds one" : null;

/** A value as it is kept: Unix time in a field for dates as the moment that it means, a list with each text once. */
export function keptAs(field: FieldView | undefined, value: FieldValue | null): FieldValue | null {
  if (field?.type === "date") return unixAsMoment(value);
  if (field?.type === "list" && value === "") return [];
  return Array.isArray(value) ? [...new Set(value)] : value;
}

/** Whether two values of a field are the same; null and undefined: none. */
export const isSameValue = (one: FieldValue | null | undefined, other: FieldValue | null | undefined): boolean =>
  one === other || (Array.isArray(one) && Array.isArray(other) && canonical(one) === canonical(other));

const BETWEEN = "|";

/** The list that a text says, as cells of a CSV do: `|` stands between its texts. */
export const listOfText = (text: string): string[] => text.split(BETWEEN).flatMap((one) => trimmed(one) || []);

/** A list as such a text. */
export const textOfList = (list: readonly string[]): string => list.join(BETWEEN);
