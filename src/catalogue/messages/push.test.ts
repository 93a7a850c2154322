import fc from "fast-check";
import { expect, test } from "vitest";
import { fittingPush } from "./push";

const bytes = (push: object): number => new TextEncoder().encode(JSON.stringify(push)).length;

test("a push that fits stays as it is, and any other is cut to what a service takes, between letters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 6_000, size: "max" }), (body) => {
      const push = { title: "Hi", body };
      const cut = fittingPush(push);
      expect(bytes(cut)).toBeLessThanOrEqual(4_096);
      if (bytes(push) <= 4_000) expect(cut).toEqual(push);
      else {
        expect(cut.body.endsWith("…")).toBe(true);
        expect(body.startsWith(cut.body.slice(0, -1))).toBe(true);
        expect(bytes(cut)).toBeGreaterThan(3_900);
      }
    }),
    { numRuns: 30 },
  );
});
