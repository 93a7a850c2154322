/*
 * Ids and chance without randomness: they derive from their causes, so that stepping twice gives the same answer.
 */

/** In the order of their worth, as of the text. */
export const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

const base32 = (value: number, length: number): string => {
  let rest = value;
  let text = "";
  for (let i = 0; i < length; i++) {
    text = (DIGITS[rest % 32] ?? "0") + text;
    rest = Math.floor(rest / 32);
  }
  return text;
};

/** A 53-bit hash of a text (cyrb53 by bryc, public domain). Spreads well; protects nothing. */
export function hash53(text: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}

/** So many digits of an id tell when it was made. */
export const TIME_DIGITS = 9;

/**
 * An id that sorts by the school's time, then by the user's own order, and belongs to one user.
 * @param owner what tells users of all schools apart
 */
export const makeId = (prefix: "run" | "dlv" | "chg", at: number, order: number, owner: string): string =>
  `${prefix}_${base32(at, TIME_DIGITS)}${base32(order, 6)}${base32(hash53(owner), 10)}`;

/** Whether an id can be of an owner. */
export const isOf = (owner: string, id: string): boolean => id.endsWith(base32(hash53(owner), 10));

/** When an id was made, by the school's time in ms; NaN for what is none. */
export const madeAt = (id: string): number =>
  [...id.slice(4, 4 + TIME_DIGITS)].reduce((time, digit) => {
    const value = DIGITS.indexOf(digit);
    return value < 0 ? Number.NaN : time * 32 + value;
  }, 0);

/** What ids made at a moment or later come after. */
export const idsFrom = (prefix: "run" | "dlv" | "chg", at: number): string =>
  `${prefix}_${base32(Math.max(0, at), TIME_DIGITS)}`;

/** What a call from outside brought about, with the trace that the call named; left out: it named none, or none came. */
export interface Traced {
  trace?: string;
}

/** Hands a trace on, where there is one. */
export const tracedBy = ({ trace }: Traced): Traced => (trace === undefined ? {} : { trace });

/** A trace, 32 hex digits, that is the same every time for the same text. */
export const traceOfId = (text: string): string =>
  [`1${text}`, `2${text}`, `3${text}`]
    .map((one) => hash53(one).toString(16).padStart(14, "0").slice(-11))
    .join("")
    .slice(-32);

/** The trace of an event that came with none. @param owner whose: as of `makeId` */
export const traceOfEvent = (owner: string, id: string): string => traceOfId(`${owner} ${id}`);

/** The trace of a run: of the call that told of its event, named or not; one of its own where no event did. */
export const traceOfRun = (
  owner: string,
  { id, eventId, trace }: { id: string; eventId: string | null } & Traced,
): string => trace ?? (eventId === null ? traceOfId(id) : traceOfEvent(owner, eventId));

/** A number from 0 up to 100 that is the same every time for the same text. */
export const share = (text: string): number => (hash53(text) % 1_000_000) / 10_000;
