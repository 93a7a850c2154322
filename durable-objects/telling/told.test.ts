import fc from "fast-check";
import { expect, test } from "vitest";
import { setEntry } from "../../src/base/record";
import type { Packed } from "../../src/calls/shape";
import type { Watch } from "../../src/catalogue/define";
import type { Enrolment, Learner } from "../../src/catalogue/facts/facts";
import { newState } from "../../src/engine/step";
import type { UserState } from "../../src/engine/types";
import { countingLooks } from "../../test/gone-through";
import { emptyPacked } from "../packed/packed";
import { heard, isUntold, noteTouched, nowTold } from "./told";

const DAY_MS = 86_400_000;
const given = { by: "event", id: "evt_1", at: 1 } as const;
const enrolment = (product: string): Enrolment => ({
  ...{ type: "course", product, role: "student", enrolledAt: 1, knownAt: 1 },
  sources: [{ source: "event", endsAt: null, given }],
});

const id = fc.constantFrom("a", "b", "c");
const at = fc.integer({ min: 1, max: 4 * DAY_MS });
/** What events do to a learner: lists are replaced, records change in place, their items never. */
const change: fc.Arbitrary<(learner: Learner) => void> = fc.oneof(
  id.map((tag) => (learner: Learner) => {
    learner.tags = [...learner.tags, tag];
  }),
  fc.nat(3).map((place) => (learner: Learner) => {
    learner.tags = learner.tags.toSpliced(place, 1);
  }),
  id.map((product) => (learner: Learner) => {
    learner.enrolments = [...learner.enrolments, enrolment(product)];
  }),
  fc.nat(3).map((place) => (learner: Learner) => {
    const one = learner.enrolments[place];
    if (one) learner.enrolments = learner.enrolments.with(place, { ...one, sources: [] });
  }),
  id.map((segment) => (learner: Learner) => {
    learner.segments = [segment, ...learner.segments];
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

const watched = fc.subarray<Watch["scope"]>(["app", "course", "app_course", "trial"]);

test("that the directory must hear of a user is found as if it were looked at for the first time", () => {
  const then = fc.constantFrom("look", "exact", "tell");
  fc.assert(
    fc.property(fc.array(fc.tuple(change, fc.option(watched), then), { maxLength: 30 }), (steps) => {
      const packed: Packed & { state: UserState } = { ...emptyPacked("live", 1), state: newState("anna", 1) };
      packed.told = nowTold(packed);
      for (const [act, begins, then] of steps) {
        act(packed.state.learner);
        if (begins) packed.watched = begins;
        const exact = then === "exact";
        // Of a copy nothing is known from before.
        expect(isUntold(packed, exact)).toBe(isUntold({ ...packed, told: structuredClone(packed.told) }, exact));
        if (then === "tell") packed.told = nowTold(packed);
      }
    }),
    { numRuns: 500 },
  );
});

test("what the directory was told is compared once, and what differs from it noted once: then no list is gone through", () => {
  const packed: Packed & { state: UserState } = { ...emptyPacked("live", 1), state: newState("anna", 1), watched: [] };
  const tags = countingLooks(Array.from({ length: 500 }, (_, n) => `tag ${n}`));
  packed.state.learner.tags = tags.list;
  const looksOf = (act: () => void): number => {
    const before = tags.looks();
    act();
    return tags.looks() - before;
  };
  expect(looksOf(() => noteTouched(packed))).toBeGreaterThan(0);
  expect(Object.keys(packed.touched)).toHaveLength(501);
  expect(looksOf(() => noteTouched(packed))).toBe(0);
  heard(packed, packed.seq, nowTold(packed));
  expect(looksOf(() => expect(isUntold(packed, false)).toBe(false))).toBeGreaterThan(0);
  expect(looksOf(() => expect(isUntold(packed, false)).toBe(false))).toBe(0);
  packed.state.learner.tags = [...tags.list, "one more"];
  expect(isUntold(packed, false)).toBe(true);
  noteTouched(packed);
  expect(Object.keys(packed.touched)).toEqual(['m["tag","one more"]']);
});

test("the directory hears of what is watched and of the last visit to the school, and keeps what it heard of the rest", () => {
  const scopes = (activity: Readonly<Record<string, number>>) => Object.keys(activity).map((key) => JSON.parse(key)[0]);
  const packed: Packed & { state: UserState } = { ...emptyPacked("live", 1), state: newState("anna", 1), watched: [] };
  packed.state.learner.enrolments = [enrolment("js-101")];
  packed.told = nowTold(packed);
  expect(scopes(packed.told.activity)).toEqual(["school"]);

  setEntry(packed.state.learner.lastSeen.courses, "js-101", { at: 5 * DAY_MS, order: 1 });
  expect(isUntold(packed, true), "nobody watches courses").toBe(false);
  packed.watched = ["course"];
  expect(isUntold(packed, false), "somebody does").toBe(true);
  packed.told = nowTold(packed);
  expect(packed.told.activity).toMatchObject({ '["course","js-101"]': 5 * DAY_MS });

  packed.watched = [];
  setEntry(packed.state.learner.lastSeen.courses, "js-101", { at: 9 * DAY_MS, order: 2 });
  expect(isUntold(packed, true), "nobody does any more").toBe(false);
  packed.state.learner.enrolments = [];
  expect(isUntold(packed, true), "what it knew of is gone").toBe(true);
  packed.told = nowTold(packed);
  expect(scopes(packed.told.activity)).toEqual(["school"]);
});
