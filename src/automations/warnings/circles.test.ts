import { expect, test } from "vitest";
import { checkDefinition } from "../../catalogue/checking/check";
import { type Clause, compileClause } from "../../catalogue/segments/clause";
import { followingSyncs, turnsOf } from "../../engine/belonging/by-itself";
import { compile } from "../../engine/compile/compile";
import { listenersTo } from "../../engine/compile/listeners";
import { testWorld } from "../../engine/test-world";
import type { CompiledAutoGroup, CompiledSegment, SegmentSync } from "../../engine/types";
import { cyclesOf, makersAmong } from "./circles";

/* Circles that go through what follows by itself: the rules of segments, and syncs. */

const program = (body: Record<string, unknown>) => {
  const { definition, faults } = checkDefinition({ then: [], ...body });
  expect(faults).toEqual([]);
  return compile(definition, 1);
};
const segment = (id: string, where: Clause[], held?: true): [string, CompiledSegment] => [
  id,
  {
    id,
    managed: true,
    rules: [
      {
        id: `rule of ${id}`,
        match: "all",
        clauses: where.map((one) => compileClause(one, "UTC")),
        ...(held && { held }),
      },
    ],
  },
];
const sync = (of: string, course: string, more: Partial<SegmentSync> = {}): SegmentSync => ({
  id: `sync of ${of}`,
  active: true,
  segment: of,
  course,
  role: "student",
  group: null,
  onLeave: "unenrol",
  ...more,
});

interface Around {
  segments?: [string, CompiledSegment][];
  syncs?: SegmentSync[];
  autoGroups?: CompiledAutoGroup[];
  others?: Record<string, Record<string, unknown>>;
}
const found = (body: Record<string, unknown>, around: Around = {}) => {
  const { segments = [], syncs = [], autoGroups = [], others = {} } = around;
  const world = testWorld({ ...others, own: body });
  const cycles = cyclesOf({
    id: "own",
    program: program(body),
    listeners: (type, data) => listenersTo(world, type, data),
    makers: makersAmong(world.automations),
    segments: new Map(segments),
    syncs,
    autoGroups,
    school: world.school,
  });
  return cycles;
};

const joins = (id: string) => ({ type: "segment.joined", segments: [id] });
const leaves = (id: string) => ({ type: "segment.left", segments: [id] });
const set = (value: string) => ({ type: "user.set_field", field: "lvl", value });
const add = (tag: string) => ({ type: "tags.add", tags: [tag] });
const wait = { type: "wait", for: "PT2H" };
const remove = (tag: string) => ({ type: "tags.remove", tags: [tag] });

test("a circle through the rule of a segment is told, with the segment", () => {
  const gold = segment("gold", [{ field: "lvl", op: "is", value: "gold" }]);
  expect(found({ when: [joins("gold")], then: [set("gold")] }, { segments: [gold] })).toEqual([]);
  expect(found({ when: [joins("gold")], then: [set("silver"), set("gold")] }, { segments: [gold] })).toEqual([
    {
      code: "cycle",
      message: 'What it does may start it again, by way of the segments "gold".',
      automations: ["own"],
      segments: ["gold"],
    },
  ]);
  // What is rendered may be anything.
  expect(found({ when: [joins("gold")], then: [set("{{ user.locale }}")] }, { segments: [gold] })).toHaveLength(1);
});

test("no circle where what is done leads out of the segment, or its rule asks for something else", () => {
  const fresh = segment("fresh", [{ field: "tags", op: "is_not", value: "greeted" }]);
  expect(found({ when: [joins("fresh")], then: [add("greeted")] }, { segments: [fresh] })).toEqual([]);
  expect(found({ when: [leaves("fresh")], then: [add("greeted")] }, { segments: [fresh] })).toEqual([]);
  const toAndFro = { then: [remove("Greeted"), add("greeted")] };
  expect(found({ when: [leaves("fresh")], ...toAndFro }, { segments: [fresh] })).toHaveLength(1);
  expect(found({ when: [joins("fresh")], then: [remove("Greeted")] }, { segments: [fresh] })).toEqual([]);
  expect(found({ when: [joins("fresh")], then: [...toAndFro.then].reverse() }, { segments: [fresh] })).toHaveLength(1);
  expect(found({ when: [joins("fresh")], then: [remove("else")] }, { segments: [fresh] })).toEqual([]);
  const isNew = segment("new", [{ field: "lvl", op: "is", value: "new" }]);
  expect(found({ when: [joins("new")], then: [set("met")] }, { segments: [isNew] })).toEqual([]);
  const other = segment("other", [{ field: "team", op: "is", value: "new" }]);
  expect(found({ when: [joins("other")], then: [set("new")] }, { segments: [other] })).toEqual([]);
});

test("what is written is compared as the rule compares it, by its kind", () => {
  const numbers = new Map([["lvl", { type: "number" as const }]]);
  const of = (op: Clause["op"], value: unknown, to: string | null, own = new Map<string, { type: "number" }>()) => {
    const clause = compileClause({ field: "lvl", op, ...(value === undefined ? {} : { value }) }, "UTC", own);
    const [, made] = segment("s", []);
    made.rules[0]?.clauses.push(clause);
    const turns = turnsOf(made, { type: "user.updated", data: { changed: ["fields.lvl"], to } });
    return turns.filter(({ type }) => type === "segment.joined").length;
  };
  expect(of("is", "ONE", " one ")).toBe(1);
  expect(of("in", ["ONE"], "one")).toBe(1);
  expect(of("is_empty", undefined, "Unknown")).toBe(0);
  expect(of("is_not_empty", undefined, null)).toBe(0);
  expect(of("is_empty", undefined, null)).toBe(1);
  expect(of("contains", "new", "old")).toBe(0);
  expect(of("before", "2026-01-01", "2026-06-01")).toBe(0);
  expect(of("gte", 50, "0", numbers)).toBe(0);
  expect(of("gte", 50, "60", numbers)).toBe(1);
  expect(of("is", 31.5, "31.50", numbers)).toBe(1);
});

test("a sync that suspends lets go on who comes back", () => {
  const vip = segment("vip", [{ field: "tags", op: "is", value: "vip" }]);
  const around = { segments: [vip], syncs: [sync("vip", "js-101", { onLeave: "suspend" })] };
  const resumed = { when: [{ type: "course.resumed", courses: ["js-101"] }], then: [remove("vip"), wait, add("vip")] };
  expect(found(resumed, around)).toHaveLength(1);
  expect(found({ ...resumed, then: [remove("vip")] }, around)).toEqual([]);
});

test("a circle goes on through a sync, other automations, and back", () => {
  const vip = segment("vip", [{ field: "tags", op: "is", value: "vip" }]);
  const around = { segments: [vip], syncs: [sync("vip", "js-101")] };
  const own = { when: [{ type: "course.enrolled", courses: ["js-101"] }], then: [remove("vip"), add("VIP")] };
  expect(found(own, around)).toMatchObject([{ automations: ["own"], segments: ["vip"] }]);
  expect(found({ ...own, when: [{ type: "course.enrolled", courses: ["css-101"] }] }, around)).toEqual([]);
  const others = { tags: { when: [{ type: "tag.added", tags: ["a"] }], then: [add("vip")] } };
  expect(found({ ...own, then: [remove("vip"), remove("a"), add("a")] }, { ...around, others })).toMatchObject([
    { automations: ["own", "tags"], segments: ["vip"] },
  ]);
});

test("a rule that is held lets nobody join, and a sync that is off gives nothing; both still let go", () => {
  const held = segment("vip", [{ field: "tags", op: "is", value: "vip" }], true);
  expect(found({ when: [joins("vip")], then: [add("vip")] }, { segments: [held] })).toEqual([]);
  const vip = segment("vip", [{ field: "tags", op: "is", value: "vip" }]);
  const off = [sync("vip", "js-101", { active: false, onLeave: "suspend" })];
  const enrolled = { when: [{ type: "course.enrolled", courses: ["js-101"] }], then: [add("vip")] };
  expect(found(enrolled, { segments: [vip], syncs: off })).toEqual([]);
  expect(followingSyncs(off, { type: "segment.left", data: { segment: "vip" } }).map(({ fact }) => fact.type)).toEqual([
    "course.suspended",
  ]);
  expect(turnsOf(held[1], { type: "tag.removed", data: { tag: "vip" } }).map(({ type }) => type)).toEqual([
    "segment.left",
  ]);
});

test("those that are never for the same learner do not start each other, where nothing on the way turns that", () => {
  const on = (type: string, tag: string, then: object[], only_if: object | null = null) => ({
    when: [{ type, tags: [tag] }],
    then,
    only_if,
  });
  const field = (value: string, op = "is") => ({ type: "user.field_is", field: "team", op, value });
  const has = (...tags: string[]) => ({ type: "tags.has", tags });
  const none = (...tags: string[]) => ({ type: "tags.has_none", tags });
  const round = (one: object | null, other: object | null, ...also: object[]) =>
    found(on("tag.added", "a", [remove("a"), add("b"), ...also], one), {
      others: { other: on("tag.added", "b", [remove("b"), add("a")], other) },
    }).length;
  expect(round(null, null)).toBe(1);
  expect(round(field("red"), field("blue"))).toBe(0);
  expect(round(field("red"), { not: field("red") })).toBe(0);
  expect(round(has("vip", "x"), none("vip"))).toBe(0);
  expect(round(field("red"), field("red"))).toBe(1);
  expect(round(field("red"), null)).toBe(1);
  // What goes to and fro on the way excludes nothing.
  expect(round(has("a"), none("a"))).toBe(1);
  expect(round(field("red"), field("blue"), { type: "user.set_field", field: "team", value: "blue" })).toBe(1);
  expect(round(field("red"), field("blue"), { type: "user.set_field", field: "lvl", value: "blue" })).toBe(0);
  const sign = { type: "event.data_is", path: "k", op: "is" };
  expect(round({ ...sign, value: "1" }, { ...sign, value: "2" })).toBe(1);
});

test("segments that follow each other end the search", () => {
  const a = segment("a", [{ field: "enrolled", op: "is", value: "b-course" }]);
  const b = segment("b", [{ field: "enrolled", op: "is", value: "a-course" }]);
  const around = { segments: [a, b], syncs: [sync("a", "a-course"), sync("b", "b-course")] };
  const enrols = { type: "course.enroll", courses: ["a-course"] };
  expect(found({ when: [{ type: "tag.added", tags: ["x"] }], then: [enrols] }, around)).toEqual([]);
  expect(found({ when: [joins("a")], then: [enrols] }, around)).toEqual([]);
  const leaves = { type: "course.unenroll", courses: ["a-course"] };
  expect(found({ when: [joins("a")], then: [leaves, wait, enrols] }, around)).toMatchObject([{ segments: ["b", "a"] }]);
});

test("what undoes it again and again does so only while it is on", () => {
  const own = { when: [{ type: "tag.added", tags: ["a"] }], then: [add("a")] };
  const undoing = { when: [{ type: "tag.added", tags: ["b"] }], then: [remove("b"), remove("a"), add("b")] };
  expect(found(own, { others: { undoing } })).toHaveLength(1);
  expect(found(own, { others: { undoing: { ...undoing, active: false } } })).toEqual([]);
});

// Each compared with each this took minutes.
test("a ring of two thousand, each of which undoes what started it, is found at once", { timeout: 30_000 }, () => {
  const link = (n: number) => ({
    when: [{ type: "tag.added", tags: [`t${n}`] }],
    then: [remove(`t${n}`), add(`t${(n + 1) % 2_000}`)],
  });
  const others = Object.fromEntries(Array.from({ length: 1_999 }, (_, n) => [`a${n + 1}`, link(n + 1)]));
  expect(found(link(0), { others })).toMatchObject([{ automations: expect.objectContaining({ length: 2_000 }) }]);
});
