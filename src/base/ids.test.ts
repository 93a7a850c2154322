import { afterEach, expect, test, vi } from "vitest";
import { newId } from "./ids";

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
