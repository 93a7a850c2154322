import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventOf } from "../catalogue";
import { asLmsWould, differenceOf, type LmsEnrolled } from "../catalogue/enrolment/drift";
import type { Input } from "./inputs/input";
import { play } from "./play";
import { newState, step } from "./step";
import { testWorld } from "./test-world";
import type { UserState } from "./types";

const START = Date.UTC(2026, 0, 5, 9);
const LATER = START + 86_400_000;
const COURSE = "c1";
const origin = { by: "reconcile", id: "mia@acme.com" } as const;

/** A school whose automations start from whatever becomes of an enrolment. */
const world = testWorld({
  hears: {
    synchronous: true,
    when: ["enrolled", "unenrolled", "suspended", "resumed"].map((what) => ({ type: `course.${what}` })),
    then: [{ type: "tags.add", tags: ["ran"] }],
  },
});

function userWith(...events: [type: string, data: Record<string, unknown>][]): UserState {
  const state = newState("anna", START);
  for (const [n, [type, data]] of events.entries()) {
    const event = eventOf(type);
    if (!event) throw new Error(type);
    step(state, { kind: "event", id: `e${n}`, event, type, data, attributes: {}, at: START }, world, START);
  }
  state.learner.tags = [];
  return state;
}
const take = (state: UserState, theirs: LmsEnrolled | null, side: "theirs" | "ours") => {
  const input: Input = { kind: "reconcile", course: COURSE, theirs, side, quiet: true, origin };
  const { effects } = step(state, input, world, LATER);
  return {
    facts: effects.facts.map(({ type, quiet }) => [type, quiet]),
    told: effects.changes.map(({ type, data, cause }) => [type, data, cause]),
    runs: effects.begun.length,
  };
};
const cause = { type: "reconcile", id: origin.id };
const there = (more: Partial<LmsEnrolled> = {}): LmsEnrolled => ({ role: "student", suspended: false, ...more });
const enrolled: [string, Record<string, unknown>] = ["course.enrolled", { course: COURSE, role: "student" }];
const suspended: [string, Record<string, unknown>] = ["course.suspended", { course: COURSE }];

describe("by our word the LMS is told, with the cause reconcile, what we have", () => {
  test.each([
    [
      "enrolled here alone",
      [enrolled],
      null,
      "course.enrolled",
      { role: "student", expires_at: null, source: "event" },
    ],
    ["enrolled there alone", [], there({ role: "4" }), "course.unenrolled", { role: "4", expires_at: null }],
    ["suspended there", [enrolled], there({ suspended: true }), "course.resumed", { role: "student" }],
    ["suspended here", [enrolled, suspended], there(), "course.suspended", { role: "student" }],
    ["another role", [enrolled], there({ role: "4" }), "course.enrolled", { role: "student", renews: true }],
    ["another end", [enrolled], there({ expiresAt: LATER }), "course.enrolled", { expires_at: null, renews: true }],
  ] as const)("%s", (_, events, theirs, type, data) => {
    const state = userWith(...events);
    const before = structuredClone(state.learner);
    const { facts, told, runs } = take(state, theirs, "ours");
    expect(told).toEqual([[type, expect.objectContaining({ course: COURSE, ...data }), cause]]);
    expect([facts, runs, state.learner]).toEqual([[], 0, before]);
  });
});

describe("by their word it becomes so here, in quiet, and nothing is told", () => {
  test.each([
    ["enrolled here alone", [enrolled], null, ["course.unenrolled"]],
    ["enrolled there alone", [], there({ role: "4", expiresAt: LATER + 1_000 }), ["course.enrolled"]],
    ["suspended there", [enrolled], there({ suspended: true }), ["course.suspended"]],
    ["suspended here", [enrolled, suspended], there(), ["course.resumed"]],
    ["another role and end", [enrolled], there({ role: "4", expiresAt: LATER + 1_000 }), []],
  ] as const)("%s", (_, events, theirs, facts) => {
    const state = userWith(...events);
    const done = take(state, theirs, "theirs");
    expect(done).toEqual({ facts: facts.map((type) => [type, true]), told: [], runs: 0 });
    expect(state.learner.tags).toEqual([]);
    expect(differenceOf(state.learner, COURSE, theirs)).toBeNull();
    for (const { sources } of state.learner.enrolments) expect(sources).toHaveLength(1);
  });

  test("an LMS that does not tell of role or end changes neither", () => {
    const state = userWith(["course.enrolled", { course: COURSE, role: "tutor", expires_at: LATER + 5_000 }]);
    const before = structuredClone(state.learner.enrolments);
    expect(take(state, there({ role: null }), "theirs").facts).toEqual([]);
    expect(state.learner.enrolments).toEqual(before);
  });
});

const ofTheirs = fc.option(
  fc.record(
    {
      role: fc.constantFrom("student", "4", null),
      suspended: fc.boolean(),
      expiresAt: fc.constantFrom(null, LATER + 5_500),
    },
    { requiredKeys: ["role", "suspended"] },
  ),
);
const ofOurs = fc.array(
  fc.oneof(
    fc.constantFrom<[string, Record<string, unknown>]>(
      suspended,
      ["course.resumed", { course: COURSE }],
      ["course.unenrolled", { course: COURSE }],
      ["bundle.enrolled", { bundle: "b", courses: [COURSE] }],
      ["bundle.unenrolled", { bundle: "b" }],
    ),
    fc
      .record({ role: fc.constantFrom("student", "4"), expires_at: fc.constantFrom(LATER + 5_000, undefined) })
      .map((more): [string, Record<string, unknown>] => ["course.enrolled", { course: COURSE, ...more }]),
  ),
  { maxLength: 6 },
);

test("whatever both sides have, by their word nothing differs after it; by ours nothing changes, and something is told where it differs", () => {
  fc.assert(
    fc.property(ofOurs, ofTheirs, (events, theirs) => {
      const ours = userWith(...events);
      const difference = differenceOf(ours.learner, COURSE, theirs);
      const before = structuredClone(ours.learner);
      expect(take(ours, theirs, "ours").told).toHaveLength(difference ? 1 : 0);
      expect(ours.learner).toEqual(before);
      const made = take(ours, theirs, "theirs");
      expect(made.told).toEqual([]);
      expect(differenceOf(ours.learner, COURSE, theirs)).toBeNull();
      if (!difference) expect(ours.learner).toEqual(before);
      const [one] = ours.learner.enrolments.filter(({ product }) => product === COURSE);
      if (one) expect(differenceOf(ours.learner, COURSE, asLmsWould(one))).toBeNull();
    }),
  );
});

test("it is played again as it was played", () => {
  const input = { kind: "reconcile", course: COURSE, theirs: there(), side: "theirs", quiet: true, origin } as const;
  const played = () => {
    const moment = { input: { ...input, isNew: true as const }, eventId: null, at: LATER };
    const { state, effects } = play(null, "anna", moment, world);
    return JSON.stringify([state, effects.facts]);
  };
  expect(played()).toBe(played());
  expect(played()).toContain('"by":"reconcile"');
});
