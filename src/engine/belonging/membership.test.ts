import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventOf } from "../../catalogue";
import { isEnrolled } from "../../catalogue/enrolment/change";
import type { Input } from "../inputs/input";
import { newState, step } from "../step";
import { testWorld } from "../test-world";
import type { SegmentSync, World } from "../types";
import { autoGroupId } from "./membership";

const NOW = Date.UTC(2026, 0, 5, 9);

const SYNC: SegmentSync = {
  id: "syn_1",
  active: true,
  segment: "s",
  course: "c",
  role: "student",
  group: "g1",
  onLeave: "unenrol",
};
const OTHER: SegmentSync = { ...SYNC, id: "syn_2", segment: "other", group: "own" };

/** A user, and two segments of which one is synced by a sync that changes. */
class Life {
  readonly state = newState("anna", NOW);
  sync = SYNC;
  facts: [string, boolean][] = [];

  take(input: Input): this {
    const world: World = { ...testWorld({}), syncs: [OTHER, this.sync] };
    const { effects } = step(this.state, input, world, NOW);
    this.facts = effects.facts.map(({ type, quiet }) => [type, quiet ?? false]);
    return this;
  }

  event(type: string): this {
    const event = eventOf(type);
    if (!event) throw new Error(`no event ${type}`);
    const data = event.data.parse({ course: "c" });
    return this.take({ kind: "event", id: "e", event, type, data, attributes: {}, at: NOW });
  }

  member(joins: boolean, segment = "s"): this {
    return this.take({ kind: "member", segment, joins, quiet: false, origin: { by: "hand", id: null } });
  }

  /** Changes the sync, and brings the user in line as its job does. */
  edit(change: Partial<SegmentSync>): this {
    this.sync = { ...this.sync, ...change };
    return this.take({ kind: "align", fire: false, sync: this.sync.id });
  }

  get groups(): string[] {
    const own = ({ source }: { source: string }) => source === `sync:${SYNC.id}`;
    return this.state.learner.groups.filter(({ sources }) => sources.some(own)).map(({ group }) => group);
  }

  get enrolment() {
    return this.state.learner.enrolments.find(({ product }) => product === "c");
  }

  get sources(): string[] {
    return this.enrolment?.sources.map(({ source }) => source) ?? [];
  }
}

describe("a sync that is changed", () => {
  test("moves its members to another group, quietly, and un-enrols nobody", () => {
    const life = new Life().member(true).edit({ group: "g2" });
    expect(life.facts).toEqual([
      ["group.left", true],
      ["group.joined", true],
    ]);
    expect([life.groups, life.sources]).toEqual([["g2"], ["sync:syn_1"]]);
    expect(life.edit({ group: null }).groups).toEqual([]);
  });

  test("gives another role where it alone enrolled", () => {
    const life = new Life().member(true).edit({ role: "teacher" });
    expect(life.enrolment?.role).toBe("teacher");
    expect(new Life().event("course.enrolled").member(true).edit({ role: "teacher" }).enrolment?.role).toBe("student");
  });

  test("while it was off, leaves no group behind when the member leaves", () => {
    const life = new Life().member(true);
    life.sync = { ...SYNC, active: false, group: "g2" };
    expect(life.member(false).groups).toEqual([]);
  });
});

test("a sync that gives anew brings nobody back whom somebody suspended, and comes back with the rest", () => {
  const life = new Life().event("course.enrolled").event("course.suspended").member(true);
  expect(life.sources).toEqual(["event", "sync:syn_1"]);
  expect(life.enrolment?.sources.every(({ suspended }) => suspended)).toBe(true);
  expect(life.event("course.resumed").enrolment?.sources.some(({ suspended }) => suspended)).toBe(false);
});

describe("a sync that enrols nobody", () => {
  const keeping = () => new Life().edit({ enrol: false });

  test("puts members into its group as they are enrolled, and takes them out as they go", () => {
    const life = keeping().member(true);
    expect([life.groups, life.sources]).toEqual([[], []]);
    expect(life.event("course.enrolled").groups).toEqual(["g1"]);
    expect(life.event("course.unenrolled").groups).toEqual([]);
    expect(life.event("course.enrolled").member(false).groups).toEqual([]);
    expect(life.member(true).groups).toEqual(["g1"]);
  });

  test("knows of enrolments that another sync gives", () => {
    const life = keeping().member(true).member(true, "other");
    expect(life.groups).toEqual(["g1"]);
    expect(life.member(false, "other").groups).toEqual([]);
  });

  test("takes back the enrolments it gave before", () => {
    const life = new Life().member(true).edit({ enrol: false });
    expect([life.groups, life.sources]).toEqual([[], []]);
    expect(life.facts).toEqual([
      ["course.unenrolled", true],
      ["group.left", true],
    ]);
    expect(life.edit({ enrol: true }).sources).toEqual(["sync:syn_1"]);
  });
});

const change = fc.oneof(
  fc.constantFrom("course.enrolled", "course.unenrolled").map((type) => (life: Life) => life.event(type)),
  fc.tuple(fc.boolean(), fc.constantFrom("s", "other")).map(([joins, segment]) => {
    return (life: Life) => life.member(joins, segment);
  }),
  fc
    .record({
      active: fc.boolean(),
      enrol: fc.boolean(),
      role: fc.constantFrom("student", "teacher"),
      group: fc.constantFrom("g1", "g2"),
      onLeave: fc.constantFrom("unenrol" as const, "suspend" as const),
    })
    .map((edit) => (life: Life) => life.edit(edit)),
);

test("whatever happens, an active sync holds what it says and nothing else", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const life = new Life();
      for (const one of changes) one(life);
      const { learner } = life.state;
      const isMember = learner.segments.includes("s");
      if (!isMember) expect(life.groups).toEqual([]);
      // The event course.unenrolled takes a sync's enrolment too, until the member joins anew.
      if (!life.sync.active) return;
      life.edit({});
      const enrols = life.sync.enrol !== false;
      const belongs = isMember && (enrols || isEnrolled(learner, "course", "c"));
      expect(life.groups).toEqual(belongs ? [life.sync.group] : []);
      const own = life.enrolment?.sources.find(({ source }) => source === "sync:syn_1");
      expect(own !== undefined && !own.suspended).toBe(isMember && enrols);
      if (life.sources.length === 1 && own && isMember) expect(life.enrolment?.role).toBe(life.sync.role);
    }),
  );
});

test("no group of an auto group has a longer id than an id may be, and no two values have one", () => {
  expect(autoGroupId("js", "Sales")).toBe("js:Sales");
  const long = ["a", "b", "\u{1f514}"].map((end) => autoGroupId("c".repeat(100), `${"\u{1f514}".repeat(40)}${end}`));
  expect(new Set(long).size).toBe(3);
  for (const id of long) expect([id.length <= 128, id.isWellFormed()]).toEqual([true, true]);
});
