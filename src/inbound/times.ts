import { formatInstant, isOfOurTime } from "../catalogue/time";

/* The times of senders who cannot be told that they are wrong. */

const AHEAD_MS = 5 * 60_000;

/**
 * When something happened, or undefined where the sender's clock runs ahead of the school's, or says nothing: it then
 * happened now.
 * @param at ms since 1970
 * @param now the school's time, ms
 */
export const pastTime = (at: number | undefined, now: number): string | undefined =>
  at === undefined || at <= 0 || at > now + AHEAD_MS ? undefined : formatInstant(at);

/** A time that may lie ahead; senders write 0, and less, for none. */
export const anyTime = (at: number | undefined): string | undefined =>
  at === undefined || at <= 0 || !isOfOurTime(at) ? undefined : formatInstant(at);
