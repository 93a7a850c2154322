import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventOf } from "../../catalogue";
import type { Learner } from "../../catalogue/facts/facts";
import { type Clause, compileClause } from "../../catalogue/segments/clause";
import type { Input } from "../inputs/input";
import { advance, newState, step } from "../step";
import { testWorld } from "../test-world";
import type { CompiledSegment, SegmentSync, World } from "../types";

const START = Date.UTC(2026, 0, 5, 9);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Rules = Record<string, Clause[]>;

const segmentsOf = (rules: Rules, match: "all" | "any" = "all") =>
  new Map(
    Object.entries(rules).map(([id, where]): [string, CompiledSegment] => [
      id,
      {
        id,
        managed: true,
        rules: [{ id: `rul_${id}`, match, clauses: where.map((one) => compileClause(one, "UTC")) }],
      },
    ]),
  );

const syncOf = (segment: string, course: string): SegmentSync => ({
  ...{ id: `syn_${segment}`, active: true, segment, course, role: "student", group: null, onLeave: "unenrol" },
});

class Life {
  readonly state = newState("anna", START);
  now = START;
  nextWake: number | null = null;
  /** What became of segments, turn by turn. */
  turns: string[][] = [];
  private readonly world: World;
  private n = 0;

  constructor(rules: Rules, { syncs = [], then = {} }: { syncs?: SegmentSync[]; then?: object } = {}) {
    this.world = { ...testWorld(then as Record<string, Record<string, unknown>>), segments: segmentsOf(rules), syncs };
    this.take({ kind: "align", fire: false, everything: true });
  }

  take(input: Input): this {
    const { before, effects, nextWake } = step(this.state, input, this.world, this.now);
    this.nextWake = nextWake;
    this.turns = [before, effects].map(({ facts }) =>
      facts.flatMap(({ type, data }) => (type.startsWith("segment.") ? [`${type} ${String(data.segment)}`] : [])),
    );
    return this;
  }

  event(type: string, data: Record<string, unknown> = {}): this {
    const event = eventOf(type);
    if (!event) throw new Error(`no event ${type}`);
    const parsed = event.data.parse(data) as Record<string, unknown>;
    const id = `e${++this.n}`;
    return this.take({ kind: "event", id, event, type, data: parsed, attributes: {}, at: this.now });
  }

  put(fields: Record<string, string | null>): this {
    return this.take({ kind: "put", attributes: { fields }, origin: { by: "event", id: null } });
  }

  /** Lets time pass as the alarm does; answers what became of segments, and when. */
  pass(ms: number): [string, string][] {
    this.now += ms;
    const { effects, nextWake } = advance(this.state, this.world, this.now, { jumps: true });
    this.nextWake = nextWake;
    return effects.facts.flatMap(({ type, data, at }) =>
      type.startsWith("segment.") ? [[`${type} ${String(data.segment)}`, new Date(at).toISOString()]] : [],
    );
  }

  get segments(): string[] {
    return [...this.state.learner.segments].sort();
  }
}

describe("a rule on what a user has", () => {
  test("follows tags in any case, and says of none that there is none", () => {
    const life = new Life({
      vip: [{ field: "tags", op: "is", value: "VIP" }],
      some: [{ field: "tags", op: "in", value: ["a", "b"] }],
      not: [{ field: "tags", op: "is_not", value: "vip" }],
      none: [{ field: "tags", op: "is_empty" }],
    });
    expect(life.segments).toEqual(["none", "not"]);
    expect(life.event("tag.added", { tag: "vip" }).segments).toEqual(["vip"]);
    expect(life.event("tag.added", { tag: "B" }).segments).toEqual(["some", "vip"]);
    expect(life.event("tag.removed", { tag: "vip" }).segments).toEqual(["not", "some"]);
  });

  test("follows enrolments, of which a suspended one is none, and completions, which a reset takes", () => {
    const life = new Life({
      in: [{ field: "enrolled", op: "is", value: "c" }],
      done: [{ field: "completed", op: "in", value: ["c", "d"] }],
      idle: [{ field: "completed", op: "is_empty" }],
    });
    expect(life.event("course.enrolled", { course: "c" }).segments).toEqual(["idle", "in"]);
    expect(life.event("course.suspended", { course: "c" }).segments).toEqual(["idle"]);
    expect(life.event("course.resumed", { course: "c" }).segments).toEqual(["idle", "in"]);
    expect(life.event("course.completed", { course: "c" }).segments).toEqual(["done", "in"]);
    expect(life.event("course.progress_reset", { course: "c" }).segments).toEqual(["idle", "in"]);
    expect(life.event("course.unenrolled", { course: "C" }).segments).toEqual(["idle", "in"]);
  });

  test("follows an enrolment that ends by itself", () => {
    const life = new Life({ in: [{ field: "enrolled", op: "is", value: "c" }] });
    life.event("course.enrolled", { course: "c", expires_at: new Date(START + DAY).toISOString() });
    expect(life.pass(2 * DAY)).toEqual([["segment.left in", "2026-01-06T09:00:00.000Z"]]);
  });
});

describe("a rule that time turns", () => {
  test("is judged when its moment comes, and the user is woken for it", () => {
    const life = new Life({ away: [{ field: "last_seen", op: "before", value: "-P30D" }] });
    expect([life.segments, life.nextWake]).toEqual([[], null]);
    life.event("school.visited");
    expect(life.nextWake).toBe(START + 30 * DAY + 1);
    expect(life.pass(30 * DAY)).toEqual([]);
    expect(life.pass(1)).toEqual([["segment.joined away", new Date(START + 30 * DAY + 1).toISOString()]]);
    expect([life.event("school.visited").segments, life.nextWake]).toEqual([[], life.now + 30 * DAY + 1]);
  });

  test("takes a day for the whole of it, and numbers as ever", () => {
    const life = new Life({
      soon: [{ field: "start", op: "lte", value: "P7D" }],
      near: [
        { field: "start", op: "after", value: "-P1D" },
        { field: "start", op: "before", value: "P1D" },
      ],
    });
    life.put({ start: "2026-01-20" });
    expect(life.pass(20 * DAY)).toEqual([
      ["segment.joined soon", "2026-01-13T00:00:00.000Z"],
      ["segment.joined near", "2026-01-20T00:00:00.000Z"],
      ["segment.left near", "2026-01-21T00:00:00.000Z"],
    ]);
    expect(life.put({ start: "soon" }).segments).toEqual([]);
    expect(life.nextWake).toBeNull();
  });

  test("that nobody asks for any more wakes nobody", () => {
    const life = new Life({ away: [{ field: "last_seen", op: "before", value: "-P30D" }] });
    life.event("school.visited");
    const bare = { ...testWorld({}), stamp: 2 };
    expect(step(life.state, { kind: "align", fire: false }, bare, START).nextWake).toBeNull();
    expect(life.state.again).toBeUndefined();
  });
});

describe("a turn", () => {
  test("in which a sync gives what another rule reads moves both", () => {
    const life = new Life(
      { a: [{ field: "tags", op: "is", value: "t" }], b: [{ field: "enrolled", op: "is", value: "c" }] },
      { syncs: [syncOf("a", "c")] },
    );
    expect(life.event("tag.added", { tag: "t" }).turns[1]).toEqual(["segment.joined a", "segment.joined b"]);
    expect(life.event("tag.removed", { tag: "t" }).turns[1]).toEqual(["segment.left a", "segment.left b"]);
  });

  test("ends where a rule reads what its own sync gives: nothing goes round", () => {
    const life = new Life({ a: [{ field: "enrolled", op: "is_not", value: "c" }] }, { syncs: [syncOf("a", "c")] });
    expect([life.segments, life.nextWake]).toEqual([["a"], null]);
    expect(life.pass(DAY)).toEqual([]);
  });

  test("moves a segment once: what would move it back is judged right after", () => {
    const then = {
      twice: {
        synchronous: true,
        when: [{ type: "custom", name: "act" }],
        then: [
          { id: "one", type: "tags.add", tags: ["t"] },
          { id: "two", type: "tags.remove", tags: ["t"] },
        ],
      },
    };
    const life = new Life({ a: [{ field: "tags", op: "is", value: "t" }] }, { then });
    expect(life.event("custom.act").turns[1]).toEqual(["segment.joined a"]);
    expect(life.nextWake).toBe(START);
    expect(life.pass(0)).toEqual([["segment.left a", "2026-01-05T09:00:00.000Z"]]);
    expect([life.segments, life.nextWake]).toEqual([[], null]);
  });

  test("of automations that undo each other goes on for no more than the turn after", () => {
    const undoing = (type: string, action: string) => ({
      ...{ synchronous: true, when: [{ type, segments: ["a"] }], then: [{ type: action, tags: ["t"], id: "step" }] },
    });
    const then = {
      off: undoing("segment.joined", "tags.remove"),
      on: undoing("segment.left", "tags.add"),
    };
    const life = new Life({ a: [{ field: "tags", op: "is", value: "t" }] }, { then });
    expect(life.event("tag.added", { tag: "t" }).turns[1]).toEqual(["segment.joined a"]);
    expect(life.pass(30 * DAY).map(([what]) => what)).toEqual(["segment.left a"]);
  });
});

// ---- Against a model ----

const seenAt = ({ lastSeen }: Learner) => lastSeen.school?.at;
const isEnrolledIn = ({ enrolments }: Learner, course: string) =>
  enrolments.some(({ product, sources }) => product === course && sources.some(({ suspended }) => !suspended));
const dayOf = ({ fields }: Learner) => (typeof fields.day === "string" ? Date.parse(fields.day) : undefined);

/** Each segment by its rule, and by what that means, said once more. */
const MEANT: Record<string, { where: Clause[]; means(learner: Learner, now: number): boolean }> = {
  vip: { where: [{ field: "tags", op: "is", value: "VIP" }], means: ({ tags }) => tags.includes("vip") },
  untagged: { where: [{ field: "tags", op: "is_empty" }], means: ({ tags }) => !tags.length },
  c1: { where: [{ field: "enrolled", op: "is", value: "c1" }], means: (one) => isEnrolledIn(one, "c1") },
  out: { where: [{ field: "enrolled", op: "is_not", value: "c2" }], means: (one) => !isEnrolledIn(one, "c2") },
  done: {
    where: [{ field: "completed", op: "in", value: ["c1", "c2"] }],
    means: ({ courses }) => ["c1", "c2"].some((one) => typeof courses[one]?.completedAt === "number"),
  },
  away: {
    where: [{ field: "last_seen", op: "lt", value: "-PT12H" }],
    means: (one, now) => (seenAt(one) ?? now) + 1 <= now - 12 * HOUR,
  },
  here: {
    where: [
      { field: "last_seen", op: "after", value: "-P2D" },
      { field: "enrolled", op: "is", value: "c1" },
    ],
    means: (one, now) => (seenAt(one) ?? 0) > now - 2 * DAY && isEnrolledIn(one, "c1"),
  },
  soon: {
    where: [{ field: "day", op: "before", value: "P2D" }],
    means: (one, now) => (dayOf(one) ?? Number.POSITIVE_INFINITY) + DAY <= now + 2 * DAY,
  },
};

const change = fc.oneof(
  fc
    .tuple(fc.constantFrom("tag.added", "tag.removed"), fc.constantFrom("vip", "b"))
    .map(([type, tag]) => [type, { tag }] as const),
  fc
    .tuple(
      fc.constantFrom("enrolled", "unenrolled", "suspended", "resumed", "completed", "progress_reset"),
      fc.constantFrom("c1", "c2"),
    )
    .map(([what, course]) => [`course.${what}`, { course }] as const),
  fc.constantFrom(["school.visited", {}] as const, ["course.visited", { course: "c1" }] as const),
  fc.constantFrom("2026-01-06", "2026-01-08", "2026-01-30", null).map((day) => ["put", { day }] as const),
  fc.integer({ min: 0, max: 80 }).map((hours) => ["pass", { hours }] as const),
);

test("whatever happens and whenever, members are those whom the rules mean, and no turn moves anybody twice", () => {
  const rules = Object.fromEntries(Object.entries(MEANT).map(([id, { where }]) => [id, where]));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), fc.boolean(), (changes, isSynced) => {
      // Who is a vip gets c1, which other rules read.
      const life = new Life(rules, { syncs: isSynced ? [syncOf("vip", "c1")] : [] });
      for (const [type, data] of changes) {
        if ("hours" in data) life.pass(data.hours * HOUR);
        else if ("day" in data) life.put({ day: data.day });
        else life.event(type, data);
        for (const moves of type === "pass" ? [] : life.turns) {
          const about = moves.map((one) => one.split(" ")[1]);
          expect(new Set(about).size).toBe(about.length);
        }
        const { learner } = life.state;
        const meant = Object.keys(MEANT).filter((id) => MEANT[id]?.means(learner, life.now));
        expect(life.segments).toEqual(meant.sort());
      }
    }),
  );
});
