import { afterEach, expect, test, vi } from "vitest";
import { newId, randomText } from "./ids";

afterEach(() => void vi.useRealTimers());

test("ids rise strictly within an isolate, within a millisecond and when the clock steps back", () => {
  vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ["Date"] });
  const ids = Array.from({ length: 40_000 }, () => newId("aut_"));
  vi.setSystemTime(1_700_000_000_000);
  ids.push(newId("aut_"));
  vi.setSystemTime(1_900_000_000_000);
  ids.push(newId("aut_"));
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
});

test("an id is its prefix and 20 characters of lower-case base 32", () => {
  expect(newId("sch_")).toMatch(/^sch_[0-9a-hjkmnp-tv-z]{20}$/);
});

test("what is random in ids is drawn anew for each, and a secret's is nobody else's", () => {
  const tails = Array.from({ length: 1_000 }, () => newId("sch_").slice(-8));
  expect(new Set(tails).size).toBe(tails.length);
  const secret = randomText(32);
  expect(secret).toMatch(/^[0-9a-hjkmnp-tv-z]{32}$/);
  expect(tails.some((tail) => secret.includes(tail))).toBe(false);
});
