import { expect, test } from "vitest";
import { nextAttempt, nextTurn } from "./backoff";

const HOUR = 3_600_000;

const attemptsOf = (retryAfterMs?: number): number[] => {
  const times = [0];
  for (let at: number | null = 0; at !== null && times.length < 100; ) {
    at = nextAttempt(times.length, 0, at, retryAfterMs);
    if (at !== null) times.push(at);
  }
  return times;
};

test("attempts lie further and further apart, and end after 24 hours", () => {
  const times = attemptsOf();
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  expect(times.length).toBeGreaterThan(8);
  expect(times.length).toBeLessThan(20);
  expect(gaps.slice(0, 4)).toEqual([10_000, 30_000, 90_000, 270_000]);
  expect(gaps.slice(0, -1)).toEqual(gaps.slice(0, -1).toSorted((a, b) => a - b));
  expect(times.at(-1)).toBe(24 * HOUR);
});

test("what the other side asks for is waited out, and never cut short", () => {
  expect(nextAttempt(1, 0, 0, 120_000)).toBe(120_000);
  expect(nextAttempt(5, 0, HOUR, 1_000)).toBe(HOUR + 810_000);
});

test("a wait that goes beyond the end leaves one attempt more, where it was asked for", () => {
  expect(nextAttempt(1, 0, 5, 24 * HOUR)).toBe(24 * HOUR + 5);
  expect(nextAttempt(1, 0, 20 * HOUR, 5 * HOUR)).toBe(25 * HOUR);
  expect(nextAttempt(2, 0, 25 * HOUR, 5 * HOUR)).toBeNull();
});

test("an attempt made late still gives up at the end", () => {
  expect(nextAttempt(3, 0, 24 * HOUR)).toBeNull();
  expect(nextAttempt(3, 0, 90 * HOUR)).toBeNull();
  expect(nextAttempt(12, 0, 23 * HOUR)).toBe(24 * HOUR);
});

test("a turn is asked for again within a stretch that doubles, up to ten minutes, never before it is said to come", () => {
  expect([0, 1, 2, 30].map((asked) => nextTurn(asked, 1, 0))).toEqual([10_000, 20_000, 40_000, 600_000]);
  expect(nextTurn(3, 0, 1_000, 500)).toBe(1_500);
  expect(nextTurn(0, 0.5, 0, 500)).toBe(5_500);
});
