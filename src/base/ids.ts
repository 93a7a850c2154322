/** What we make ids for outside the engine, whose ids derive from their cause. */
export type IdPrefix = "aut_" | "seg_" | "job_" | "sch_" | "key_" | "syn_" | "rul_" | "agr_" | "aud_";

/** Crockford's base 32 in lower case: ascending in ASCII, no letters that look like digits. */
export const BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";

const TIME_DIGITS = 9;
const COUNTER_DIGITS = 3;
const RANDOM_DIGITS = 8;
const COUNTER_END = 32 ** COUNTER_DIGITS;

let lastMs = 0;
let counter = 0;

/**
 * A new id: the prefix, the time in ms, a counter within that ms and 40 random bits, in base 32.
 * Sorts by time; within an isolate each is greater than the one before, even when the clock steps back.
 */
export function newId(prefix: IdPrefix): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter === COUNTER_END) {
    lastMs++;
    counter = 0;
  }
  return prefix + base32(lastMs, TIME_DIGITS) + base32(counter, COUNTER_DIGITS) + randomText(RANDOM_DIGITS);
}

/** A number as `digits` digits of base 32. */
export function base32(value: number, digits: number): string {
  let text = "";
  for (let rest = value; text.length < digits; rest = Math.floor(rest / 32)) text = BASE32.charAt(rest % 32) + text;
  return text;
}

/** Random text of base 32: 5 bits a character. */
export function randomText(length: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => BASE32.charAt(byte & 31)).join("");
}
