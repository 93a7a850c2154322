import type { SendResult } from "../connectors";

/*
 * What an isolate knows of a destination (a host as one school calls it) by how attempts went: how many of it may be
 * under way at once, and whether they may go by the quick way. Pure: moments come in, in ms of real time.
 */

/** How long a destination may take and still be quick. */
export const QUICK_MS = 2_000;
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
export type Pace = "quick" | "slow";

/** A delivery that is here; `since` it was called for, or began to wait. */
export interface Place {
  since: number;
}

export interface Lane {
  readonly underWay: Set<Place>;
  /** Who waits until there is a place. */
  readonly line: Set<Place>;
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

export const newLane = (): Lane => ({
  underWay: new Set(),
  line: new Set(),
  works: false,
  isQuick: false,
  failures: 0,
  closings: 0,
  closedUntil: 0,
  askedUntil: 0,
});

/** Whether one more goes now, waits for a place, or has to leave: for the slow queue, there for a later time. */
export function turnOf(lane: Lane, pace: Pace, now: number): "go" | "wait" | "leave" {
  tidy(lane.underWay, now);
  tidy(lane.line, now);
  const isQuick = pace === "quick";
  if (lane.askedUntil > now || (isQuick && lane.closedUntil > now)) return "leave";
  if (lane.underWay.size < ((isQuick ? lane.isQuick : lane.works) ? LARGER_SHARE : SHARE)) return "go";
  const isStuck = isQuick && [...lane.underWay].some(({ since }) => now - since > QUICK_MS);
  return isStuck || lane.line.size >= MAX_LINED ? "leave" : "wait";
}

/** Learns how an attempt went that took so long. */
export function learn(lane: Lane, sending: SendResult, tookMs: number, now: number): void {
  lane.works = !isTrouble(sending);
  lane.isQuick = lane.works && tookMs <= QUICK_MS;
  if (!sending.ok && sending.retryAfterMs !== undefined) {
    const asked = Math.min(sending.retryAfterMs, LONGEST_PAUSE_MS);
    lane.askedUntil = Math.max(lane.askedUntil, now + asked);
  }
  if (lane.isQuick) {
    lane.failures = lane.closings = lane.closedUntil = 0;
    return;
  }
  lane.failures++;
  // What was under way when it was closed does not close it for longer.
  if (lane.failures >= MAX_FAILURES && lane.closedUntil <= now) lane.closedUntil = now + growing(lane.closings++);
}

/**
 * Whether the other side itself is in trouble: it says nothing (no code), wants to be left alone (429, SMTP 421) or is
 * broken (5xx). What else it refuses is about that one delivery; so is an SMTP 5xx, which is final.
 */
const isTrouble = (sending: SendResult): boolean =>
  !sending.ok &&
  sending.retry &&
  (sending.code === undefined || sending.code === 429 || sending.code === 421 || sending.code >= 500);

/** In how many ms what has left so many times before comes again. */
export const pauseMs = (lane: Lane, times: number, now: number): number =>
  Math.max(growing(times), lane.askedUntil - now);

const growing = (times: number): number => Math.min(FIRST_PAUSE_MS * 2 ** times, LONGEST_PAUSE_MS);

/** Takes away what has gone without a word. */
export function tidy(places: Set<Place>, now: number): void {
  for (const place of places) if (now - place.since > LONGEST_MS) places.delete(place);
}
