import { expect, test } from "vitest";
import { testWorld } from "../../engine/test-world";
import type { World } from "../../engine/types";
import { affectingAmong, conflictsOf } from "./conflicts";

type Body = Record<string, unknown>;

const body = (given: Body): Body => ({ when: [signUp], then: [], ...given });

/** What is warned of the automation `own` beside others. */
function conflicts(own: Body, others: Record<string, Body>, also: Partial<World> = {}) {
  const bodies = Object.entries({ own, ...others }).map(([id, one]) => [id, body(one)]);
  const world: World = { ...testWorld(Object.fromEntries(bodies)), ...also };
  const { program } = world.byId.get("own") ?? {};
  if (!program) throw new Error("it is there");
  const { automations, syncs, segments, autoGroups, school } = world;
  const around = { syncs, segments, autoGroups, school };
  return conflictsOf({ id: "own", program, affecting: affectingAmong(automations), ...around });
}
const against = (...given: Parameters<typeof conflicts>) =>
  conflicts(...given).flatMap(({ automations }) => automations ?? ["none"]);

const signUp = { type: "user.signed_up" };
const enrolled = (...courses: string[]) => ({ type: "course.enrolled", ...(courses.length ? { courses } : {}) });
const joined = (segment: string) => ({ type: "segment.joined", segments: [segment] });
const left = (segment: string) => ({ type: "segment.left", segments: [segment] });
const enrol = (...courses: string[]) => ({ type: "course.enroll", courses });
const unenrol = (...courses: string[]) => ({ type: "course.unenroll", courses });
const add = (...tags: string[]) => ({ type: "tags.add", tags });
const remove = (...tags: string[]) => ({ type: "tags.remove", tags });
const set = (value: string | null) => ({ type: "user.set_field", field: "level", value });
const wait = { type: "wait", for: "P30D" };
const has = (tag: string) => ({ type: "tags.has", tags: [tag] });
const sync = {
  id: "s1",
  active: true,
  segment: "sales",
  course: "js",
  role: "student",
  group: "g",
  onLeave: "unenrol",
} as const;

test("one that enrols and one that un-enrols on the same sign-up warn of each other, with what and whom", () => {
  expect(conflicts({ then: [enrol("js", "css")] }, { other: { then: [unenrol("css")] } })).toEqual([
    {
      code: "conflict",
      message: 'On the same fact another automation takes the course "css", which this one gives.',
      automations: ["other"],
    },
  ]);
  expect(against({ then: [unenrol("css")] }, { other: { then: [enrol("js", "css")] } })).toEqual(["other"]);
});

test("each card that takes undoes the one that gives, and nothing else does", () => {
  const pairs: [Body, Body][] = [
    [add("VIP"), remove("vip")],
    [enrol("a"), { type: "course.suspend", courses: ["a"] }],
    [
      { type: "group.add", groups: ["a"] },
      { type: "group.remove", groups: ["a"] },
    ],
    [
      { type: "space.add", spaces: ["a"] },
      { type: "space.remove", spaces: ["a"] },
    ],
    [
      { type: "course.complete", courses: ["a"] },
      { type: "course.reset_progress", courses: ["a"] },
    ],
    [
      { type: "activity.complete", course: "a", activities: ["x"] },
      { type: "activity.reset_progress", course: "a", activities: ["x"] },
    ],
    [set("one"), set("two")],
    [set("one"), set(null)],
  ];
  for (const [i, [gives, takes]] of pairs.entries()) {
    expect(against({ then: [gives] }, { other: { then: [takes] } }), JSON.stringify(gives)).toEqual(["other"]);
    for (const [j, [, foreign]] of pairs.entries()) {
      // Enrolling and un-enrolling, and the two of a field, are of one thing.
      if (i === j || (i >= 6 && j >= 6)) continue;
      expect(against({ then: [gives] }, { other: { then: [foreign] } }), JSON.stringify([gives, foreign])).toEqual([]);
    }
  }
  expect(against({ then: [set("one")] }, { other: { then: [set("one")] } })).toEqual([]);
  const reset = { type: "activity.reset_progress", course: "a", activities: ["y"] };
  expect(against({ then: [pairs[5]?.[0]] }, { other: { then: [reset] } })).toEqual([]);
});

test("on other facts, after a wait, or while the other is off there is none", () => {
  const own = { then: [enrol("js")] };
  expect(against(own, { other: { then: [wait, unenrol("js")] } })).toEqual([]);
  expect(against({ then: [wait, enrol("js")] }, { other: { then: [unenrol("js")] } })).toEqual([]);
  expect(against(own, { other: { active: false, then: [unenrol("js")] } })).toEqual([]);
  expect(against(own, { other: { when: [{ type: "user.signed_in" }], then: [unenrol("js")] } })).toEqual([]);
  const on = (course: string, then: Body[]) => ({ when: [enrolled(course)], then });
  expect(against(on("a", [add("x")]), { other: on("b", [remove("x")]) })).toEqual([]);
  expect(against(on("a", [add("x")]), { other: on("a", [remove("x")]) })).toEqual(["other"]);
  const away = (days: number, then: Body[]) => ({ when: [{ type: "inactivity.school", days }], then });
  expect(against(away(7, [add("x")]), { other: away(30, [remove("x")]) })).toEqual([]);
});

test("a wait on every way to a step is one before it, on some ways it is none", () => {
  const branch = (yes: Body[], no: Body[]) => ({ type: "branch", if: has("a"), yes, no });
  const other = { then: [remove("x")] };
  const reached = (...then: Body[]) => against({ then }, { other });
  expect(reached(branch([wait], [wait]), add("x"))).toEqual([]);
  expect(reached(branch([wait], []), add("x"))).toEqual(["other"]);
  expect(reached(branch([wait], [{ type: "exit" }]), add("x"))).toEqual([]);
  const split = (percent: number, steps: Body[]) => ({
    type: "split",
    paths: [
      { percent, steps },
      { percent: 100 - percent, steps: [wait] },
    ],
  });
  expect(reached(split(0, [add("x")]))).toEqual([]);
  expect(reached(split(0, []), add("x"))).toEqual([]);
  expect(reached(split(1, []), add("x"))).toEqual(["other"]);
  expect(reached(branch([add("x")], [wait]))).toEqual(["other"]);
  expect(
    reached({ type: "wait_for", event: enrolled(), timeout: "P1D", on_event: [add("x")], on_timeout: [] }),
  ).toEqual([]);
  expect(reached({ type: "repeat", times: 3, steps: [add("x"), wait] })).toEqual(["other"]);
  expect(reached({ type: "repeat", times: 3, steps: [wait, add("x")] })).toEqual([]);
});

test("those that are never for the same user are no conflict", () => {
  const own = { only_if: { all: [has("vip"), { type: "user.is_paying" }] }, then: [enrol("js")] };
  const other = (only_if: Body) => ({ other: { only_if, then: [unenrol("js")] } });
  expect(against(own, other({ not: has("vip") }))).toEqual([]);
  expect(against(own, other({ not: { any: [has("vip"), has("other")] } }))).toEqual([]);
  expect(against(own, other({ type: "user.is_not_paying" }))).toEqual([]);
  expect(against(own, other({ type: "tags.has_none", tags: ["vip"] }))).toEqual([]);
  expect(against(own, other({ type: "tags.has_none", tags: ["VIP"] }))).toEqual([]);
  expect(against(own, other({ not: has("Vip") }))).toEqual([]);
  expect(against(own, other({ type: "tags.has_none", tags: ["staff"] }))).toEqual(["other"]);
  expect(against(own, other({ any: [{ not: has("vip") }, has("b")] }))).toEqual(["other"]);
});

test("one that asks for what makes its step idle, or for what the fact denies, is in no conflict", () => {
  const off = { type: "tag.removed", tags: ["a"] };
  const isIn = { type: "course.is_enrolled", courses: ["js"] };
  const both = (own: Body, other: Body) =>
    [against(own, { o: other }), against(other, { o: own })].map((found) => found.length);
  const out = (more: Body) => ({ when: [off], only_if: { not: isIn }, then: [unenrol("js")], ...more });
  const puts = (more: Body = {}) => ({ when: [off], then: [enrol("js")], ...more });
  expect(both(puts({ synchronous: true }), out({ synchronous: true }))).toEqual([0, 0]);
  expect(both(puts(), out({ synchronous: true }))).toEqual([0, 0]);
  // Both are judged before either acts.
  expect(both(puts(), out({}))).toEqual([1, 1]);
  expect(both(puts({ synchronous: true }), out({ synchronous: true, then: [enrol("js"), unenrol("js")] }))).toEqual([
    1, 1,
  ]);
  const gives = { synchronous: true, only_if: has("x"), then: [add("X")] };
  expect(both(gives, { then: [remove("x")] })).toEqual([0, 0]);
  expect(both({ ...gives, only_if: has("y") }, { then: [remove("x")] })).toEqual([1, 1]);
  const never = { when: [enrolled("js")], only_if: { not: isIn }, then: [add("x")] };
  expect(both(never, { when: [enrolled("js")], then: [remove("x")] })).toEqual([0, 0]);
  expect(both(never, { when: [enrolled("js")], then: [remove("x"), unenrol("js")] })).toEqual([1, 1]);
});

test("comparisons that no value passes both of exclude each other, and no others do", () => {
  const custom = (...where: Body[]) => ({ when: [{ type: "custom", name: "z", ...(where.length ? { where } : {}) }] });
  const of = (on: Body) => (op: string, value?: unknown) => ({ ...on, op, ...(value === undefined ? {} : { value }) });
  const field = of({ type: "user.field_is", field: "x" });
  const data = of({ type: "event.data_is", path: "k" });
  const fields = new Map([["x", { key: "x", type: "list" }]]) as unknown as World["school"]["fields"]; // its type is all that is read
  const { school } = testWorld({}, { fields });
  const given = (one: Body, other: Body, also: Partial<World> = {}) =>
    against(
      { ...custom(), only_if: one, then: [add("a")] },
      { o: { ...custom(), only_if: other, then: [remove("a")] } },
      also,
    );
  const apart = (one: Body, other: Body, also: Partial<World> = {}) => {
    expect([given(one, other, also), given(other, one, also)], JSON.stringify([one, other])).toEqual([[], []]);
  };
  const together = (one: Body, other: Body, also: Partial<World> = {}) => {
    expect([given(one, other, also), given(other, one, also)], JSON.stringify([one, other])).toEqual([["o"], ["o"]]);
  };
  for (const one of [field, data]) {
    apart(one("is", "1"), one("is", "2"));
    apart(one("is", "a"), one("is_not", "a"));
    apart(one("is", "a"), { not: one("is", "A") });
    apart(one("is_empty"), one("is_not_empty"));
    apart(one("is_empty"), one("is_not", "a"));
    apart(one("in", ["a", "b"]), one("is", "c"));
    apart(one("is", 3), one("gt", 3));
    apart(one("contains", "a"), one("not_contains", "a"));
    together(one("is", "a"), one("is", " A "));
    together(one("is", 1), one("is", "1.0"));
    together(one("is", 1), one("is_not", "1.0"));
    together(one("is", "a"), one("is_not", "b"));
    together(one("in", ["a", "b"]), one("is", "b"));
    together(one("is_not", "a"), one("is_not", "b"));
    together(one("is_empty"), { not: one("is", "a") });
    together({ not: one("is", "a") }, { not: one("is", "b") });
  }
  together(field("is", "1"), { ...field("is", "2"), field: "y" });
  together(data("is", "1"), { ...data("is", "2"), path: "l" });
  together(field("is", "1"), data("is", "2"));
  together(field("is", "1"), field("is", "2"), { school });
  together(field("is_empty"), field("is_not", "a"), { school });
  apart(field("is", "1"), field("is_not", "1"), { school });
  apart(field("is", "1"), field("is_empty"), { school });

  const started = (one: Body[], other: Body[]) =>
    against({ ...custom(...one), then: [add("a")] }, { o: { ...custom(...other), then: [remove("a")] } });
  const where = of({ path: "k" });
  expect(started([where("is", "1")], [where("is", "2")])).toEqual([]);
  expect(started([where("is", "1")], [where("is_not", "1")])).toEqual([]);
  expect(started([where("is", "1")], [{ ...where("is", "2"), path: "l" }])).toEqual(["o"]);
  expect(started([where("is", "1")], [])).toEqual(["o"]);
});

test("$trigger is what the triggers name, or whatever the fact is about", () => {
  const own = { when: [enrolled("js")], then: [unenrol("$trigger")] };
  const named = { when: [enrolled()], then: [enrol("js")] };
  expect(against(own, { named })).toEqual(["named"]);
  expect(against(named, { own2: own })).toEqual(["own2"]);
  const open = { when: [enrolled()], then: [unenrol("$trigger")] };
  expect(against(open, { named: { when: [enrolled("js")], then: [enrol("js")] } })).toEqual(["named"]);
  expect(against({ when: [enrolled("js")], then: [enrol("js")] }, { open })).toEqual(["open"]);
  expect(against({ when: [enrolled("js")], then: [enrol("css")] }, { open })).toEqual([]);
});

test("what a sync gives and takes is undone on the fact that it goes by", () => {
  const segments: World["segments"] = new Map([
    ["sales", { id: "sales", managed: true, rules: [{ id: "r", match: "all", clauses: [] }] }],
    ["hand", { id: "hand", managed: false, rules: [] }],
  ]);
  const of = (own: Body, syncs: World["syncs"] = [sync]) =>
    conflicts(own, {}, { syncs, segments }).map((one) => one.message);
  expect(of({ when: [joined("sales")], then: [unenrol("js")] })).toEqual([
    'On the same fact the sync of the segment "sales" with the course "js" gives the course "js", which this one takes.',
  ]);
  expect(of({ when: [left("sales")], then: [{ type: "group.add", groups: ["g"] }] })).toHaveLength(1);
  expect(of({ when: [left("sales")], then: [unenrol("js")] })).toEqual([]);
  expect(of({ when: [joined("hand")], then: [unenrol("js")] })).toEqual([]);
  expect(of({ then: [unenrol("js")] })).toEqual([]);
  expect(of({ when: [joined("sales")], then: [unenrol("js")] }, [{ ...sync, active: false }])).toEqual([]);
  expect(of({ when: [joined("sales")], then: [unenrol("js")] }, [{ ...sync, enrol: false }])).toEqual([]);
  const takes = (segment: string) => ({
    when: [joined(segment)],
    then: [{ type: "segment.remove", segments: [segment] }],
  });
  expect(of(takes("sales"))).toEqual([]);
  expect(of(takes("hand"))).toEqual([]);
  const adds = (segment: string) => ({ other: { then: [{ type: "segment.add", segments: [segment] }] } });
  const removes = (segment: string) => ({ then: [{ type: "segment.remove", segments: [segment] }] });
  const both = (own: string, other = own) => conflicts(removes(own), adds(other), { segments }).length;
  expect([both("hand"), both("sales"), both("hand", "sales")], "rules keep both out").toEqual([1, 0, 0]);
});

test("what a bundle, subscription or seat gives with itself is told of who un-enrols from it when it comes", () => {
  const { school } = testWorld({}, { courseId: (id) => (id === "7" ? "js" : id) });
  const held = { bundles: new Map([["b", ["css", "7"]]]), seats: new Map([["s", ["js"]]]) };
  const of = (own: Body) => conflicts(own, {}, { school: { ...school, ...held } }).map((one) => one.message);
  const on = (type: string, option: string, ids?: string[]) => ({ type, ...(ids ? { [option]: ids } : {}) });
  const bundle = on("bundle.enrolled", "bundles", ["b"]);
  expect(of({ when: [bundle], then: [unenrol("js")] })).toEqual([
    'On the same fact the bundle "b" gives the course "js", which this one takes.',
  ]);
  expect(of({ when: [on("bundle.enrolled", "bundles")], then: [unenrol("css", "js")] })).toHaveLength(2);
  expect(of({ when: [on("seat.added", "seats")], then: [unenrol("js")] })).toEqual([
    'On the same fact the seat offering "s" gives the course "js", which this one takes.',
  ]);
  expect(of({ when: [bundle], then: [unenrol("html")] })).toEqual([]);
  expect(of({ when: [bundle], then: [enrol("js")] })).toEqual([]);
  expect(of({ when: [bundle], then: [wait, unenrol("js")] })).toEqual([]);
  expect(of({ when: [on("bundle.enrolled", "bundles", ["other"])], then: [unenrol("js")] })).toEqual([]);
  expect(of({ when: [on("bundle.unenrolled", "bundles")], then: [enrol("js")] })).toEqual([]);
  expect(of({ then: [unenrol("js")] })).toEqual([]);
});
