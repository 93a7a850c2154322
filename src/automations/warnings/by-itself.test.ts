import { expect, test } from "vitest";
import { type Clause, compileClause } from "../../catalogue/segments/clause";
import { testWorld } from "../../engine/test-world";
import type { CompiledSegment, SegmentSync, World } from "../../engine/types";
import { affectingAmong, conflictsOf } from "./conflicts";

/* What follows by itself from the fact that starts an automation, and is undone by it. */

type Body = Record<string, unknown>;
type Rule = { match?: "all" | "any"; where: Clause[]; held?: true };

const COUNTRY = { key: "country", name: "Country", type: "text" as const, choices: null };

const managed = (id: string, ...rules: Rule[]): [string, CompiledSegment] => [
  id,
  {
    id,
    managed: true,
    rules: rules.map(({ match = "all", where, held }, n) => ({
      id: `${id} ${n}`,
      match,
      clauses: where.map((one) => compileClause(one, "UTC", new Map([["country", COUNTRY]]))),
      ...(held ? { held } : {}),
    })),
  },
];
const sync = (segment: string, course: string, more: Partial<SegmentSync> = {}): SegmentSync => ({
  id: `sync of ${segment}`,
  active: true,
  segment,
  course,
  role: "student",
  group: null,
  onLeave: "unenrol",
  ...more,
});

/** What is warned of an automation beside rules, syncs and auto groups, as who does what. */
function told(own: Body, segments: [string, CompiledSegment][], also: Partial<World> = {}): string[] {
  const world: World = { ...testWorld({ own }), segments: new Map(segments), ...also };
  const { program } = world.byId.get("own") ?? {};
  if (!program) throw new Error("it is there");
  const { automations, syncs, autoGroups, school } = world;
  const around = { syncs, segments: world.segments, autoGroups, school };
  return conflictsOf({ id: "own", program, affecting: affectingAmong(automations), ...around }).map(({ message }) =>
    message.replace(/^On the same fact |, which this one .*$/g, ""),
  );
}

const tagged = (...tags: string[]) => ({ type: "tag.added", tags });
const untagged = (...tags: string[]) => ({ type: "tag.removed", tags });
const changed = (...fields: string[]) => ({
  type: "user.updated",
  ...(fields.length ? { fields: fields.map((one) => `fields.${one}`) } : {}),
});
const unenrol = { type: "course.unenroll", courses: ["js"] };
const enrol = { type: "course.enroll", courses: ["js"] };
const tags = (op: Clause["op"], ...of: string[]): Clause => ({ field: "tags", op, value: op === "in" ? of : of[0] });
const country = (op: Clause["op"], value: string): Clause => ({ field: "country", op, value });
const vips = managed("vips", { where: [tags("is", "VIP")] });

const RULE_GIVES = 'the sync of the segment "vips" with the course "js" gives the course "js"';
const RULE_TAKES = 'the sync of the segment "vips" with the course "js" takes the course "js"';

/** What a rule turns is seen by the sync that follows it. */
const synced = (own: Body, segments: [string, CompiledSegment][]) =>
  told(own, segments, { syncs: [sync("vips", "js")] });

test("a rule that has somebody in by the very fact on which its sync is undone is told of, and the other way round", () => {
  expect(synced({ when: [tagged("vip")], then: [unenrol] }, [vips])).toEqual([RULE_GIVES]);
  expect(synced({ when: [untagged("Vip")], then: [enrol] }, [vips])).toEqual([RULE_TAKES]);
  const country_ = managed("vips", { where: [country("is", "at")] });
  expect(synced({ when: [changed("country")], then: [unenrol] }, [country_])).toEqual([RULE_GIVES]);
  expect(synced({ when: [changed()], then: [enrol] }, [country_])).toEqual([RULE_TAKES]);
  expect(synced({ when: [{ type: "course.enrolled" }], then: [unenrol] }, [enrolledIn("css")])).toEqual([RULE_GIVES]);
  expect(synced({ when: [{ type: "segment.joined" }], then: [unenrol] }, [vips])).toEqual([RULE_GIVES]);
});

test("a step that would change who is in a segment that has rules undoes nothing: it fails", () => {
  const [leave, join] = ["segment.remove", "segment.add"].map((type) => ({ type, segments: ["vips"] }));
  expect(told({ when: [tagged("vip")], then: [leave] }, [vips])).toEqual([]);
  expect(told({ when: [untagged("vip")], then: [join] }, [vips])).toEqual([]);
  expect(told({ when: [{ type: "segment.joined" }], then: [{ ...leave, segments: ["$trigger"] }] }, [vips])).toEqual(
    [],
  );
});
const enrolledIn = (course: string) => managed("vips", { where: [{ field: "enrolled", op: "is", value: course }] });

test("where rule and step agree, or the fact turns no rule, nothing is said", () => {
  expect(synced({ when: [tagged("vip")], then: [enrol] }, [vips])).toEqual([]);
  expect(synced({ when: [untagged("vip")], then: [unenrol] }, [vips])).toEqual([]);
  expect(synced({ when: [tagged("staff")], then: [unenrol] }, [vips])).toEqual([]);
  expect(
    synced({ when: [changed("city")], then: [unenrol] }, [managed("vips", { where: [country("is", "at")] })]),
  ).toEqual([]);
  expect(
    synced({ when: [{ type: "course.enrolled", courses: ["css"] }], then: [unenrol] }, [enrolledIn("js")]),
  ).toEqual([]);
  expect(synced({ when: [tagged("vip")], then: [{ type: "wait", for: "P1D" }, unenrol] }, [vips])).toEqual([]);
  expect(synced({ when: [tagged("vip")], then: [unenrol] }, [["vips", { ...vips[1], managed: false }]])).toEqual([]);
  const held = managed("vips", { where: [tags("is", "vip")], held: true });
  expect(synced({ when: [tagged("vip")], then: [unenrol] }, [held])).toEqual([]);
});

test("what the automation asks of its learners keeps a rule from turning", () => {
  const has = (...of: string[]) => ({ type: "tags.has", tags: of });
  const none = (...of: string[]) => ({ type: "tags.has_none", tags: of });
  const both = managed("vips", { where: [tags("is", "vip"), tags("is_not", "staff")] });
  const of = (only_if: Body | null, one = both, when: Body = tagged("vip"), then = unenrol) =>
    synced({ when: [when], only_if, then: [then] }, [one]);
  expect(of(null)).toEqual([RULE_GIVES]);
  expect(of(has("other"))).toEqual([RULE_GIVES]);
  for (const sure of [
    has("staff"),
    has("a", "Staff"),
    { not: none("staff") },
    { not: { type: "tags.has_any", tags: ["staff"] } },
  ])
    expect([sure, of(sure)], JSON.stringify(sure)).toEqual([
      sure,
      "not" in sure && sure.not.type === "tags.has_any" ? [RULE_GIVES] : [],
    ]);
  const any = managed("vips", { match: "any", where: [tags("is", "vip"), tags("is", "gold")] });
  expect(of(has("gold"), any, untagged("vip"), enrol)).toEqual([]);
  expect(of(none("gold", "b"), any, untagged("vip"), enrol)).toEqual([RULE_TAKES]);
  const two = managed("vips", { where: [tags("is", "vip")] }, { where: [tags("in", "gold", "silver")] });
  expect(of(has("silver"), two, untagged("vip"), enrol)).toEqual([]);
  expect(of(none("silver"), two, untagged("vip"), enrol)).toEqual([RULE_TAKES]);

  const field = (op: string, value: string) => ({ type: "user.field_is", field: "country", op, value });
  const austrians = managed("vips", { where: [country("is", "AT")] });
  expect(of(field("is", "de"), austrians, changed("country"))).toEqual([]);
  expect(of(field("is_not", "at"), austrians, changed("country"))).toEqual([]);
  expect(of(field("is", "at"), austrians, changed("country"))).toEqual([RULE_GIVES]);
  expect(of(field("is", "at"), austrians, changed("country"), enrol)).toEqual([]);
  expect(of(field("is", "de"), austrians, changed("country"), enrol)).toEqual([RULE_TAKES]);
  // Who is asked to be out of it when the rule has had its turn was not let in.
  expect(of({ type: "segment.is_not_member", segments: ["vips"] })).toEqual([]);
  expect(of({ not: { type: "segment.is_member", segments: ["vips", "b"] } })).toEqual([]);
  expect(of({ type: "segment.is_member", segments: ["vips"] })).toEqual([RULE_GIVES]);
  // The fact itself says what is so.
  expect(of(null, managed("vips", { where: [tags("is", "vip"), tags("is_not", "VIP")] }))).toEqual([]);
});

test("what a segment's sync gives when a rule has somebody in is told of, with its course and group", () => {
  const syncs = [sync("vips", "js", { group: "g" })];
  const of = (own: Body, kept: readonly SegmentSync[] = syncs) => told(own, [vips], { syncs: kept });
  const gives = 'the sync of the segment "vips" with the course "js" gives';
  const takes = 'the sync of the segment "vips" with the course "js" takes';
  expect(of({ when: [tagged("vip")], then: [unenrol] })).toEqual([`${gives} the course "js"`]);
  expect(of({ when: [untagged("vip")], then: [enrol] })).toEqual([`${takes} the course "js"`]);
  expect(of({ when: [tagged("vip")], then: [{ type: "group.remove", groups: ["g"] }] })).toEqual([
    `${gives} the user group "g"`,
  ]);
  expect(of({ when: [tagged("vip")], then: [enrol] })).toEqual([]);
  expect(of({ when: [tagged("vip")], then: [unenrol] }, [sync("vips", "js", { active: false })])).toEqual([]);
  expect(
    of({ when: [tagged("vip")], only_if: { type: "course.is_not_enrolled", courses: ["js"] }, then: [unenrol] }),
  ).toEqual([]);
  const groupOnly = [sync("vips", "js", { enrol: false, group: "g" })];
  expect(of({ when: [tagged("vip")], then: [unenrol] }, groupOnly)).toEqual([]);
  const entered = {
    when: [{ type: "course.enrolled", courses: ["js"] }],
    then: [{ type: "group.remove", groups: ["g"] }],
  };
  expect(of(entered, groupOnly)).toEqual([`${gives} the user group "g"`]);
  // A bundle's course has somebody in a segment whose sync gives another.
  const { school } = testWorld({});
  const chain = told(
    { when: [{ type: "bundle.enrolled", bundles: ["b"] }], then: [unenrol] },
    [managed("vips", { where: [{ field: "enrolled", op: "is", value: "css" }] })],
    { syncs, school: { ...school, bundles: new Map([["b", ["css"]]]) } },
  );
  expect(chain).toEqual([`${gives} the course "js"`]);
});

test("an auto group's groups are told of by the values that may stand in its field", () => {
  const autoGroups = [{ id: "a", active: true, course: "js", field: "country" }];
  const remove = { type: "group.remove", groups: ["js:AT"] };
  const add = { type: "group.add", groups: ["js:AT"] };
  const of = (own: Body, active = true) => told(own, [], { autoGroups: autoGroups.map((one) => ({ ...one, active })) });
  const is = (op: string, value: string) => ({ type: "user.field_is", field: "country", op, value });
  const gives = ['the auto group of the course "js" gives the user group "js:AT"'];
  const takes = ['the auto group of the course "js" takes the user group "js:AT"'];
  const entered = { type: "course.enrolled", courses: ["js"] };
  expect(of({ when: [entered], then: [remove] })).toEqual(gives);
  expect(of({ when: [entered], then: [add] })).toEqual([]);
  expect(of({ when: [entered], then: [remove] }, false)).toEqual([]);
  expect(of({ when: [entered], then: [{ ...remove, groups: ["css:AT"] }] })).toEqual([]);
  expect(of({ when: [entered], only_if: is("is", "DE"), then: [remove] })).toEqual([]);
  expect(of({ when: [changed("country")], then: [remove] })).toEqual(gives);
  expect(of({ when: [changed("country")], then: [add] })).toEqual(takes);
  expect(of({ when: [changed("country")], only_if: is("is", "AT"), then: [add] })).toEqual([]);
  expect(of({ when: [changed("city")], then: [add] })).toEqual([]);
  expect(of({ when: [{ type: "course.unenrolled", courses: ["js"] }], then: [add] })).toEqual(takes);
});
