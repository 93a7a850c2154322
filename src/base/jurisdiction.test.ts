import * as fc from "fast-check";
import { expect, test } from "vitest";
import { epochAfter, JURISDICTIONS, jurisdictionOf } from "./jurisdiction";

const jurisdictions = fc.constantFrom(null, ...JURISDICTIONS);

test("schools of no jurisdiction are counted as ever", () => {
  expect([0, 1, 2, 41].map((before) => epochAfter(before, null))).toEqual([1, 2, 3, 42]);
  expect([1, 2, 42, 999].map(jurisdictionOf)).toEqual([null, null, null, null]);
});

test("whatever schools an id had, each epoch tells its school's jurisdiction, and is later than all before it", () => {
  fc.assert(
    fc.property(fc.array(jurisdictions, { maxLength: 40 }), (made) => {
      let before = 0;
      for (const jurisdiction of made) {
        const epoch = epochAfter(before, jurisdiction);
        expect(epoch).toBeGreaterThan(before);
        expect(jurisdictionOf(epoch)).toBe(jurisdiction);
        before = epoch;
      }
    }),
  );
});
