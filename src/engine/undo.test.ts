import fc from "fast-check";
import { expect, test } from "vitest";
import { giverFaults } from "../../test/model/givers";
import { canonical } from "../base/json";
import { eventOf } from "../catalogue";
import type { Learner } from "../catalogue/facts";
import type { Input } from "./input";
import { advance, newState, step } from "./step";
import { testWorld } from "./test-world";
import type { Effects, UserState, World } from "./types";
import { notCallable } from "./undo";

const START = Date.UTC(2026, 0, 5, 9);
const HOUR = 3_600_000;

const on = (name: string, ...then: Record<string, unknown>[]) => ({
  synchronous: true,
  when: [{ type: "custom", name }],
  then,
});
const GIVES = [
  { type: "tags.add", tags: ["a", "B", "__proto__"] },
  { type: "course.enroll", courses: ["c1"], expires_after: "PT4H" },
  { type: "course.enroll", courses: ["c2"] },
  { type: "bundle.enroll", bundles: ["b1"] },
  { type: "group.add", groups: ["g1", "__proto__"] },
  { type: "seat.add", seats: ["s1"] },
  { type: "space.add", spaces: ["p1"] },
  { type: "segment.add", segments: ["friends"] },
  { type: "user.set_field", field: "note", value: "{{ event.name }}{{ event.word }}" },
];
const automated = testWorld(
  {
    gives: on("give", ...GIVES),
    also: on("also", ...GIVES),
    waits: on(
      "wait",
      { type: "tags.add", tags: ["b"] },
      { type: "wait", for: "PT1H" },
      { type: "tags.add", tags: ["late"] },
    ),
    takes: on("take", { type: "tags.remove", tags: ["a"] }, { type: "user.set_field", field: "note", value: null }),
  },
  {
    segments: new Map([
      ["sales", { managed: true }],
      ["friends", { managed: false }],
    ]),
  },
);
const world: World = {
  ...automated,
  school: {
    ...automated.school,
    bundles: new Map([["b1", ["c1", "c3"]]]),
    seats: new Map([["s1", ["c4"]]]),
  },
  segments: new Map([
    [
      "sales",
      {
        id: "sales",
        managed: true,
        rules: [
          {
            id: "rul_1",
            match: "all" as const,
            clauses: [{ reads: "tags" as const, holds: ({ tags }: Learner) => tags.includes("a") }],
          },
        ],
      },
    ],
  ]),
  syncs: [
    { id: "syn_1", active: true, segment: "sales", course: "c5", role: "student", group: "g2", onLeave: "unenrol" },
  ],
  autoGroups: [{ id: "agr_1", active: true, course: "c1", field: "note" }],
};

class Life {
  state: UserState = newState("anna", START);
  now = START;
  count = 0;
  effects: Effects | null = null;

  take(input: Input): Effects {
    const { effects } = step(this.state, input, world, this.now);
    this.effects = effects;
    return effects;
  }

  /** @returns the run that it began */
  event(type: string, data: Record<string, unknown> = {}): string {
    const event = eventOf(type);
    if (!event) throw new Error(`no event ${type}`);
    const id = `evt-${++this.count}`;
    return (
      this.take({ kind: "event", id, event, type, data: event.data.parse(data), attributes: {}, at: this.now })
        .begun[0] ?? ""
    );
  }

  undo(...runs: string[]): Effects {
    return this.take({ kind: "undo", runs, quiet: true, origin: { by: "undo", id: runs[0] ?? null } });
  }

  pass(ms: number): void {
    this.now += ms;
    advance(this.state, world, this.now, { jumps: true });
  }
}

const FOLLOWS: ReadonlySet<unknown> = new Set(["auto_group", "sync", "rule", "bundle"]);

/** What an undo may change. What follows from something else is given anew where that comes back: by whom is compared. */
const heldBy = ({ tags, fields, enrolments, groups, seats, spaces, segments, givers }: Learner): Held =>
  JSON.parse(
    canonical({
      ...{ tags, fields, enrolments, seats, spaces, segments, givers },
      groups: [...groups].sort((one, other) => (one.group < other.group ? -1 : 1)),
    }),
    (_, value) => (FOLLOWS.has(value?.by) ? { ...value, at: 0 } : value),
  );
type Held = Pick<Learner, "tags" | "fields" | "enrolments" | "groups" | "seats" | "spaces" | "segments" | "givers">;

type Deed =
  | { type: string; data: Record<string, unknown> }
  | { put: Record<string, string | null> }
  | { pass: number }
  | { undo: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom(
    { type: "custom.give", data: { word: "x" } },
    { type: "custom.give", data: { word: "y" } },
    { type: "custom.also", data: { word: "x" } },
    { type: "custom.take", data: {} },
    { type: "custom.wait", data: {} },
    { type: "tag.added", data: { tag: "A" } },
    { type: "tag.removed", data: { tag: "a" } },
    { type: "course.enrolled", data: { course: "c1" } },
    { type: "course.unenrolled", data: { course: "c2" } },
    { type: "course.suspended", data: { course: "c2" } },
    { type: "seat.added", data: { seat: "s1" } },
    { type: "group.joined", data: { group: "g1" } },
  ),
  fc.constantFrom("hand", "x", null).map((value) => ({ put: { note: value } })),
  fc.constantFrom(HOUR / 2, 3 * HOUR).map((pass) => ({ pass })),
);

function live(life: Life, deeds: readonly Deed[], runs: string[] = []): string[] {
  for (const one of deeds) {
    if ("pass" in one) life.pass(one.pass);
    else if ("put" in one)
      life.take({ kind: "put", attributes: { fields: one.put }, origin: { by: "event", id: null } });
    else if ("undo" in one) life.undo(runs[one.undo % Math.max(1, runs.length)] ?? "");
    else runs.push(life.event(one.type, one.data));
  }
  return runs.filter(Boolean);
}

test("whatever was before, a run that gave is undone to what was", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 12 }), fc.constantFrom("custom.give", "custom.also"), (deeds, type) => {
      const life = new Life();
      live(life, deeds);
      life.pass(1);
      const before = heldBy(life.state.learner);
      const run = life.event(type, { word: "new" });
      life.undo(run);
      // A suspended source that the run brought back stays: it is the other's too.
      if (before.enrolments.some(({ sources }) => sources.some(({ suspended }) => suspended))) return;
      expect(heldBy(life.state.learner)).toEqual(before);
      expect(giverFaults(life.state.learner)).toEqual([]);
    }),
    { numRuns: 1_500, seed: 20260327 },
  );
});

test("whatever happened since, an undo takes nothing that others gave", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 6 }), fc.array(deed, { maxLength: 8 }), (first, later) => {
      const life = new Life();
      live(life, first);
      life.pass(1);
      const run = life.event("custom.give", { word: "new" });
      life.pass(1);
      live(life, later);
      const without = new Life();
      live(without, first);
      without.pass(2);
      live(without, later);
      const { takes = [] } = life.undo(run).undone ?? {};
      // What is there where the run never was, somebody else gave.
      const held = new Set(without.state.learner.tags.map((tag) => tag.toLowerCase()));
      for (const { kind, id } of takes) {
        if (kind === "tag") expect(held.has(id)).toBe(false);
        if (kind === "seat") expect(without.state.learner.seats).not.toContain(id);
        if (kind === "space") expect(without.state.learner.spaces).not.toContain(id);
        if (kind === "segment") expect(without.state.learner.segments).not.toContain(id);
        if (kind === "group") expect(without.state.learner.groups.map(({ group }) => group)).not.toContain(id);
      }
      expect(giverFaults(life.state.learner)).toEqual([]);
    }),
    { numRuns: 1_500, seed: 20260327 },
  );
});

test("twice is as once, and one after the other as both together", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 12 }), (deeds) => {
      const [together, apart] = [new Life(), new Life()];
      const runs = live(together, deeds);
      live(apart, deeds);
      const [one = "", other = ""] = runs;
      together.undo(one, other);
      const once = heldBy(together.state.learner);
      expect(together.undo(one, other)).toMatchObject({ undone: { takes: [] }, facts: [], changes: [] });
      expect(heldBy(together.state.learner)).toEqual(once);
      apart.undo(one);
      apart.undo(other);
      expect(apart.state.learner.tags).toEqual(together.state.learner.tags);
      expect(apart.state.learner.fields).toEqual(together.state.learner.fields);
      expect(apart.state.learner.givers).toEqual(together.state.learner.givers);
      const enrolledIn = ({ state }: Life) => state.learner.enrolments.map(({ type, product }) => `${type} ${product}`);
      expect(enrolledIn(apart).sort()).toEqual(enrolledIn(together).sort());
    }),
    { numRuns: 1_500, seed: 20260327 },
  );
});

test("what it takes back is told the LMS, and starts nothing", () => {
  const life = new Life();
  const run = life.event("custom.give", { word: "x" });
  life.pass(1);
  const { facts, changes, begun } = life.undo(run);
  expect(begun).toEqual([]);
  expect(facts.every((fact) => fact.quiet)).toBe(true);
  const own = changes.filter(({ cause }) => cause.type === "undo");
  expect(own.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["tag.removed", "seat.removed", "space.removed", "segment.left", "user.updated"]),
  );
  expect(own.every(({ cause }) => cause.id === run)).toBe(true);
});

test("its live rest ends", () => {
  const life = new Life();
  const run = life.event("custom.wait");
  const { runs } = life.undo(run);
  expect(runs.get(run)).toMatchObject({ status: "exited", reason: "undone" });
  life.pass(2 * HOUR);
  expect(life.state.learner.tags).toEqual([]);
});

test("what several runs of one automation gave is taken when all of them are undone", () => {
  const life = new Life();
  const runs = [life.event("custom.give", { word: "x" }), life.event("custom.give", { word: "y" })];
  life.undo(runs[0] ?? "");
  expect(life.state.learner.tags).toContain("a");
  life.undo(runs[1] ?? "");
  expect(heldBy(life.state.learner)).toEqual(heldBy(newState("anna", START).learner));
});

test("so is an enrolment that the later made end later, in any order", () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const life = new Life();
    const runs = [life.event("custom.give", { word: "x" })];
    life.pass(HOUR);
    runs.push(life.event("custom.give", { word: "x" }));
    for (const place of order) life.undo(runs[place] ?? "");
    expect(life.state.learner.enrolments).toEqual([]);
    expect(giverFaults(life.state.learner)).toEqual([]);
  }
});

test("what a run took away, and what it sent, cannot be called back", () => {
  const life = new Life();
  live(life, [{ type: "tag.added", data: { tag: "a" } }]);
  const run = life.event("custom.take");
  const log = life.effects?.runs.get(run);
  expect(notCallable(log ? [log] : [], () => true)).toMatchObject([
    { type: "tags.remove", detail: { removed: ["a"] } },
  ]);
});
