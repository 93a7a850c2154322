import type { SendResult } from "../connectors";

/*
 * What an isolate knows of a destination (a host as one school calls it) by how attempts went: how many deliveries may be
 * under way to it at once, and whether by the quick way. Pure: moments come in, in ms of real time.
 */

/** How long an answer may take and still be quick. */
const QUICK_MS = 2_000;
/** So many at once to whom is not known to answer: a batch has six connections for all that is in it. */
const SHARE = 3;
/** So many to whom is. */
const LARGER_SHARE = 16;
const MAX_LINED = 50;
/** So many failures in a row close the quick way. */
const MAX_FAILURES = 3;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 300_000;
/** Nothing stays here longer: what did not end has gone with the invocation it was in. */
const LONGEST_MS = 30_000;

/** By which queue a delivery comes. */
export type Speed = "quick" | "slow";

/** What one delivery takes up; `since` it was called for, or began to wait. */
export interface Slot {
  since: number;
}

export interface Destination {
  readonly underWay: Set<Slot>;
  /** Who waits for a slot. */
  readonly line: Set<Slot>;
  /** Whether the last attempt was answered by somebody in no trouble; and quickly. */
  works: boolean;
  isQuick: boolean;
  /** Attempts in a row that were not. */
  failures: number;
  /** How often in a row the quick way was closed, and until when it is. */
  closings: number;
  closedUntil: number;
  /** Until when the other side asked to be left alone. */
  askedUntil: number;
}

export const newDestination = (): Destination => ({
  underWay: new Set(),
  line: new Set(),
  works: false,
  isQuick: false,
  failures: 0,
  closings: 0,
  closedUntil: 0,
  askedUntil: 0,
});

/** Whether one more goes now, waits for a slot, or has to leave: for the slow queue, there for a later time. */
export function admit(destination: Destination, speed: Speed, now: number): "go" | "wait" | "leave" {
  const { underWay, line, works, isQuick, askedUntil, closedUntil } = destination;
  tidy(underWay, now);
  tidy(line, now);
  const mustBeQuick = speed === "quick";
  if (askedUntil > now || (mustBeQuick && closedUntil > now)) return "leave";
  if (underWay.size < ((mustBeQuick ? isQuick : works) ? LARGER_SHARE : SHARE)) return "go";
  const isStuck = mustBeQuick && [...underWay].some(({ since }) => now - since > QUICK_MS);
  return isStuck || line.size >= MAX_LINED ? "leave" : "wait";
}

/** Learns how an attempt went that took so long. */
export function learn(destination: Destination, result: SendResult, tookMs: number, now: number): void {
  // Nobody was called: it found no room at the vendor's rate.
  if (!result.ok && result.notYet) return;
  destination.works = !isTrouble(result);
  destination.isQuick = destination.works && tookMs <= QUICK_MS;
  if (!result.ok && result.retryAfterMs !== undefined) {
    const until = now + Math.min(result.retryAfterMs, LONGEST_PAUSE_MS);
    destination.askedUntil = Math.max(destination.askedUntil, until);
  }
  if (destination.isQuick) {
    destination.failures = destination.closings = destination.closedUntil = 0;
    return;
  }
  destination.failures++;
  // What was under way when it was closed does not close it for longer.
  if (destination.failures < MAX_FAILURES || destination.closedUntil > now) return;
  destination.closedUntil = now + growing(destination.closings++);
}

/**
 * Whether the other side itself is in trouble: it says nothing (no code), wants to be left alone (429, SMTP 421) or is
 * broken (5xx). What else it refuses is about that one delivery; so is an SMTP 5xx, which is final.
 */
const isTrouble = (result: SendResult): boolean =>
  !result.ok &&
  result.retry &&
  (result.code === undefined || result.code === 429 || result.code === 421 || result.code >= 500);

/**
 * In how many ms what has left the slow queue so many times before comes again: later each time where somebody is in
 * trouble, but not where there is only much to do.
 */
export const pauseMs = ({ askedUntil, works }: Destination, times: number, now: number): number =>
  Math.max(works ? FIRST_PAUSE_MS : growing(times), askedUntil - now);

const growing = (times: number): number => Math.min(FIRST_PAUSE_MS * 2 ** times, LONGEST_PAUSE_MS);

/** Takes away what has gone without a word. */
export function tidy(slots: Set<Slot>, now: number): void {
  for (const slot of slots) if (now - slot.since > LONGEST_MS) slots.delete(slot);
}
