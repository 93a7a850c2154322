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

/** An id as text: senders write numbers too. */
export const idIn = (value: unknown): string | undefined =>
  typeof value === "number" && Number.isFinite(value) ? String(value) : textIn(value);

/** A number, in digits too. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export const defined = (data: Loose): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
