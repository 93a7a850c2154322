import { textKey, trimmed } from "../../base/text/text";
import type { OPS } from "../checking/compare";
import { readDate, unixAsMoment } from "../dates/dates";
import { formatInstant, parseInstant } from "../dates/time";
import type { FieldView } from "../facts/facts";
import { fitting } from "../options/readings";
import { isRelative } from "../segments/relative";

/*
 * What a comparison with a field means, by what the field is declared as: "yes" of one that is true or false. What can
 * hold for nobody is told where it is written.
 */

/** The fields of a school, by their keys. */
export interface DeclaredFields {
  get(key: string): FieldView | undefined;
}

export interface MeantFault {
  message: string;
  path: PropertyKey[];
}

/** Options as they are meant, or what is wrong with them. */
export type Meant = Record<string, unknown> | MeantFault;

/** What has a say in what its options mean. */
export interface Meaningful<Params> {
  /** What they mean, by what the school's fields are, or what is wrong with them. */
  meant?(params: Params, fields: DeclaredFields): Meant;
}

/** The same of options as they are written. */
export const meaningOf = <Params>(
  { meant }: Meaningful<Params>,
  schema: () => Schema<Params>,
): Meaningful<Record<string, unknown>> =>
  meant ? { meant: (raw, fields) => ofGiven(raw, meant(schema().parse(raw), fields), schema()) } : {};

interface Schema<Params> {
  parse(raw: unknown): Params;
  safeParse(raw: unknown): { error?: { issues: readonly MeantFault[] } | undefined };
}

/** What was left out stays so; what is meant is options too, which the schema may refuse: `fields.__proto__` is. */
function ofGiven(given: Record<string, unknown>, meant: Meant, schema: Schema<unknown>): Meant {
  if (isMeantFault(meant)) return meant;
  const options = Object.fromEntries(Object.keys(given).map((name) => [name, meant[name]]));
  const issue = schema.safeParse(options).error?.issues[0];
  return issue ? { message: issue.message, path: issue.path } : options;
}

interface Comparison {
  field: string;
  op: (typeof OPS)[number];
  value?: unknown;
}

const PREFIX = /^(?:user\.)?fields\.(?=.)/;

/** A field's key; templates and facts write `fields.` before it. */
export const bareField = (field: string): string => field.replace(PREFIX, "");

const OF_USER = /^user\./;

/** The same of a date that is waited for, which may have only `user.` before it: no name of one has a dot of its own. */
export const datedField = (name: string): string => bareField(name).replace(OF_USER, "");

/** The same, where a declared field may also have only `user.` before it. */
export function fieldMeant(name: string, declared: DeclaredFields): string {
  const field = bareField(name);
  const rest = field.replace(OF_USER, "");
  return !declared.get(field) && declared.get(rest) ? rest : field;
}

const IS: readonly string[] = ["is", "is_not", "in"];
const ORDERS: readonly string[] = ["gt", "gte", "lt", "lte", "before", "after"];

/** What every user has as a moment, to the millisecond. */
const MOMENTS: readonly string[] = ["registered_at", "last_seen"];

type Reading = { value: unknown } | { message: string };

/** Reads a value as one that the field may have. */
const READ: Partial<Record<FieldView["type"], (value: unknown, field: FieldView) => Reading>> = {
  boolean: (value) => fitting(value, (one) => typeof one === "boolean") ?? { message: "true or false" },
  number: (value) => fitting(value, (one) => typeof one === "number") ?? { message: "a number, such as 12 or 1.5" },
  date: (value) => {
    const moment = unixAsMoment(value);
    const isDate = (one: unknown) => typeof one === "string" && readDate(one, "UTC") !== null;
    return fitting(moment, isDate) ?? { message: 'a date, such as "2026-01-31", or a time' };
  },
  choice: (value, { choices }) => amongChoices(value, choices),
  list: (value, { choices }) => (choices.length ? amongChoices(value, choices) : { value }),
};

function amongChoices(value: unknown, choices: readonly string[]): Reading {
  const key = textKey(trimmed(String(value)));
  const found = choices.some((one) => textKey(trimmed(one)) === key);
  return found ? { value } : { message: `one of ${choices.slice(0, SHOWN).map(quoted).join(", ")}${rest(choices)}` };
}
const SHOWN = 10;
const quoted = (text: string): string => JSON.stringify(text);
const rest = ({ length }: readonly string[]): string => (length > SHOWN ? ` or ${length - SHOWN} more` : "");

/** A day is no moment: to the millisecond nobody has it. */
function asMoment(value: unknown): Reading {
  const at = typeof value === "string" ? parseInstant(trimmed(value)) : null;
  return at === null
    ? { message: 'a time to the millisecond, such as "2026-01-31T09:30:00.000Z"; for a day ask for after and before' }
    : { value: formatInstant(at) };
}

/**
 * A comparison as it is meant, or what is wrong with it. A value of another kind holds for nobody, but `is_not` it holds
 * for everybody, which somebody may mean.
 * @param built whether `field` may name what every user has, as in rules
 */
export function comparisonMeant<C extends Comparison>(
  given: C,
  declared: DeclaredFields,
  built: boolean,
): C | MeantFault {
  const field = fieldMeant(given.field, declared);
  const view = declared.get(field);
  const comparison = field === given.field ? given : { ...given, field };
  const { op, value } = comparison;
  const read = view
    ? (one: unknown) => READ[view.type]?.(one, view) ?? { value: one }
    : built && IS.includes(op) && MOMENTS.includes(field)
      ? asMoment
      : null;
  if (!read || value === undefined || value === null) return comparison;
  if (ORDERS.includes(op) && view) return orderMeant(comparison, view, read);
  if (!IS.includes(op)) return comparison;
  const readings = [value].flat().map(read);
  const wrong = readings.findIndex((one) => "message" in one);
  if (wrong >= 0 && op !== "is_not") {
    const [said] = readings.slice(wrong);
    return {
      message: said && "message" in said ? said.message : "",
      path: Array.isArray(value) ? ["value", wrong] : ["value"],
    };
  }
  const values = readings.map((one, n) => ("value" in one ? one.value : [value].flat()[n]));
  return { ...comparison, value: Array.isArray(value) ? values : values[0] };
}

function orderMeant<C extends Comparison>(
  comparison: C,
  view: FieldView,
  read: (value: unknown) => Reading,
): C | MeantFault {
  const { op, value } = comparison;
  if (view.type === "boolean") return { message: `true or false has no ${op}: ask for is`, path: ["op"] };
  const isOfDates = op === "before" || op === "after";
  if (view.type === "date" ? isRelative(op, value) : view.type !== "number" || isOfDates) return comparison;
  const reading = read(value);
  return "message" in reading ? { message: reading.message, path: ["value"] } : { ...comparison, value: reading.value };
}

/** Whether it is a fault, and no comparison. */
export const isMeantFault = (meant: object): meant is MeantFault => "message" in meant && "path" in meant;
