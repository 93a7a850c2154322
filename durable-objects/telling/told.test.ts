import fc from "fast-check";
import { expect, test } from "vitest";
import { setEntry } from "../../src/base/record";
import type { Enrolment, Learner } from "../../src/catalogue/facts";
import { newState } from "../../src/engine/step";
import { emptyPacked } from "../packed";
import { isUntold, nowTold } from "./told";

const DAY_MS = 86_400_000;
const given = { by: "event", id: "evt_1", at: 1 } as const;
const enrolment = (product: string): Enrolment => ({
  ...{ type: "course", product, role: "student", enrolledAt: 1, knownAt: 1 },
  sources: [{ source: "event", endsAt: null, given }],
});

const id = fc.constantFrom("a", "b", "c");
const at = fc.integer({ min: 1, max: 4 * DAY_MS });
/** What events do to a learner: lists and records change in place, their items never. */
const change: fc.Arbitrary<(learner: Learner) => void> = fc.oneof(
  id.map((tag) => ({ tags }: Learner) => {
    tags.push(tag);
  }),
  fc.nat(3).map((place) => ({ tags }: Learner) => {
    tags.splice(place, 1);
  }),
  id.map((product) => ({ enrolments }: Learner) => {
    enrolments.push(enrolment(product));
  }),
  fc.nat(3).map((place) => ({ enrolments }: Learner) => {
    const one = enrolments[place];
    if (one) enrolments[place] = { ...one, sources: [] };
  }),
  id.map((segment) => ({ segments }: Learner) => {
    segments.unshift(segment);
  }),
  fc.tuple(id, at).map(([course, at]) => ({ lastSeen }: Learner) => {
    setEntry(lastSeen.courses, course, { at, order: 1 });
  }),
  id.map((course) => ({ lastSeen }: Learner) => {
    const { [course]: seen, ...others } = lastSeen.courses;
    lastSeen.courses = seen ? { ...others, [`${course}2`]: seen } : others;
  }),
  at.map((at) => ({ lastSeen }: Learner) => {
    lastSeen.school = { at, order: 1 };
  }),
  fc.tuple(id, at).map(([subscription, endsAt]) => ({ trials }: Learner) => {
    setEntry(trials, subscription, { startedAt: 1, endsAt, canceled: false, told: [] });
  }),
);

test("that the directory must hear of a user is found as if it were looked at for the first time", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(change, fc.constantFrom("look", "exact", "tell")), { maxLength: 30 }), (steps) => {
      const packed = { ...emptyPacked("live", 1), state: newState("anna", 1) };
      packed.told = nowTold(packed);
      for (const [act, then] of steps) {
        act(packed.state.learner);
        const exact = then === "exact";
        // Of a copy nothing is known from before.
        expect(isUntold(packed, exact)).toBe(isUntold({ ...packed, told: structuredClone(packed.told) }, exact));
        if (then === "tell") packed.told = nowTold(packed);
      }
    }),
    { numRuns: 500 },
  );
});
