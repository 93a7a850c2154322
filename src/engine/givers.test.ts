import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { giverFaults } from "../../test/model/givers";
import { eventOf } from "../catalogue";
import type { Learner } from "../catalogue/facts/facts";
import type { Origin } from "../catalogue/facts/givers";
import type { Input } from "./inputs/input";
import { advance, newState, step } from "./step";
import { testWorld } from "./test-world";
import type { Effects, World } from "./types";

const START = Date.UTC(2026, 0, 5, 9);
const HOUR = 3_600_000;
const PUT: Origin = { by: "event", id: null };

const on = (name: string, ...then: Record<string, unknown>[]) => ({
  synchronous: true,
  when: [{ type: "custom", name }],
  then,
});

const inSales = ({ fields }: Learner): boolean => fields.team === "sales";

const automated = testWorld(
  {
    gives: on(
      "give",
      { type: "tags.add", tags: ["a", "B", "__proto__"] },
      { type: "course.enroll", courses: ["c1"], expires_after: "PT2H" },
      { type: "bundle.enroll", bundles: ["b1"] },
      { type: "group.add", groups: ["g1", "__proto__"] },
      { type: "seat.add", seats: ["s1", "__proto__"] },
      { type: "space.add", spaces: ["p1", "__proto__"] },
      { type: "segment.add", segments: ["friends"] },
      { type: "user.set_field", field: "note", value: "from a run" },
    ),
    takes: on(
      "take",
      { type: "tags.remove", tags: ["a", "B", "__proto__"] },
      { type: "course.unenroll", courses: ["c1"] },
      { type: "bundle.unenroll", bundles: ["b1"] },
      { type: "group.remove", groups: ["g1", "__proto__"] },
      { type: "seat.remove", seats: ["s1", "__proto__"] },
      { type: "space.remove", spaces: ["p1", "__proto__"] },
      { type: "segment.remove", segments: ["friends"] },
      { type: "user.set_field", field: "note", value: null },
    ),
  },
  {
    segments: new Map([
      ["sales", { managed: true }],
      ["friends", { managed: false }],
    ]),
  },
);

/** A school in which everything that gives does: a rule, a sync, an auto group, a bundle, and automations. */
const world: World = {
  ...automated,
  school: { ...automated.school, bundles: new Map([["b1", ["c1", "c3"]]]) },
  segments: new Map([
    ["friends", { id: "friends", managed: false, rules: [] }],
    [
      "sales",
      {
        id: "sales",
        managed: true,
        rules: [{ id: "rul_1", match: "all" as const, clauses: [{ reads: "attributes" as const, holds: inSales }] }],
      },
    ],
  ]),
  syncs: [
    { id: "syn_1", active: true, segment: "sales", course: "c2", role: "student", group: "g2", onLeave: "suspend" },
    { id: "syn_2", active: true, segment: "friends", course: "c1", role: "student", group: null, onLeave: "unenrol" },
  ],
  autoGroups: [{ id: "agr_1", active: true, course: "c1", field: "team" }],
};

/** A user of that school. */
class Life {
  readonly state = newState("anna", START);
  now = START;
  count = 0;
  facts: Effects["facts"] = [];

  take(input: Input): this {
    const { before, effects } = step(this.state, input, world, this.now);
    this.facts = [...before.facts, ...effects.facts];
    return this;
  }

  event(type: string, data: Record<string, unknown> = {}, id = `evt-${++this.count}`): this {
    const event = eventOf(type);
    if (!event) throw new Error(`no event ${type}`);
    return this.take({ kind: "event", id, event, type, data: event.data.parse(data), attributes: {}, at: this.now });
  }

  fields(fields: Record<string, string | null>, origin = PUT): this {
    return this.take({ kind: "put", attributes: { fields }, origin });
  }

  pass(ms: number): this {
    this.now += ms;
    this.facts = advance(this.state, world, this.now, { jumps: true }).effects.facts;
    return this;
  }

  get learner(): Learner {
    return this.state.learner;
  }

  source(product: string, source: string) {
    const found = this.learner.enrolments.find((one) => one.product === product);
    return found?.sources.find((one) => one.source === source)?.given;
  }
}

describe("who gave it is known", () => {
  test("of what an event gives: the event", () => {
    const { learner } = new Life()
      .event("tag.added", { tag: "VIP" }, "e1")
      .event("seat.added", { seat: "s" }, "e2")
      .event("group.joined", { group: "g" }, "e3")
      .event("course.enrolled", { course: "c" }, "e4");
    const by = (id: string) => ({ by: "event", id, at: START });
    expect(learner.givers.tags).toEqual({ vip: by("e1") });
    expect(learner.givers.seats).toEqual({ s: by("e2") });
    expect(learner.groups[0]?.sources).toEqual([{ source: "event", given: by("e3") }]);
    expect(learner.enrolments[0]?.sources[0]?.given).toEqual(by("e4"));
  });

  test("of what a run gives: the run, whatever event began it, and its facts say so", () => {
    const life = new Life().event("custom.give", {}, "e1");
    const { givers } = life.learner;
    const run = givers.spaces.p1?.id;
    expect(run).toMatch(/^run_/);
    const by = { by: "run", id: run, at: START };
    expect([givers.tags.a, givers.seats.s1, givers.segments.friends]).toEqual([by, by, by]);
    expect(givers.fields.note).toEqual({ ...by, was: {} });
    expect(life.source("c1", "run")).toEqual(by);
    expect(life.facts.map(({ type, by }) => [type, by?.by])).toEqual([
      ["custom.give", undefined],
      ["tag.added", "run"],
      ["tag.added", "run"],
      ["tag.added", "run"],
      ["course.enrolled", "run"],
      ["bundle.enrolled", "run"],
      ["course.enrolled", "bundle"],
      ["group.joined", "run"],
      ["group.joined", "run"],
      ["seat.added", "run"],
      ["seat.added", "run"],
      ["segment.joined", "run"],
      ["user.updated", "run"],
    ]);
  });

  test("of what follows by itself: the rule, sync, auto group or bundle that gives it", () => {
    const life = new Life().fields({ team: "sales" }, { by: "hand", id: "ops@school.org" });
    expect(life.learner.givers.fields).toEqual({ team: { by: "hand", id: "ops@school.org", at: START } });
    expect(life.learner.givers.segments).toEqual({ sales: { by: "rule", id: "rul_1", at: START } });
    expect(life.source("c2", "sync:syn_1")).toEqual({ by: "sync", id: "syn_1", at: START });
    expect(life.facts.map(({ by }) => by)).toEqual([
      { by: "hand", id: "ops@school.org" },
      { by: "rule", id: "rul_1" },
      { by: "sync", id: "syn_1" },
      { by: "sync", id: "syn_1" },
    ]);
    life.event("bundle.enrolled", { bundle: "b1" });
    expect(life.source("c3", "bundle:b1")).toEqual({ by: "bundle", id: "b1", at: START });
    expect(life.learner.groups.find(({ group }) => group === "c1:sales")?.sources).toEqual([
      { source: "auto:agr_1", given: { by: "auto_group", id: "agr_1", at: START } },
    ]);
    life.fields({ team: null });
    expect(life.facts.map(({ type, by }) => [type, by])).toEqual([
      ["user.updated", PUT],
      ["segment.left", { by: "rule", id: null }],
      ["course.suspended", { by: "sync", id: "syn_1" }],
      ["group.left", { by: "sync", id: "syn_1" }],
      ["group.left", { by: "auto_group", id: "agr_1" }],
    ]);
  });

  test("of what a list gives: the import, also where an event says it", () => {
    const { learner } = new Life().take({
      kind: "import",
      attributes: {},
      tags: ["t"],
      event: { type: "course.enrolled", data: { course: "c" } },
      fire: false,
      origin: { by: "import", id: "job_1" },
    });
    const by = { by: "import", id: "job_1", at: START };
    expect([learner.givers.tags.t, learner.enrolments[0]?.sources[0]?.given]).toEqual([by, by]);
  });

  /** Of one thing of each kind, who gave it. */
  const each = ({ learner }: Life, segment = "friends") => [
    learner.givers.tags.a,
    learner.givers.fields.note,
    learner.givers.seats.s1,
    learner.givers.spaces.p1,
    learner.givers.segments[segment],
    learner.groups.find(({ group }) => group === "g1")?.sources[0]?.given,
    ...["c1", "b1"].map((product) => learner.enrolments.find((one) => one.product === product)?.sources[0]?.given),
  ];

  /** Somebody to whom all of it was given by hand, but for the space, which nothing but a step gives. */
  function givenByHand(by: { by: "hand"; id: string }): Life {
    const life = new Life();
    const hand = (type: string, data: Record<string, unknown>) => {
      const event = eventOf(type);
      if (!event) throw new Error(`no event ${type}`);
      const sent = { id: type, event, type, data: event.data.parse(data), attributes: {}, at: START };
      life.take({ kind: "event", ...sent, from: "hand", hand: by.id });
    };
    hand("tag.added", { tag: "a" });
    hand("seat.added", { seat: "s1" });
    hand("group.joined", { group: "g1" });
    hand("course.enrolled", { course: "c1" });
    hand("bundle.enrolled", { bundle: "b1" });
    return life
      .fields({ note: "x" }, by)
      .take({ kind: "member", segment: "friends", joins: true, quiet: false, origin: by });
  }
  const HAND = { by: "hand", id: "ops@school.org" } as const;
  const merged = ({ state }: Life) =>
    new Life().take({ kind: "merge", state, quiet: true, origin: { by: "merge", id: "old" } });

  test("of what another user had who is this one: the merge, whatever it is", () => {
    const [tag, field, seat, space, ...rest] = each(merged(givenByHand(HAND)));
    expect(space).toBeUndefined();
    expect([tag, field, seat, ...rest]).toEqual(Array(7).fill({ by: "merge", id: "old", at: START }));
  });

  test("but what a run gave them stays that run's: undone, it is taken back here too", () => {
    const other = new Life().event("custom.give");
    expect(each(other).map((given) => given?.by)).toEqual(Array(8).fill("run"));
    expect(each(merged(other))).toEqual(each(other));
  });

  test("of what somebody of the school gave: the hand, whatever it is", () => {
    const [tag, field, seat, space, ...rest] = each(givenByHand(HAND));
    expect(space).toBeUndefined();
    expect([tag, field, seat, ...rest]).toEqual(Array(7).fill({ ...HAND, at: START }));
  });

  test("what is given again keeps its giver, unless that changed something", () => {
    const ends = (hours: number) => new Date(START + hours * HOUR).toISOString();
    const life = new Life()
      .event("tag.added", { tag: "t" }, "e1")
      .event("course.enrolled", { course: "c", expires_at: ends(9) }, "e2");
    life.fields({ note: "x" }).pass(HOUR);
    life.event("tag.added", { tag: "T" }).event("course.enrolled", { course: "c", expires_at: ends(9) });
    life.fields({ note: "x" }, { by: "hand", id: "ops" });
    expect(life.learner.givers.tags.t?.id).toBe("e1");
    expect(life.source("c", "event")?.id).toBe("e2");
    expect(life.learner.givers.fields.note).toEqual({ ...PUT, at: START });
    life
      .event("course.enrolled", { course: "c", expires_at: ends(10) }, "e3")
      .fields({ note: "y" }, { by: "hand", id: "ops" });
    expect(life.source("c", "event")).toEqual({ by: "event", id: "e3", at: START + HOUR });
    expect(life.learner.givers.fields.note).toEqual({ by: "hand", id: "ops", at: START + HOUR });
  });

  test("an enrolment that ends by itself is ended by time", () => {
    const ends = new Date(START + HOUR).toISOString();
    const life = new Life().event("course.enrolled", { course: "c", expires_at: ends }).pass(2 * HOUR);
    expect(life.facts.map(({ type, data, by }) => [type, data.reason, by])).toContainEqual([
      "course.unenrolled",
      "expired",
      { by: "time", id: null },
    ]);
  });
});

const id = fc.constantFrom("a", "B", "b1", "c1", "c2", "g1", "s1", "friends", "__proto__");
const event = (type: string, name: string) => id.map((one) => (life: Life) => life.event(type, { [name]: one }));
const happenings = fc.array(
  fc.oneof(
    event("tag.added", "tag"),
    event("tag.removed", "tag"),
    event("course.enrolled", "course"),
    event("course.unenrolled", "course"),
    event("bundle.enrolled", "bundle"),
    event("bundle.unenrolled", "bundle"),
    event("subscription.enrolled", "subscription"),
    event("subscription.unenrolled", "subscription"),
    event("group.joined", "group"),
    event("group.left", "group"),
    event("seat.added", "seat"),
    event("seat.removed", "seat"),
    fc.constantFrom("custom.give", "custom.take").map((type) => (life: Life) => life.event(type)),
    fc.tuple(fc.constantFrom("team", "note"), fc.constantFrom("sales", "x", null)).map(
      ([field, value]) =>
        (life: Life) =>
          life.fields({ [field]: value }),
    ),
    fc
      .boolean()
      .map(
        (joins) => (life: Life) =>
          life.take({ kind: "member", segment: "friends", joins, quiet: false, origin: { by: "hand", id: "key" } }),
      ),
    fc
      .constantFrom<Partial<Extract<Input, { kind: "align" }>>>(
        { everything: true },
        { dropSegment: "friends" },
        { withdrawSync: "syn_1" },
        { withdrawAutoGroup: { id: "agr_1", course: "c1", field: "team" } },
      )
      .map((what) => (life: Life) => life.take({ kind: "align", fire: true, ...what })),
    fc.constantFrom(HOUR, 3 * HOUR).map((ms) => (life: Life) => life.pass(ms)),
  ),
  { maxLength: 30 },
);

test("whatever is held has a giver, and nothing else has one", () => {
  fc.assert(
    fc.property(happenings, (all) => {
      const life = new Life();
      for (const happen of all) {
        happen(life);
        expect(giverFaults(life.learner)).toEqual([]);
      }
    }),
    { numRuns: 300, seed: 20260327 },
  );
});
