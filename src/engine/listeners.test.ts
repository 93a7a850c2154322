import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { eventOf, triggers } from "../catalogue";
import { listenersTo } from "./listeners";
import { newState, step } from "./step";
import { testWorld } from "./test-world";

const START = Date.UTC(2026, 0, 5, 9);

const word = fc.constantFrom("a", "b", "c", "A");
const when = fc.oneof(
  fc.record({ type: fc.constant("tag.added"), tags: fc.array(word, { minLength: 1, maxLength: 2 }) }),
  fc.record({ type: fc.constant("course.enrolled"), courses: fc.array(word, { minLength: 1, maxLength: 3 }) }),
  fc.constant({ type: "course.enrolled" }),
  fc.record({
    type: fc.constant("activity.completed"),
    activities: fc.array(word, { minLength: 1, maxLength: 2 }),
    courses: fc.array(word, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ type: fc.constant("custom"), name: fc.constantFrom("x", "y") }),
);
const data = fc.dictionary(fc.constantFrom("tag", "course", "activity"), fc.oneof(word, fc.constant(5)));
const fact = fc.record({
  type: fc.constantFrom("tag.added", "course.enrolled", "activity.completed", "custom.x", "user.signed_in"),
  data,
});

describe("listeners", () => {
  test("to a fact are all that could take it, in the order of their school, each once", () => {
    fc.assert(
      fc.property(fc.array(fc.array(when, { minLength: 1, maxLength: 3 }), { maxLength: 8 }), fact, (whens, one) => {
        const definitions = whens.map((list, n) => [`a${n}`, { when: list, then: [{ type: "exit" }] }] as const);
        const { automations } = testWorld(Object.fromEntries(definitions));
        const found = listenersTo(automations, one.type, one.data).map(({ id }) => id);
        const could = automations
          .filter(({ program }) => program.when.some(({ on, accepts }) => on.includes(one.type) && accepts(one.data)))
          .map(({ id }) => id);
        expect(found.filter((id) => could.includes(id))).toEqual(could);
        expect(found).toEqual(automations.map(({ id }) => id).filter((id) => found.includes(id)));
      }),
    );
  });

  test("are no more for an event where thousands mean something else", () => {
    const visited = (others: number): number => {
      const definitions = Array.from({ length: others }, (_, n) => [`o${n}`, onCourse(`other-${n}`)] as const);
      const world = testWorld(Object.fromEntries([...definitions, ["own", onCourse("js")]]));
      const looks = world.automations.flatMap(({ program }) => program.when.map((one) => vi.spyOn(one, "matches")));
      const event = eventOf("course.enrolled");
      if (!event) throw new Error("no event");
      const input = {
        kind: "event",
        id: "e",
        event,
        type: event.type,
        data: { course: "js" },
        attributes: {},
        at: START,
      } as const;
      expect(step(newState("anna", START), input, world, START).effects.begun).toHaveLength(1);
      return looks.reduce((sum, look) => sum + look.mock.calls.length, 0);
    };
    const onCourse = (course: string) => ({
      when: [{ type: "course.enrolled", courses: [course] }],
      then: [{ type: "exit" }],
    });
    expect(visited(1_000)).toBe(visited(10));
  });
});

/** Of options without a default. */
const NEEDED: Record<string, unknown> = { percent: 50, days: 3 };

describe("a trigger that is narrowed", () => {
  test.each([...triggers.values()].flatMap((one) => (one.narrows ? [[one.type, one] as const] : [])))(
    "takes no fact about anything else: %s",
    (_, trigger) => {
      const { option, data: name } = trigger.narrows ?? { option: "", data: "" };
      const needed = Object.keys(trigger.params.shape).filter((one) => one in NEEDED);
      const params = Object.fromEntries(needed.map((one) => [one, NEEDED[one]]));
      const bound = trigger.bind({ ...params, [option]: ["js"] });
      expect(bound.subject).toMatchObject({ data: name, values: ["js"] });
      expect(bound.accepts({ ...bound.example, [name]: "js" })).toBe(true);
      expect(bound.accepts({ ...bound.example, [name]: "other" })).toBe(false);
    },
  );
});
