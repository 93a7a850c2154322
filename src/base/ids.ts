import { AsyncLocalStorage } from "node:async_hooks";
import { onForget } from "./cache";

/** What we make ids for outside the engine, whose ids derive from their cause. */
export type IdPrefix =
  | "aut_"
  | "seg_"
  | "job_"
  | "sch_"
  | "key_"
  | "syn_"
  | "rul_"
  | "agr_"
  | "aud_"
  | "evt_"
  | "enm_"
  | "unm_"
  | "sup_"
  | "dead_";

/** Crockford's base 32 in lower case: ascending in ASCII, no letters that look like digits. */
export const BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";

const TIME_DIGITS = 9;
const COUNTER_DIGITS = 3;
const RANDOM_DIGITS = 8;
const COUNTER_END = 32 ** COUNTER_DIGITS;

let lastMs = 0;
let counter = 0;
onForget(() => {
  lastMs = counter = 0;
});

/**
 * A new id: the prefix, the time in ms, a counter within that ms and 40 random bits, in base 32.
 * Sorts by time; within an isolate each is greater than the one before, even when the clock steps back.
 */
export function newId(prefix: IdPrefix): string {
  const seeded = seeds.getStore();
  if (seeded) return prefix + timeText(seeded.at) + base32(seeded.next++, COUNTER_DIGITS) + seeded.tail;
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter === COUNTER_END) {
    lastMs++;
    counter = 0;
  }
  return prefix + timeText(lastMs) + base32(counter, COUNTER_DIGITS) + randomTail();
}

/** What the ids of a request that may come again are made from. */
export interface IdSeed {
  /** When it came first, ms. */
  at: number;
  /** A digest of all that makes it the same request: at least 8 characters. */
  digest: string;
}

interface Seeded {
  at: number;
  tail: string;
  next: number;
}

/** A request's own, wherever an id is made in it: its verbs need not hand it down. */
const seeds = new AsyncLocalStorage<Seeded>();

const tailOf = ({ digest }: IdSeed): string =>
  Array.from(digest.slice(0, RANDOM_DIGITS), (letter) => BASE32.charAt(letter.charCodeAt(0) & 31)).join("");
const timeText = (ms: number): string => base32(ms, TIME_DIGITS);

/**
 * Does something with ids that derive from a request: done again for the same request, it makes the same ones, so that
 * what was written the first time refuses to be written again.
 */
export const withIdsFrom = <T>(seed: IdSeed, act: () => Promise<T>): Promise<T> =>
  seeds.run({ at: seed.at, tail: tailOf(seed), next: 0 }, act);

/** Whether a copy of the request at hand may come: ids made in it are made again then. */
export const mayComeAgain = (): boolean => seeds.getStore() !== undefined;

/** What ids of a kind that were made at a moment, ms, or later come after. */
export const idFrom = (prefix: IdPrefix, at: number): string => prefix + timeText(Math.max(0, at));

/** All ids of a kind that a request can have made: they lie between two, and end alike. */
export const idsOf = (prefix: IdPrefix, seed: IdSeed): { from: string; below: string; tail: string } => ({
  from: prefix + timeText(seed.at),
  below: prefix + timeText(seed.at + 1),
  tail: tailOf(seed),
});

/** A number as `digits` digits of base 32. */
export function base32(value: number, digits: number): string {
  let text = "";
  for (let rest = value; text.length < digits; rest = Math.floor(rest / 32)) text = BASE32.charAt(rest % 32) + text;
  return text;
}

/** Random text of base 32: 5 bits a character. */
export function randomText(length: number): string {
  return textOf(crypto.getRandomValues(new Uint8Array(length)));
}

/** An event makes an id, and a few bytes cost as much to ask for as many. Secrets are never cut from here. */
const drawn = new Uint8Array(RANDOM_DIGITS * 128);
let used = drawn.length;

function randomTail(): string {
  if (used === drawn.length) {
    crypto.getRandomValues(drawn);
    used = 0;
  }
  used += RANDOM_DIGITS;
  return textOf(drawn.subarray(used - RANDOM_DIGITS, used));
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += BASE32.charAt(byte & 31);
  return text;
}
