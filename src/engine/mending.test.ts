import fc from "fast-check";
import { expect, test } from "vitest";
import { eventOf } from "../catalogue";
import type { Learner } from "../catalogue/facts/facts";
import { type Clause, compileClause } from "../catalogue/segments/clause";
import { wouldBelong } from "./belonging/rules";
import type { Input } from "./inputs/input";
import { advance, newState, step } from "./step";
import { testWorld } from "./test-world";
import type { CompiledSegment, UserState, World } from "./types";

/* A segment whose members are not by its rules any more is mended: what becomes of each learner. */

const NOW = Date.UTC(2026, 0, 5, 9);
const DAY = 86_400_000;
const BY_HAND = { by: "hand", id: "key:1" } as const;

/** Of two segments, and of what only one of them is given for. */
interface Rules {
  managed: boolean;
  rules: { match: "all" | "any"; where: Clause[]; held: boolean }[];
}

const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.constantFrom("ads", "shop").map((value): Clause => ({ field: "source", op: "is", value })),
  fc.constantFrom("a", "b").map((value): Clause => ({ field: "tags", op: "is", value })),
  fc.constantFrom("a", "b").map((value): Clause => ({ field: "tags", op: "is_not", value })),
  fc.constantFrom("P1D", "P3D").map((value): Clause => ({ field: "registered_at", op: "before", value: `-${value}` })),
);
const rules = fc.record({
  managed: fc.boolean(),
  rules: fc.array(
    fc.record({
      match: fc.constantFrom<("all" | "any")[]>("all", "any"),
      where: fc.array(clause, { minLength: 1, maxLength: 2 }),
      held: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
});

const segmentOf = (id: string, { managed, rules }: Rules): CompiledSegment => ({
  id,
  managed,
  rules: rules.map(({ match, where, held }, n) => ({
    ...{ id: `rul_${id}${n}`, match, clauses: where.map((one) => compileClause(one, "UTC")) },
    ...(held ? { held: true as const } : {}),
  })),
});

const SYNC = { active: true, role: "student", group: "g", onLeave: "unenrol" } as const;

const worldOf = (mended: Rules, other: Rules): World => ({
  ...testWorld({
    watches: { when: [{ type: "segment.joined" }, { type: "segment.left" }, { type: "course.enrolled" }], then: [] },
  }),
  segments: new Map([
    ["s", segmentOf("s", mended)],
    ["o", segmentOf("o", other)],
  ]),
  syncs: [
    { ...SYNC, id: "syn_s", segment: "s", course: "c" },
    { ...SYNC, id: "syn_o", segment: "o", course: "d" },
  ],
});

type Act =
  | { kind: "put"; source: string }
  | { kind: "tag"; type: "tag.added" | "tag.removed"; tag: string }
  | { kind: "enrol"; course: string }
  | { kind: "member"; segment: string; joins: boolean }
  | { kind: "pass"; days: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom("ads", "shop", "else").map((source): Act => ({ kind: "put", source })),
  fc.record({
    kind: fc.constant("tag"),
    type: fc.constantFrom<("tag.added" | "tag.removed")[]>("tag.added", "tag.removed"),
    tag: fc.constantFrom("a", "b"),
  }),
  fc.constantFrom("c", "d").map((course): Act => ({ kind: "enrol", course })),
  fc.record({ kind: fc.constant("member"), segment: fc.constantFrom("s", "o"), joins: fc.boolean() }),
  fc.constantFrom(1, 2).map((days): Act => ({ kind: "pass", days })),
);

class Life {
  readonly state: UserState = newState("anna", NOW);
  now = NOW;

  take(world: World, input: Input) {
    return step(this.state, input, world, this.now).effects;
  }

  live(world: World, one: Act): void {
    if (one.kind === "pass") {
      this.now += one.days * DAY;
      advance(this.state, world, this.now, { jumps: true });
    } else if (one.kind === "put") {
      this.take(world, { kind: "put", attributes: { source: one.source }, origin: BY_HAND });
    } else if (one.kind === "member") {
      const { segment, joins } = one;
      if (!world.segments.get(segment)?.managed)
        this.take(world, { kind: "member", segment, joins, quiet: false, origin: BY_HAND });
    } else {
      const [type, data] =
        one.kind === "tag" ? [one.type, { tag: one.tag }] : ["course.enrolled", { course: one.course }];
      const event = eventOf(type);
      if (!event) throw new Error(`no event ${type}`);
      const id = `e${this.state.order}`;
      this.take(world, { kind: "event", id, event, type, data: event.data.parse(data), attributes: {}, at: this.now });
    }
  }

  mend(world: World) {
    return this.take(world, { kind: "align", segment: "s", fire: false });
  }
}

/** All of a learner but the membership, what the segment's own sync gave for it, and the record of its course. */
function besides({ segments, givers, enrolments, groups, courses, ...rest }: Learner): unknown {
  const without = (record: object, key: string) => Object.entries(record).filter(([one]) => one !== key);
  const others = <T extends { sources: readonly { source: string }[] }>(list: readonly T[]) =>
    list.flatMap((one) => {
      const sources = one.sources.filter(({ source }) => source !== "sync:syn_s");
      return sources.length ? [{ ...one, sources }] : [];
    });
  return structuredClone({
    ...rest,
    givers: { ...givers, segments: without(givers.segments, "s") },
    segments: segments.filter((id) => id !== "s"),
    courses: without(courses, "c"),
    enrolments: others(enrolments),
    groups: others(groups),
  });
}

/** The rules that have a learner in, written out: one that is held, only whom it has. */
function rulesOf({ id, rules }: CompiledSegment, learner: Learner, now: number) {
  const isMember = learner.segments.includes(id);
  return rules.filter((rule) => {
    const how = rule.match === "all" ? "every" : "some";
    const isMeant = rule.clauses[how](({ holds }) => holds(learner, now));
    return rule.held ? isMember && (isMeant || learner.givers.segments[id]?.id === rule.id) : isMeant;
  });
}

test("whoever is looked at becomes what was said, by whom it was said, and nothing besides; twice is once", () => {
  let [joined, left, stayed] = [0, 0, 0];
  fc.assert(
    fc.property(rules, rules, rules, fc.array(act, { maxLength: 10 }), (before, after, other, acts) => {
      const life = new Life();
      const earlier = worldOf(before, other);
      for (const one of acts) life.live(earlier, one);
      const world = { ...worldOf({ ...after, managed: true }, other), stamp: 2 };
      const segment = world.segments.get("s");
      if (!segment) throw new Error("no segment");
      // What becomes of definitions alone comes with whatever is first.
      advance(life.state, world, life.now, { jumps: true });
      const { learner } = life.state;
      const was = structuredClone(learner);
      const isMember = () => life.state.learner.segments.includes("s");
      const [wasMember, having] = [isMember(), rulesOf(segment, was, life.now)];
      const belongs = having.length > 0;
      expect(wouldBelong(segment, learner, life.now)).toBe(belongs);
      const { facts, begun } = life.mend(world);
      expect(isMember()).toBe(belongs);
      expect(wouldBelong(segment, life.state.learner, life.now)).toBe(belongs);
      expect(begun).toEqual([]);
      expect(facts.every(({ quiet }) => quiet)).toBe(true);
      const moved = facts.filter(({ type }) => type.startsWith("segment."));
      expect(moved.map(({ type, data }) => [type, data.segment])).toEqual(
        belongs === wasMember ? [] : [[belongs ? "segment.joined" : "segment.left", "s"]],
      );
      expect(besides(life.state.learner)).toEqual(besides(was));
      const giver = life.state.learner.givers.segments.s;
      if (wasMember && belongs) {
        stayed++;
        expect(giver).toEqual(was.givers.segments.s);
        expect(facts).toEqual([]);
      } else if (belongs) {
        joined++;
        expect(giver).toMatchObject({ by: "rule", id: having[0]?.id });
      } else {
        left += wasMember ? 1 : 0;
        expect(giver).toBeUndefined();
      }
      const once = structuredClone(life.state.learner);
      expect(life.mend(world).facts).toEqual([]);
      expect(life.state.learner).toEqual(once);
    }),
    { numRuns: 300 },
  );
  // It is no test where nothing differs.
  expect(Math.min(joined, left, stayed)).toBeGreaterThan(5);
});
