import { numberMeant } from "../base/numbers";
import { trimmed } from "../base/text";

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

const SLIPS = new Set(["", "undefined", "null", "nan", "none", "nil", "(null)", "infinity", "-infinity"]);

/** What programs write where an id is missing: as a user it would be everybody who has none. */
export const isSlip = (value: unknown): boolean => {
  if (typeof value !== "string") return false;
  const word = trimmed(value).toLowerCase();
  return SLIPS.has(word) || /^\[object \w+\]$/.test(word);
};

/** What systems write for whoever is not signed in, and programs for whether somebody is. */
const NOBODIES = new Set(["0", "true", "false", "00000000-0000-0000-0000-000000000000"]);

/** The id of a user; words and numbers for none are none. */
export function userIdIn(value: unknown): string | undefined {
  const id = idIn(value);
  return id === undefined || NOBODIES.has(trimmed(id).toLowerCase()) ? undefined : id;
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
