import fc from "fast-check";
import { canonical } from "../../base/json";
import { formatInstant } from "../../catalogue/dates/time";
import type { Learner } from "../../catalogue/facts/facts";
import { hasTag } from "../../catalogue/tags/change";
import { HOUR, TestLife } from "../test-life";
import { testWorld } from "../test-world";
import type { Effects, World } from "../types";

/* For tests of undoing: a school whose automations give all there is to give, and lives of its users. */

const on = (name: string, ...then: Record<string, unknown>[]) => ({
  synchronous: true,
  when: [{ type: "custom", name }],
  then,
});
const GIVES = [
  { type: "tags.add", tags: ["a", "B", "__proto__"] },
  { type: "course.enroll", courses: ["c1", "c6"], expires_after: "PT4H" },
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
    longer: on(
      "longer",
      { type: "course.enroll", courses: ["c1", "c3", "c6"], expires_after: "PT9H" },
      { type: "bundle.enroll", bundles: ["b1"], expires_after: "PT6H" },
      { type: "user.set_field", field: "level", value: "7" },
    ),
    waits: on(
      "wait",
      { type: "tags.add", tags: ["b"] },
      { type: "wait", for: "PT1H" },
      { type: "tags.add", tags: ["late"] },
    ),
    tries: on("try", { type: "course.enroll", courses: ["c7"] }, { type: "course.suspend", courses: ["c7"] }),
    takes: on("take", { type: "tags.remove", tags: ["a"] }, { type: "user.set_field", field: "note", value: null }),
  },
  {
    segments: new Map([
      ["sales", { managed: true }],
      ["friends", { managed: false }],
    ]),
  },
);
export const world: World = {
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
            clauses: [{ reads: "tags" as const, holds: (learner: Learner) => hasTag(learner, "a") }],
          },
        ],
      },
    ],
    ["friends", { id: "friends", managed: false, rules: [] }],
  ]),
  syncs: [
    { id: "syn_1", active: true, segment: "sales", course: "c5", role: "student", group: "g2", onLeave: "unenrol" },
  ],
  autoGroups: [{ id: "agr_1", active: true, course: "c1", field: "note" }],
};

/** A life in that school. */
export class Life extends TestLife {
  constructor(id = "anna") {
    super(world, id);
  }

  undo(...runs: string[]): Effects {
    return this.take({ kind: "undo", runs, quiet: true, origin: { by: "undo", id: runs[0] ?? null } });
  }
}

const FOLLOWS: ReadonlySet<unknown> = new Set(["auto_group", "sync", "rule", "bundle"]);

/** What an undo may change. What follows from something else is given anew where that comes back: by whom is compared. */
export const heldBy = ({ tags, fields, enrolments, groups, seats, spaces, segments, givers }: Learner): Held =>
  JSON.parse(
    canonical({
      ...{ tags, fields, enrolments, seats, spaces, segments, givers },
      groups: [...groups].sort((one, other) => (one.group < other.group ? -1 : 1)),
    }),
    (_, value) => (FOLLOWS.has(value?.by) ? { ...value, at: 0 } : value),
  );
type Held = Pick<Learner, "tags" | "fields" | "enrolments" | "groups" | "seats" | "spaces" | "segments" | "givers">;

export type Deed =
  | { type: string; data: Record<string, unknown> }
  | { enrols: "course" | "bundle"; product: string; endsIn: number }
  | { put: Record<string, string | null> }
  | { pass: number }
  | { undo: number };

export const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom(
    { type: "custom.give", data: { word: "x" } },
    { type: "custom.give", data: { word: "y" } },
    { type: "custom.also", data: { word: "x" } },
    { type: "custom.longer", data: {} },
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
  fc.record({
    enrols: fc.constant("course" as const),
    product: fc.constantFrom("c1", "c2"),
    endsIn: fc.constantFrom(2 * HOUR, 6 * HOUR, 12 * HOUR),
  }),
  fc.record({
    enrols: fc.constant("bundle" as const),
    product: fc.constant("b1"),
    endsIn: fc.constantFrom(3 * HOUR, 12 * HOUR),
  }),
  fc.constantFrom("hand", "x", null).map((value) => ({ put: { note: value } })),
  fc.constantFrom("7", "8", null).map((value) => ({ put: { level: value } })),
  fc.constantFrom(HOUR / 2, 3 * HOUR).map((pass) => ({ pass })),
);

/** @param runs of before @returns all runs that they began */
export function live(life: Life, deeds: readonly Deed[], runs: string[] = []): string[] {
  for (const one of deeds) {
    if ("pass" in one) life.pass(one.pass);
    else if ("put" in one) life.put(one.put);
    else if ("undo" in one) life.undo(runs[one.undo % Math.max(1, runs.length)] ?? "");
    else if ("enrols" in one)
      life.event(`${one.enrols}.enrolled`, {
        [one.enrols]: one.product,
        expires_at: formatInstant(life.now + one.endsIn),
      });
    else runs.push(life.event(one.type, one.data));
  }
  return runs.filter(Boolean);
}
