import fc from "fast-check";
import { expect, test } from "vitest";
import { newLearner } from "./facts";
import { presentedText, presentLearner } from "./present";

const NOW = Date.UTC(2031, 0, 1);
const SCHOOL = { segments: new Map([["gold", { managed: false }]]) };
const given = { by: "event", id: "evt_1", at: NOW } as const;

test("a user as text is the user, also when it is asked for again and something was changed", () => {
  const course = fc.record({ id: fc.string({ minLength: 1 }), end: fc.option(fc.nat()), percent: fc.nat(100) });
  fc.assert(
    fc.property(fc.uniqueArray(course, { selector: ({ id }) => id }), fc.nat(), (courses, n) => {
      const learner = { ...newLearner("anna", NOW, NOW), segments: ["gold", "gone"], tags: ["vip"] };
      for (const { id: product, end, percent } of courses) {
        const sources = [{ source: "event", endsAt: end, given, ...(percent > 50 ? { paid: true as const } : {}) }];
        learner.enrolments.push({ type: "course", product, role: "student", enrolledAt: NOW, knownAt: NOW, sources });
        const record = { startedAt: end, percent, activities: [], completedAt: null, certificateAt: null };
        Object.defineProperty(learner.courses, product, { value: record, enumerable: true, writable: true });
      }
      expect(JSON.parse(presentedText(learner, SCHOOL))).toEqual(
        JSON.parse(JSON.stringify(presentLearner(learner, SCHOOL))),
      );
      const [first] = learner.enrolments.splice(n % (courses.length + 1), 1);
      if (first) learner.enrolments.push({ ...first, role: "teacher" });
      expect(presentedText(learner, SCHOOL)).toBe(JSON.stringify(presentLearner(learner, SCHOOL)));
    }),
  );
});
