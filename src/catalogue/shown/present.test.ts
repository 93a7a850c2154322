import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { countingLooks } from "../../../test/gone-through";
import { removeEntry, setEntry } from "../../base/record";
import { textOf } from "../../base/text/parts";
import { newLearner } from "../facts/facts";
import { presentedParts, presentLearner } from "./present";

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
        const one = { type: "course", product, role: "student", enrolledAt: NOW, knownAt: NOW, sources } as const;
        learner.enrolments = [...learner.enrolments, one];
        const record = { startedAt: end, percent, activities: [], completedAt: null, certificateAt: null };
        setEntry(learner.courses, product, record);
        if (percent > 30) setEntry(learner.lastSeen.courses, product, { at: NOW + percent, order: 1 });
      }
      expect(JSON.parse(textOf(presentedParts(learner, SCHOOL)))).toEqual(
        JSON.parse(JSON.stringify(presentLearner(learner, SCHOOL))),
      );
      const at = n % (courses.length + 1);
      const first = learner.enrolments[at];
      if (first) {
        learner.enrolments = [...learner.enrolments.toSpliced(at, 1), { ...first, role: "teacher" }];
        removeEntry(learner.courses, first.product);
        setEntry(learner.lastSeen.courses, first.product, { at: NOW, order: 2 });
        learner.tags = [...learner.tags, first.product];
      }
      expect(textOf(presentedParts(learner, SCHOOL))).toBe(JSON.stringify(presentLearner(learner, SCHOOL)));
    }),
  );
});

test("of a user with much nothing is made into text again that has not changed, and of what has one item", () => {
  const learner = newLearner("anna", NOW, NOW);
  const enrol = (product: string) => {
    const sources = [{ source: "event", endsAt: null, given }];
    const one = { type: "course", product, role: "student", enrolledAt: NOW, knownAt: NOW, sources } as const;
    learner.enrolments = [...learner.enrolments, one];
    const record = { startedAt: NOW, percent: 5, activities: [], completedAt: null, certificateAt: null };
    setEntry(learner.courses, product, record);
    setEntry(learner.lastSeen.courses, product, { at: NOW, order: 1 });
    learner.tags = [...learner.tags, product];
  };
  for (let n = 0; n < 2_000; n++) enrol(`course-${n}`);
  textOf(presentedParts(learner, SCHOOL));
  const stringify = vi.spyOn(JSON, "stringify");
  const countOf = (act: () => void): number => {
    stringify.mockClear();
    act();
    textOf(presentedParts(learner, SCHOOL));
    return stringify.mock.calls.length;
  };
  const enrolments = (): unknown[] =>
    stringify.mock.calls.filter(([one]) => Object.hasOwn(Object(one), "product_type"));
  expect(countOf(() => {})).toBeLessThan(30);
  expect(countOf(() => setEntry(learner.fields, "city", "Rome"))).toBeLessThan(30);
  const courses = countingLooks(learner.enrolments);
  learner.enrolments = courses.list;
  countOf(() => {});
  const looked = courses.looks();
  countOf(() => {});
  expect([looked > 0, courses.looks()]).toEqual([true, looked]);
  countOf(() => enrol("one-more"));
  expect(enrolments()).toHaveLength(1);
  stringify.mockRestore();
});
