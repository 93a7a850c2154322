const FIRST_MS = 10_000;
const FACTOR = 3;
const LONGEST_MS = 6 * 3_600_000;
const TOTAL_MS = 24 * 3_600_000;

const FIRST_TURN_MS = 10_000;
const LONGEST_TURN_MS = 10 * 60_000;

/**
 * When to ask for a turn again, where a vendor's rate had no room: at a moment of a stretch that doubles each time, up to
 * ten minutes. So of many that wait few ask at once, and some at any time.
 * @param asked how often before
 * @param lot from 0 to 1: where in the stretch
 * @returns real time, ms
 */
export const nextTurn = (asked: number, lot: number, now: number, retryAfterMs = 0): number =>
  now + retryAfterMs + Math.floor(lot * Math.min(FIRST_TURN_MS * 2 ** asked, LONGEST_TURN_MS));

/**
 * When a delivery is tried again: 10 s after the first failure, then three times as long each time, 6 hours at most,
 * with a last attempt 24 hours after the first, or when the other side asked for it, a day later at most. No jitter:
 * every user's object asks for itself, so attempts lie apart.
 * @param attempts made so far, 1 or more
 * @param firstAt when the first was made, real time, ms
 * @param retryAfterMs what the other side asked for
 * @returns real time, ms, after `now`; null when it is time to give up
 */
export function nextAttempt(attempts: number, firstAt: number, now: number, retryAfterMs = 0): number | null {
  const last = firstAt + TOTAL_MS;
  const delay = Math.min(FIRST_MS * FACTOR ** Math.max(attempts - 1, 0), LONGEST_MS);
  if (now >= last) return null;
  return Math.max(Math.min(now + delay, last), now + retryAfterMs);
}
