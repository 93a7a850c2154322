import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { eventOf, triggers } from "../../catalogue";
import { newState, step } from "../step";
import { testWorld } from "../test-world";
import type { World } from "../types";
import { followListeners, listenersTo } from "./listeners";

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

const onCourse = (course: string) => ({
  when: [{ type: "course.enrolled", courses: [course] }],
  then: [{ type: "exit" }],
});

describe("listeners", () => {
  test("to a fact are all that could take it, in the order of their school, each once", () => {
    fc.assert(
      fc.property(fc.array(fc.array(when, { minLength: 1, maxLength: 3 }), { maxLength: 8 }), fact, (whens, one) => {
        const definitions = whens.map((list, n) => [`a${n}`, { when: list, then: [{ type: "exit" }] }] as const);
        const world = testWorld(Object.fromEntries(definitions));
        const { automations } = world;
        const found = listenersTo(world, one.type, one.data).map(({ id }) => id);
        const could = automations
          .filter(({ program }) => program.when.some(({ on, accepts }) => on.includes(one.type) && accepts(one.data)))
          .map(({ id }) => id);
        expect(found.filter((id) => could.includes(id))).toEqual(could);
        expect(found).toEqual(automations.map(({ id }) => id).filter((id) => found.includes(id)));
      }),
    );
  });

  test("are followed through every edit as if they were looked for anew, and an earlier world keeps its own", () => {
    const edit = fc.record({ id: fc.constantFrom("a0", "a1", "a2", "a3"), when: fc.option(when) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 8 }), fact, (edits, one) => {
        const heard = (world: World) => listenersTo(world, one.type, one.data).map(({ id }) => id);
        const past: { world: World; ids: string[] }[] = [];
        let defined: Parameters<typeof testWorld>[0] = {};
        let world = testWorld(defined);
        heard(world);
        for (const { id, when } of edits) {
          const { [id]: _, ...others } = defined;
          defined = when ? { ...others, [id]: { when: [when], then: [{ type: "exit" }] } } : others;
          const inOrder = Object.fromEntries(Object.entries(defined).sort(([a], [b]) => (a < b ? -1 : 1)));
          const anew = testWorld(inOrder);
          // What was not edited is compiled no more than once.
          const automations = anew.automations.map((made) =>
            made.id === id ? made : (world.byId.get(made.id) ?? made),
          );
          const next = { ...anew, automations, byId: new Map(automations.map((made) => [made.id, made])) };
          followListeners(world.automations, next.automations);
          expect(heard(next)).toEqual(heard(anew));
          past.push({ world: next, ids: heard(next) });
          world = next;
        }
        for (const { world: earlier, ids } of past) expect(heard(earlier)).toEqual(ids);
      }),
    );
  });

  test("of thousands are followed by looking at what an edit changed", () => {
    const defined = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`a${n}`, onCourse(`course-${n}`)]));
    const before = testWorld(defined);
    listenersTo(before, "course.enrolled", { course: "course-7" });
    const edited = testWorld({ a7: onCourse("js") }).byId.get("a7");
    const automations = before.automations.map((one) => (one.id === "a7" && edited ? edited : one));
    const read = vi.fn();
    for (const { program } of before.automations) {
      const { when } = program;
      Object.defineProperty(program, "when", {
        get: () => {
          read();
          return when;
        },
      });
    }
    followListeners(before.automations, automations);
    expect(read).toHaveBeenCalledTimes(1);
    const after = { ...before, automations, byId: new Map(automations.map((one) => [one.id, one])) };
    expect(listenersTo(after, "course.enrolled", { course: "js" })).toEqual([edited]);
    expect(listenersTo(after, "course.enrolled", { course: "course-7" })).toEqual([]);
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
