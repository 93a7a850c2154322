import fc from "fast-check";
import { expect, test } from "vitest";
import type { RosterNews } from "../../catalogue/enrolment/roster";
import { advance, newState, step } from "../step";
import { testWorld } from "../test-world";
import type { UserState } from "../types";

const NOW = Date.UTC(2026, 2, 2, 9);
const DAY = 86_400_000;
const world = testWorld({});

const origin = { by: "import", id: "job_1" } as const;
const take = (state: UserState, record: RosterNews, fire = false) =>
  step(state, { kind: "import", attributes: {}, tags: [], record, fire, origin }, world, state.clock);
const heldBy = ({ learner, ahead = [] }: UserState) => ({
  enrolments: learner.enrolments
    .map(({ product, sources }) => [product, ...sources.map(({ source, endsAt }) => `${source} ${endsAt}`).sort()])
    .sort(),
  ahead: ahead.map(({ id, course, at }) => `${id} ${course} ${at}`).sort(),
});
const after = (all: readonly RosterNews[]): UserState => {
  const state = newState("anna", NOW);
  for (const one of all) take(state, one);
  return state;
};

const one = (id: string) =>
  fc.record(
    {
      id: fc.constant(id),
      course: fc.constantFrom("c1", "c2"),
      endsAt: fc.constantFrom(NOW + DAY, NOW + 9 * DAY),
      beginsAt: fc.constantFrom(NOW - DAY, NOW, NOW + DAY),
      ends: fc.constant(true as const),
    },
    { requiredKeys: ["id", "course"] },
  );
const records = fc.tuple(...["e1", "e2", "e3", "e4"].map(one));

test("the order of records and how often they are told make no difference", () => {
  fc.assert(
    fc.property(
      records.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 8 }))),
      ([all, told]) => {
        expect(heldBy(after(told))).toEqual(heldBy(after(all)));
      },
    ),
  );
});

test("what a record said before makes no difference to where it is now", () => {
  fc.assert(
    fc.property(records, records, (before, all) => {
      const now = heldBy(after([...before, ...all])).enrolments.map((held) => held[0]);
      expect(now).toEqual(heldBy(after(all)).enrolments.map((held) => held[0]));
    }),
  );
});

test("an enrolment begins when its day does, as loud as its import, and ends with the last record", () => {
  for (const fire of [true, false]) {
    const state = newState("anna", NOW);
    const { effects, nextWake } = take(state, { id: "e1", course: "c1", beginsAt: NOW + DAY }, fire);
    expect([effects.facts, state.learner.enrolments, nextWake]).toEqual([[], [], NOW + DAY]);
    const begun = advance(state, world, NOW + DAY, { jumps: true }).effects;
    expect(begun.facts).toMatchObject([
      { type: "course.enrolled", at: NOW + DAY, by: origin, ...(fire ? {} : { quiet: true }) },
    ]);
    expect(begun.facts[0]?.quiet).toBe(fire ? undefined : true);
    expect(begun.changes).toMatchObject([{ type: "course.enrolled", cause: { type: "import" } }]);
    expect(state.ahead).toBeUndefined();
    take(state, { id: "e2", course: "c1" });
    take(state, { id: "e1", course: "c1", ends: true });
    expect(heldBy(state).enrolments).toEqual([["c1", "oneroster:e2 null"]]);
    take(state, { id: "e2", course: "c1", ends: true });
    expect(state.learner.enrolments).toEqual([]);
  }
});

test("a record that ends leaves what others gave, and takes what an import gave before records were kept", () => {
  const state = newState("anna", NOW);
  const event = { type: "course.enrolled", data: { course: "c1" } };
  step(state, { kind: "import", attributes: {}, tags: [], event, fire: false, origin }, world, NOW);
  take(state, { id: "e1", course: "c1", ends: true });
  expect(state.learner.enrolments).toEqual([]);
  step(state, { kind: "import", attributes: {}, tags: [], event, fire: false, origin }, world, NOW);
  take(state, { id: "e1", course: "c1" });
  expect(heldBy(state).enrolments).toEqual([["c1", "oneroster:e1 null"]]);
  const byRun = { source: "run", endsAt: null, given: { by: "run", id: "run_1", at: NOW } } as const;
  const { learner } = state;
  learner.enrolments = learner.enrolments.map((one) => ({ ...one, sources: [...one.sources, byRun] }));
  take(state, { id: "e1", course: "c1", ends: true });
  expect(heldBy(state).enrolments).toEqual([["c1", "run null"]]);
});
