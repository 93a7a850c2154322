import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Gate, MARK_MS } from "./gate";

const RATE = { requests: 30, withinMs: 10_000 };

/** A gate that may be forgotten, with the rows it wrote. */
function gateInStorage() {
  const stored = { mark: 0, rows: 0 };
  const open = () =>
    new Gate(stored.mark, (until) => {
      stored.mark = until;
      stored.rows++;
    });
  return { stored, open };
}

/** The most that went within any stretch of a length. */
const mostWithin = (moments: readonly number[], ms: number): number =>
  Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + ms).length));

describe("a gate", () => {
  test("lets a burst through at once, and the rest a stretch later, in order of asking", () => {
    const gate = gateInStorage().open();
    const waits = Array.from({ length: 50 }, () => gate.admit(RATE, Number.POSITIVE_INFINITY, 1_000));
    expect(waits).toEqual([...Array(30).fill(0), ...Array(20).fill(10_000)]);
  });

  test("gives no place to who will not wait so long", () => {
    const gate = gateInStorage().open();
    for (let n = 0; n < 30; n++) expect(gate.admit(RATE, 0, 1_000)).toBe(0);
    for (let n = 0; n < 100; n++) expect(gate.admit(RATE, 2_000, 5_000)).toBe(6_000);
    expect(gate.admit(RATE, 2_000, 9_000)).toBe(2_000);
    expect(gate.admit(RATE, 0, 11_000)).toBe(0);
  });

  test("forgets nothing when it wakes up: it waits a stretch from the mark on, and not at all after a pause", () => {
    const { open } = gateInStorage();
    expect(open().admit(RATE, 0, 1_000)).toBe(0);
    expect(open().admit(RATE, 0, 1_001)).toBe(MARK_MS + RATE.withinMs - 1);
    expect(open().admit(RATE, 0, 1_000 + MARK_MS + RATE.withinMs)).toBe(0);
  });

  test("writes a row a burst, and one a second of steady traffic", () => {
    const { stored, open } = gateInStorage();
    const gate = open();
    for (let n = 0; n < 30; n++) gate.admit(RATE, 0, 1_000);
    expect(stored.rows).toBe(1);
    for (let at = 20_000; at < 80_000; at += 400) gate.admit(RATE, 0, at);
    expect(stored.rows).toBeLessThanOrEqual(61);
  });

  test("never lets more through than the rate within any stretch, whenever it forgets and the clock steps back", () => {
    const ask = fc.record({
      passesMs: fc.oneof(fc.integer({ min: -50, max: 400 }), fc.integer({ min: 0, max: 15_000 })),
      mostMs: fc.constantFrom(0, 2_000, Number.POSITIVE_INFINITY),
      forgets: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    });
    const rate = fc.record({ requests: fc.integer({ min: 1, max: 5 }), withinMs: fc.constantFrom(1, 1_000, 10_000) });
    fc.assert(
      fc.property(rate, fc.array(ask, { maxLength: 80 }), (asked, asks) => {
        const { open } = gateInStorage();
        let gate = open();
        let now = 1_000_000;
        const moments: number[] = [];
        for (const { passesMs, mostMs, forgets } of asks) {
          now += passesMs;
          if (forgets) gate = open();
          const wait = gate.admit(asked, mostMs, now);
          if (wait <= mostMs) moments.push(now + wait);
          expect(wait).toBeGreaterThanOrEqual(0);
        }
        expect(mostWithin(moments, asked.withinMs)).toBeLessThanOrEqual(asked.requests);
        expect(moments).toEqual(moments.toSorted((one, other) => one - other));
      }),
      { numRuns: 300 },
    );
  });
});
