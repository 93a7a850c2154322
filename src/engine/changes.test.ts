import { describe, expect, test } from "vitest";
import { actions, eventOf } from "../catalogue";
import { takesBack } from "../catalogue/facts/changes";
import type { Learner } from "../catalogue/facts/facts";
import type { Input } from "./inputs/input";
import { play } from "./play";
import { advance, newState, step } from "./step";
import { testWorld } from "./test-world";
import type { Effects, World } from "./types";

const START = Date.UTC(2026, 0, 5, 9);
const HOUR = 3_600_000;

const on = (name: string, ...then: Record<string, unknown>[]) => ({
  synchronous: true,
  when: [{ type: "custom", name }],
  then,
});
const inSales = ({ fields }: Learner): boolean => fields.team === "sales";

/** A school in which everything that changes something does. */
function worldOf(then: Record<string, unknown>[] = []): World {
  const world = testWorld(
    { acts: on("act", ...then) },
    {
      segments: new Map([
        ["sales", { managed: true }],
        ["friends", { managed: false }],
      ]),
    },
  );
  return {
    ...world,
    school: { ...world.school, bundles: new Map([["b1", ["c8", "c9"]]]) },
    segments: new Map([
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
    ],
    autoGroups: [{ id: "agr_1", active: true, course: "c2", field: "team" }],
  };
}

class Life {
  readonly state = newState("anna", START);
  private n = 0;

  constructor(private readonly world: World) {}

  event(type: string, data: Record<string, unknown>, more: { from?: "learner" | "here"; attributes?: object } = {}) {
    const event = eventOf(type);
    if (!event) throw new Error(type);
    const input = { kind: "event", id: `e${++this.n}`, event, type, data, attributes: {}, at: START, ...more } as const;
    return this.take(input);
  }

  take(input: Input) {
    return told(step(this.state, input, this.world, START, false).effects);
  }

  act = () => this.event("custom.act", {});
  pass = (ms: number) => told(advance(this.state, this.world, START + ms, { jumps: true }).effects);
}

const told = ({ changes }: Effects) => changes.map(({ type, cause }) => [type, cause.type]);

/** What each action tells, of a learner who holds what it takes. */
const ACTIONS: [name: string, then: Record<string, unknown>, expected: string[], before?: [string, object][]][] = [
  ["tags.add", { tags: ["a"] }, ["tag.added"]],
  ["tags.remove", { tags: ["a"] }, ["tag.removed"], [["tag.added", { tag: "a" }]]],
  ["course.enroll", { courses: ["c1"] }, ["course.enrolled"]],
  [
    "course.enroll",
    { courses: ["c1"], create_payment: true, price: 5, currency: "EUR" },
    ["course.enrolled", "payment.recorded"],
  ],
  ["course.unenroll", { courses: ["c1"] }, ["course.unenrolled"], [["course.enrolled", { course: "c1" }]]],
  ["course.suspend", { courses: ["c1"] }, ["course.suspended"], [["course.enrolled", { course: "c1" }]]],
  [
    "course.resume",
    { courses: ["c1"] },
    ["course.resumed"],
    [
      ["course.enrolled", { course: "c1" }],
      ["course.suspended", { course: "c1" }],
    ],
  ],
  ["bundle.enroll", { bundles: ["b1"] }, ["bundle.enrolled", "course.enrolled", "course.enrolled"]],
  [
    "bundle.unenroll",
    { bundles: ["b1"] },
    ["bundle.unenrolled", "course.unenrolled", "course.unenrolled"],
    [["bundle.enrolled", { bundle: "b1" }]],
  ],
  ["group.add", { groups: ["g1"] }, ["group.joined"]],
  ["group.remove", { groups: ["g1"] }, ["group.left"], [["group.joined", { group: "g1" }]]],
  ["seat.add", { seats: ["s1"] }, ["seat.added"]],
  ["seat.remove", { seats: ["s1"] }, ["seat.removed"], [["seat.added", { seat: "s1" }]]],
  ["space.add", { spaces: ["p1"] }, ["space.added"]],
  ["segment.add", { segments: ["friends"] }, ["segment.joined"]],
  ["course.complete", { courses: ["c1"] }, ["course.completed"]],
  ["activity.complete", { course: "c1", activities: ["x"] }, ["activity.completed"]],
  ["course.reset_progress", { courses: ["c1"] }, ["course.progress_reset"], [["course.completed", { course: "c1" }]]],
  [
    "activity.reset_progress",
    { course: "c1", activities: ["x"] },
    ["activity.progress_reset"],
    [["activity.completed", { course: "c1", activity: "x" }]],
  ],
  ["user.set_field", { field: "note", value: "x" }, ["user.updated"]],
  ["message.user", { body: "Hello" }, ["message.sent"]],
];

describe("the LMS hears", () => {
  test.each(ACTIONS)("of %s %j", (type, params, expected, before = []) => {
    const life = new Life(worldOf([{ type, ...params }]));
    // What it told us itself it does not hear.
    for (const [event, data] of before)
      expect(life.event(event, { ...data }).filter(([, cause]) => cause !== "bundle")).toEqual([]);
    const changes = life.act();
    expect(changes.map(([change]) => change)).toEqual(expected);
    expect(actions.get(type)?.tells).toContain(expected[0]);
    expect(new Set(changes.map(([, cause]) => cause))).toEqual(
      new Set(expected.length > 2 ? ["run", "bundle"] : ["run"]),
    );
  });

  test("what follows from a field by itself, each with what caused it", () => {
    const life = new Life(worldOf());
    const put = (team: string | null, by: "event" | "hand") =>
      life.take({ kind: "put", attributes: { fields: { team } }, origin: { by, id: null } });
    expect(put("sales", "event")).toEqual([
      ["segment.joined", "rule"],
      ["course.enrolled", "sync"],
      ["group.joined", "sync"],
      ["group.joined", "auto_group"],
    ]);
    expect(put(null, "hand")).toEqual([
      ["user.updated", "hand"],
      ["segment.left", "rule"],
      ["course.suspended", "sync"],
      ["group.left", "sync"],
      ["group.left", "auto_group"],
    ]);
    expect(put("sales", "event").slice(1, 2)).toEqual([["course.resumed", "sync"]]);
  });

  test("of what is quiet", () => {
    const life = new Life(worldOf());
    const attributes = { fields: { team: "sales" } };
    const changes = life.take({
      kind: "import",
      attributes,
      tags: ["a"],
      fire: false,
      origin: { by: "import", id: "j" },
    });
    expect(changes.map(([type]) => type)).toEqual(
      expect.arrayContaining(["user.updated", "tag.added", "segment.joined", "course.enrolled"]),
    );
  });

  test("of the courses of a bundle, unless the event named them", () => {
    const life = new Life(worldOf());
    expect(life.event("bundle.enrolled", { bundle: "b1" })).toEqual([
      ["course.enrolled", "bundle"],
      ["course.enrolled", "bundle"],
    ]);
    expect(life.event("bundle.enrolled", { bundle: "b2", courses: ["c3"] })).toEqual([]);
  });

  test("of an enrolment that ends by its time, and of an end that moves", () => {
    const life = new Life(worldOf([{ type: "course.enroll", courses: ["c1"], expires_after: "PT2H" }]));
    life.act();
    expect(life.pass(HOUR)).toEqual([]);
    expect(
      life.take({ kind: "import", attributes: {}, tags: [], fire: false, origin: { by: "import", id: "j" } }),
    ).toEqual([]);
    expect(life.pass(3 * HOUR)).toEqual([["course.unenrolled", "expiry"]]);
  });

  test("of a later end of the same enrolment, as one that was there", () => {
    const life = new Life(worldOf([{ type: "course.enroll", courses: ["c1"], expires_after: "PT2H" }]));
    life.act();
    const world = worldOf([{ type: "course.enroll", courses: ["c1"] }]);
    const event = eventOf("custom.act");
    if (!event) throw new Error("no event");
    const { effects } = step(
      life.state,
      {
        kind: "event",
        id: "x",
        event,
        type: "custom.act",
        data: {},
        attributes: {},
        at: START,
      },
      world,
      START,
    );
    expect(effects.changes).toMatchObject([{ type: "course.enrolled", data: { expires_at: null, renews: true } }]);
  });

  test("of a learner's own consent, and of nothing else that an event says of the learner", () => {
    const life = new Life(worldOf());
    const more = { attributes: { marketing_consent: true } };
    expect(life.event("user.signed_in", {}, { ...more, from: "learner" })).toEqual([["user.updated", "learner"]]);
    expect(life.event("user.signed_in", {}, { attributes: { locale: "en" } })).toEqual([]);
  });

  test("of what a learner did here, of which the LMS knows nothing", () => {
    const life = new Life(worldOf());
    expect(life.event("course.enrolled", { course: "c1" }, { from: "here" })).toEqual([["course.enrolled", "learner"]]);
    expect(life.event("course.unenrolled", { course: "c1" })).toEqual([]);
  });

  test("of another role by a sync, to who is there by it alone", () => {
    const life = new Life(worldOf());
    const world = worldOf();
    const teachers = { ...world, syncs: world.syncs.map((one) => ({ ...one, role: "teacher" })) };
    const align = () =>
      step(life.state, { kind: "align", fire: false, sync: "syn_1" }, teachers, START).effects.changes;
    life.event("user.updated", {}, { attributes: { fields: { team: "sales" } } });
    expect(align()).toMatchObject([{ type: "course.enrolled", data: { role: "teacher", renews: true } }]);
    expect(align()).toEqual([]);
    life.event("course.enrolled", { course: "c2" });
    const students = step(life.state, { kind: "align", fire: false, sync: "syn_1" }, world, START);
    expect(students.effects.changes).toEqual([]);
  });

  test("of the consent that a lead leaves to its user", () => {
    const life = new Life(worldOf());
    const left = structuredClone(life.state);
    left.learner.marketingConsent = true;
    const moment = { input: { kind: "given", state: left } as const, eventId: null, at: START };
    const { effects, state } = play(life.state, "anna", moment, worldOf());
    expect(told(effects)).toEqual([["user.updated", "merge"]]);
    expect(play(state, "anna", moment, worldOf()).effects.changes).toEqual([]);
  });

  test("of a membership whoever gave it: segments are ours", () => {
    const life = new Life(worldOf());
    const origin = { by: "event", id: null } as const;
    expect(life.take({ kind: "member", segment: "friends", joins: true, quiet: false, origin })).toEqual([
      ["segment.joined", "hand"],
    ]);
  });

  test("nothing of who is known by an address alone", () => {
    const world = worldOf();
    const lead = newState("lead:a@b.co", START);
    const input = { kind: "put", attributes: { fields: { team: "sales" } }, origin: { by: "hand", id: null } } as const;
    expect(step(lead, input, world, START).effects.changes).toEqual([]);
  });

  test("which step of which run made a change, with what followed from it", () => {
    const life = new Life(worldOf([{ type: "user.set_field", field: "team", value: "sales" }]));
    const event = eventOf("custom.act");
    if (!event) throw new Error("no event");
    const input = { kind: "event", id: "x", event, type: "custom.act", data: {}, attributes: {}, at: START } as const;
    const { effects } = step(
      life.state,
      input,
      worldOf([{ type: "user.set_field", field: "team", value: "sales" }]),
      START,
    );
    expect(effects.changes.length).toBeGreaterThan(3);
    for (const change of effects.changes)
      expect(change.step).toMatchObject({ run: effects.begun[0], automation: "acts", synchronous: true });
  });
});

describe("a change takes an earlier one back", () => {
  const enrolled = { role: "student", expires_at: null, source: "run" };
  test.each([
    ["yes", ["tag.added", { tag: "a" }], ["tag.removed", { tag: "a" }]],
    ["other", ["tag.added", { tag: "a" }], ["tag.removed", { tag: "b" }]],
    ["no", ["tag.added", { tag: "a" }], ["tag.added", { tag: "a" }]],
    ["yes", ["course.enrolled", { course: "c", ...enrolled }], ["course.unenrolled", { course: "c", ...enrolled }]],
    ["yes", ["course.unenrolled", { course: "c", ...enrolled }], ["course.enrolled", { course: "c", ...enrolled }]],
    [
      "no",
      ["course.unenrolled", { course: "c", ...enrolled }],
      ["course.enrolled", { course: "c", ...enrolled, role: "teacher" }],
    ],
    [
      "no",
      ["course.enrolled", { course: "c", ...enrolled, renews: true }],
      ["course.unenrolled", { course: "c", ...enrolled }],
    ],
    ["no", ["course.completed", { course: "c" }], ["course.progress_reset", { course: "c" }]],
    ["other", ["course.completed", { course: "c" }], ["group.left", { group: "c" }]],
  ] as const)("%s: %j, then %j", (expected, [before, was], [after, is]) => {
    expect(takesBack({ type: before, data: was }, { type: after, data: is })).toBe(expected);
  });
});
