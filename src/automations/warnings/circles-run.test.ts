import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkDefinition } from "../../catalogue/checking/check";
import { type Clause, compileClause } from "../../catalogue/segments/clause";
import { compile } from "../../engine/compile/compile";
import { listenersTo } from "../../engine/compile/listeners";
import type { Input } from "../../engine/inputs/input";
import { advance } from "../../engine/step";
import { testWorld } from "../../engine/test-world";
import type { CompiledAutoGroup, CompiledSegment, SegmentSync, World } from "../../engine/types";
import { cyclesOf, makersAmong } from "./circles";
import {
  add,
  BEGINNINGS,
  type Body,
  enrol,
  hasAny,
  isField,
  learnerAt,
  MOVES,
  offTag,
  onField,
  onTag,
  remove,
  set,
  unenrol,
} from "./test-lives";

/*
 * Whether what is warned of as a circle goes on for ever, and nothing else does: each school is let live by the engine,
 * from many beginnings. Every automation waits first, so that no guard against chains ends what would go on.
 */

const HOUR = 3_600_000;
const ROUNDS = 8;

interface School {
  own: Body;
  others?: Record<string, Body>;
  rules?: Record<string, Clause[]>;
  syncs?: [segment: string, course: string, group?: string][];
  groups?: [course: string, field: string][];
  /** Its own automation does not wait first. */
  atOnce?: true;
}

const wait = { type: "wait", for: "PT2H" };
const slow = (body: Body): Body => ({ ...body, then: [wait, ...(body.then as unknown[])] });
const ownOf = ({ own, atOnce }: School): Body => (atOnce ? own : slow(own));

function worldOf({ others = {}, rules = {}, syncs = [], groups = [], ...given }: School): World {
  const slowly = Object.entries(others).map(([id, body]) => [id, slow(body)]);
  const bodies = [["own", ownOf(given)], ...slowly];
  const world = testWorld(Object.fromEntries(bodies));
  const segments = Object.entries(rules).map(([id, where]): [string, CompiledSegment] => [
    id,
    {
      id,
      managed: true,
      rules: [{ id: `r-${id}`, match: "all", clauses: where.map((one) => compileClause(one, "UTC")) }],
    },
  ]);
  return {
    ...world,
    segments: new Map(segments),
    syncs: syncs.map(
      ([segment, course, group = null]): SegmentSync => ({
        ...{ id: `sync-${segment}`, active: true, segment, course, role: "student", group, onLeave: "unenrol" },
      }),
    ),
    autoGroups: groups.map(
      ([course, field]): CompiledAutoGroup => ({ id: `auto-${course}`, active: true, course, field }),
    ),
  };
}

const isWarned = (school: School): boolean => {
  const world = worldOf(school);
  const { definition, faults } = checkDefinition(ownOf(school));
  expect(faults).toEqual([]);
  const { segments, syncs, autoGroups } = world;
  const listeners = (type: string, data: Record<string, unknown>) => listenersTo(world, type, data);
  return (
    cyclesOf({
      id: "own",
      program: compile(definition, 1),
      listeners,
      makers: makersAmong(world.automations),
      segments,
      syncs,
      autoGroups,
      school: world.school,
    }).length > 0
  );
};

/**
 * Whether from some beginning it starts again and again, of what it itself brought about.
 * @param kicks what may happen besides, once, while the first run waits
 */
function goesOn(school: School, kicks: readonly (Input | null)[]): boolean {
  let back = 0;
  const heed: World["heed"] = ({ happening: { lineage, type, data } }) => {
    const own = lineage.includes("own") ? world.byId.get("own") : undefined;
    if (own?.program.when.some(({ on, accepts }) => on.includes(type) && accepts(data))) back++;
  };
  const world = { ...worldOf(school), heed };
  const moves = MOVES.flatMap((move) => kicks.map((kick) => ({ move, kick })));
  for (const beginning of BEGINNINGS)
    for (const { move, kick } of moves) {
      const { state, take, ...learner } = learnerAt(beginning, world);
      let now = learner.now;
      back = 0;
      take(move, now);
      now += HOUR;
      if (kick) take(kick, now);
      for (let n = 0; n < ROUNDS * 4; n++) {
        now += 3 * HOUR;
        advance(state, world, now, { jumps: true });
      }
      if (Math.min(state.starts.own?.count ?? 0, back + 1) >= ROUNDS) return true;
    }
  return false;
}

const joins = { type: "segment.joined", segments: ["s"] };
const leaves = { type: "segment.left", segments: ["s"] };
const inGroup = (group: string) => ({ type: "group.joined", groups: [group] });

const TABLE: [name: string, school: School, circle: boolean][] = [
  ["what the trigger says is given again", { own: { when: [onTag("a")], then: [add("a")] } }, false],
  ["it is taken and given", { own: { when: [onTag("a")], then: [remove("a"), add("a")] } }, true],
  [
    "it is given, which does nothing, and taken once a wait is over",
    { own: { when: [onTag("a")], then: [add("a"), wait, remove("a")] }, atOnce: true },
    false,
  ],
  [
    "it is given, which does nothing unless it was taken during the wait before, and taken",
    { own: { when: [onTag("a")], then: [add("a"), remove("a")] } },
    true,
  ],
  [
    "it is given and taken in rounds between which it waits",
    {
      own: { when: [onTag("a")], then: [{ type: "repeat", times: 2, steps: [add("a"), wait, remove("a")] }] },
      atOnce: true,
    },
    true,
  ],
  ["a learner enters once", { own: { when: [onTag("a")], then: [remove("a"), add("a")], reentry: "once" } }, false],
  [
    "so many times and no more",
    { own: { when: [onTag("a")], then: [remove("a"), add("a")], limit: { times: 3, per: null } } },
    false,
  ],
  [
    "two give what the other takes",
    {
      own: { when: [onTag("a")], then: [remove("a"), add("b")] },
      others: { b: { when: [onTag("b")], then: [remove("b"), add("a")] } },
    },
    true,
  ],
  [
    "the other enters once",
    {
      own: { when: [onTag("a")], then: [remove("a"), add("b")] },
      others: { b: { when: [onTag("b")], then: [remove("b"), add("a")], reentry: "once" } },
    },
    false,
  ],
  [
    "two give each other's tag and take none",
    { own: { when: [onTag("a")], then: [add("b")] }, others: { b: { when: [onTag("b")], then: [add("a")] } } },
    false,
  ],
  [
    "two give what the other takes, and are never for the same learner",
    {
      own: { when: [onTag("a")], only_if: isField("x"), then: [remove("a"), add("b")] },
      others: { b: { when: [onTag("b")], only_if: isField("y"), then: [remove("b"), add("a")] } },
    },
    false,
  ],
  [
    "what keeps them apart goes to and fro with them",
    {
      own: { when: [onTag("a")], only_if: hasAny("a"), then: [remove("a"), add("b")] },
      others: { b: { when: [onTag("b")], only_if: { not: hasAny("a") }, then: [remove("b"), add("a")] } },
    },
    true,
  ],
  ["a field is written as it is", { own: { when: [onField], then: [set("x")] } }, false],
  ["a field is written to and fro", { own: { when: [onField], then: [set("x"), set("y")] } }, true],
  [
    "a field's change puts into a group that writes the field",
    {
      own: { when: [inGroup("c:x")], then: [set("y"), set("x")] },
      groups: [["c", "f"]],
    },
    true,
  ],
  [
    "two groups write each other's value",
    {
      own: { when: [inGroup("c:x")], then: [set("y")] },
      others: { y: { when: [inGroup("c:y")], then: [set("x")] } },
      groups: [["c", "f"]],
    },
    true,
  ],
  [
    "a group writes the value it is of",
    { own: { when: [inGroup("c:x")], then: [set("x")] }, groups: [["c", "f"]] },
    false,
  ],
  ["of another group", { own: { when: [inGroup("other")], then: [set("y"), set("x")] }, groups: [["c", "f"]] }, false],
  [
    "whoever joins is led out, and in",
    { own: { when: [joins], then: [remove("a"), add("a")] }, rules: { s: [{ field: "tags", op: "is", value: "a" }] } },
    true,
  ],
  [
    "whoever joins is given what they have",
    { own: { when: [joins], then: [add("a")] }, rules: { s: [{ field: "tags", op: "is", value: "a" }] } },
    false,
  ],
  [
    "whoever joins is to be taken out and put in by steps, which fail as there are rules",
    {
      own: { when: [joins], then: ["remove", "add"].map((what) => ({ type: `segment.${what}`, segments: ["s"] })) },
      rules: { s: [{ field: "tags", op: "is", value: "a" }] },
    },
    false,
  ],
  [
    "a sync gives what starts it, and it takes the tag",
    {
      own: { when: [{ type: "course.enrolled", courses: ["c"] }], then: [remove("a"), add("a")] },
      rules: { s: [{ field: "tags", op: "is", value: "a" }] },
      syncs: [["s", "c"]],
    },
    true,
  ],
  [
    "whoever leaves is enrolled again",
    { own: { when: [{ type: "course.unenrolled", courses: ["c"] }], then: [enrol] } },
    false,
  ],
  [
    "for a time, and again when it is over",
    { own: { when: [{ type: "course.unenrolled", courses: ["c"] }], then: [{ ...enrol, expires_after: "PT2H" }] } },
    true,
  ],
];

describe("a circle is told where it goes on for ever, and nowhere else", () => {
  test.each(TABLE)("%s", (_, school, circle) => {
    expect({ goesOn: goesOn(school, [null, ...MOVES]), isWarned: isWarned(school) }).toEqual({
      goesOn: circle,
      isWarned: circle,
    });
  });

  const trigger = fc.constantFrom(
    ...[onTag("a"), onTag("b"), offTag("a"), onField, joins, leaves, inGroup("c:x"), inGroup("c:y")],
    ...[
      { type: "course.enrolled", courses: ["c"] },
      { type: "course.unenrolled", courses: ["c"] },
    ],
  );
  const action = fc.constantFrom(
    add("a"),
    add("b"),
    remove("a"),
    remove("b"),
    set("x"),
    set("y"),
    set(null),
    enrol,
    unenrol,
  );
  const body = fc.record({
    when: fc.array(trigger, { minLength: 1, maxLength: 1 }),
    then: fc.array(action, { minLength: 1, maxLength: 3 }),
    reentry: fc.constantFrom("always", "always", "always", "once"),
    only_if: fc.constantFrom(null, null, isField("x"), isField("y"), hasAny("a"), { not: hasAny("a") }),
  });
  const clause = fc.constantFrom<Clause>(
    { field: "tags", op: "is", value: "a" },
    { field: "tags", op: "is_not", value: "b" },
    { field: "f", op: "is", value: "x" },
    { field: "enrolled", op: "is", value: "c" },
  );
  const school = fc.record({
    own: body,
    others: fc.dictionary(fc.constantFrom("o1", "o2"), body, { maxKeys: 2 }),
    rules: fc.record({ s: fc.array(clause, { minLength: 1, maxLength: 1 }) }, { requiredKeys: [] }),
    syncs: fc.constantFrom<School["syncs"]>([], [["s", "c"]]),
    groups: fc.constantFrom<School["groups"]>([], [["c", "f"]]),
  });

  test("nothing goes on for ever that is not told", () => {
    fc.assert(
      fc.property(school, fc.constantFrom(null, ...MOVES), (one, kick) => {
        if (!isWarned(one as School)) expect(goesOn(one as School, [kick])).toBe(false);
      }),
      { seed: Number(process.env.SEED ?? 20261128), numRuns: Number(process.env.RUNS ?? 40) },
    );
  }, 300_000);
});
