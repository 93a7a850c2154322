import { trimmed } from "../base/text/text";
import { formatInstant, isOfOurTime, parseInstant } from "../catalogue/dates/time";
import { momentOfNumber, timeOfText } from "../catalogue/options/readings";
import { numberIn } from "./read";

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

/** Below this a number is no time that a clock would show. */
const FIRST_SECOND = 1e9;

/** A time as senders write it: RFC 3339, what is close to it, seconds or milliseconds; ms, or undefined. */
export function momentIn(value: unknown): number | undefined {
  const text = typeof value === "string" ? trimmed(value) : "";
  const written = parseInstant(text) ?? parseInstant(timeOfText(text) ?? "");
  if (written !== null) return written;
  const number = numberIn(value);
  return number === undefined || number < FIRST_SECOND ? undefined : (momentOfNumber(number) ?? undefined);
}

/** A clock that is so close to ours shows the right time: a message is under way for a while. */
const RIGHT_MS = 60_000;

/**
 * When something happened by a clock that may be wrong: put right by what it showed when the message was sent.
 * @param at what the clock showed then, and @param sentAt when it was sent; ms
 * @param receivedAt the school's time when it came
 */
export function byRightClock(at: number, sentAt: number | undefined, receivedAt: number): number {
  const late = sentAt === undefined ? 0 : receivedAt - sentAt;
  return Math.abs(late) <= RIGHT_MS ? at : at + late;
}
