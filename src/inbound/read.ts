import { numberMeant } from "../base/text/numbers";
import { trimmed } from "../base/text/text";

/*
 * How loosely typed messages are read: what is not of the form asked for is as good as not there.
 */

export type Loose = Readonly<Record<string, unknown>>;

const NOTHING: Loose = {};

export const objectIn = (value: unknown): Loose =>
  // An object that is no list has texts as its keys.
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : NOTHING;

export const textIn = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const SLIPS = new Set(["", "undefined", "null", "nan", "none", "nil", "infinity", "-infinity"]);
/** A program's word for nothing as others print it: `(null)`, `<null>`, `<nil>`. */
const IN_BRACKETS = /^(?:\((.+)\)|<(.+)>|\[(.+)\])$/;
/**
 * What a program makes of an object, Go of what is no text, a template that nobody filled in, and what a sheet shows where a
 * formula found nothing.
 */
const SLIP =
  /^(?:\[object \w+\]|%![a-z]\(.*\)|\{\{.*\}\}|\$\{.*\}|<%.*%>|[[{][\]}]|#(?:n\/a|ref!|name\?|value!|null!|div\/0!|num!))$/;

/** What programs write where an id is missing: as a user it would be everybody who has none. */
export const isSlip = (value: unknown): boolean => {
  if (typeof value !== "string") return false;
  // Written as JSON, a text has quotes.
  const word = trimmed(value)
    .replace(/^(["'])(.*)\1$/s, "$2")
    .toLowerCase();
  const [, ...bare] = IN_BRACKETS.exec(word) ?? [];
  return SLIPS.has(word) || SLIP.test(word) || bare.some((one) => one !== undefined && SLIPS.has(one));
};

/** What systems write for whoever is not signed in, and programs for whether somebody is. */
const NOBODIES = new Set([
  ...["0", "true", "false", "00000000-0000-0000-0000-000000000000"],
  ...["anonymous", "guest", "not_authenticated", "not set", "(not set)", "n/a"],
]);

/** The id of a user; words and numbers for none are none. */
export function userIdIn(value: unknown): string | undefined {
  const id = idIn(value);
  return id === undefined || NOBODIES.has(trimmed(id).toLowerCase()) ? undefined : id;
}

/**
 * The items of a list. PHP writes one with gaps as an object of numbers, and some the only item as it is.
 */
export function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [];
  const names = Object.keys(value);
  return names.length && names.every((name) => /^\d+$/.test(name)) ? Object.values(value) : names.length ? [value] : [];
}

/** An id as text: senders write numbers too, and words for none. */
export function idIn(value: unknown): string | undefined {
  const id = typeof value === "number" && Number.isFinite(value) ? String(value) : textIn(value);
  return isSlip(id) ? undefined : id;
}

/** A number, in text too. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === "string" ? numberMeant(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export const defined = (data: Loose): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
