import { expect, test } from "vitest";
import { newLearner } from "../../catalogue/facts/facts";
import { newState, step } from "../step";
import { testWorld } from "../test-world";
import type { Run } from "../types";
import { callState } from "./course-ids";

const courseId = (named: string) => (named === "MATH" ? "7" : named);
const NOW = Date.UTC(2026, 0, 1);
const automation = {
  when: [{ type: "course.enrolled", courses: ["MATH"] }],
  then: [
    { type: "wait", for: "P1D" },
    { type: "course.enroll", courses: ["$trigger"] },
  ],
  reentry: "once",
  reentry_per: "trigger",
};
const event = (type: string, data: Record<string, unknown>) =>
  ({
    kind: "import",
    attributes: {},
    tags: [],
    event: { type, data },
    fire: true,
    origin: { by: "import", id: null },
  }) as const;

const before = testWorld({ a: automation });
const after = { ...testWorld({ a: automation }, { courseId }), stamp: 2 };

test("what is known of a user goes by the id of a course once that is learned, and is remembered as one", () => {
  const state = newState("anna", NOW);
  step(state, event("course.enrolled", { course: "MATH", role: "tutor", expires_at: Date.UTC(2026, 2) }), before, NOW);
  step(state, event("course.completed", { course: "MATH" }), before, NOW);
  step(state, event("course.enrolled", { course: "7" }), before, NOW + 1);
  expect(state.learner.enrolments.map(({ product }) => product)).toEqual(["MATH", "7"]);
  expect(state.runs).toHaveLength(1);
  const { effects, before: due } = step(state, { kind: "align", fire: false }, after, NOW + 2);
  expect([effects.facts, due.facts, effects.changes, due.changes, due.renamed]).toEqual([[], [], [], [], true]);
  expect(state.learner.enrolments).toMatchObject([{ product: "7", enrolledAt: NOW, sources: [{ endsAt: null }] }]);
  expect(state.learner.courses).toMatchObject({ "7": { completedAt: NOW } });
  expect(Object.keys(state.learner.courses)).toEqual(["7"]);
  expect(Object.keys(state.starts)).toEqual(["a", 'a [["course","7"]]']);
  expect(state.runs).toMatchObject([{ trigger: { data: { course: "7" } }, subject: '[["course","7"]]' }]);
  // By either id it has started for it.
  step(state, event("course.unenrolled", { course: "MATH" }), after, NOW + 3);
  expect(state.learner.enrolments).toEqual([]);
});

test("whatever a learner has of a course is called so, and both parts of what is there twice are kept", () => {
  const state = newState("anna", NOW);
  const seen = (at: number) => ({ at, order: at });
  state.learner = {
    ...newLearner("anna", NOW, NOW),
    certificates: [{ course: "MATH", certificate: "c", at: 1, expiresAt: 2 }],
    lastSeen: { school: null, app: null, courses: { MATH: seen(2), "7": seen(1) }, appCourses: { MATH: seen(3) } },
    refundable: {
      p1: { type: "course", product: "MATH", left: 1 },
      p2: { type: "bundle", product: "MATH", left: 1 },
    },
  };
  state.ahead = [{ id: "r", course: "MATH", at: NOW, fire: false, by: null }];
  state.away = { '["a","course","MATH",3]': 5, '["a","course","7",3]': 6, '["a","school","MATH",3]': 1 };
  state.dates = {
    '["a","[{\\"of\\":\\"course.ends_at\\"},null]","MATH"]': { at: 1 },
    '["a","[{\\"of\\":\\"certificate.expires_at\\"},null]","[\\"MATH\\",\\"c\\"]"]': { at: 2 },
    '["a","[{\\"field\\":\\"born\\"},null]",""]': { at: 3 },
  };
  const changed = new Set<Run>();
  expect(callState(state, courseId, changed)).toBe(true);
  expect([...changed]).toEqual(state.runs);
  expect(state.learner.certificates).toMatchObject([{ course: "7" }]);
  expect(state.learner.lastSeen).toMatchObject({ courses: { "7": { at: 2 } }, appCourses: { "7": { at: 3 } } });
  expect(state.learner.refundable).toMatchObject({ p1: { product: "7" }, p2: { product: "MATH" } });
  expect(state.ahead).toMatchObject([{ course: "7" }]);
  expect(state.away).toEqual({ '["a","course","7",3]': 6, '["a","school","MATH",3]': 1 });
  expect(Object.keys(state.dates).sort()).toEqual(
    [
      '["a","[{\\"of\\":\\"course.ends_at\\"},null]","7"]',
      '["a","[{\\"of\\":\\"certificate.expires_at\\"},null]","[\\"7\\",\\"c\\"]"]',
      '["a","[{\\"field\\":\\"born\\"},null]",""]',
    ].sort(),
  );
  expect(callState(state, courseId, changed)).toBe(false);
});
