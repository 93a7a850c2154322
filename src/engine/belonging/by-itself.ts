import { USER_UPDATED } from "../../catalogue/account/facts";
import { COURSE_ENROLLED, COURSE_RESUMED, COURSE_SUSPENDED, COURSE_UNENROLLED } from "../../catalogue/enrolment/change";
import type { Fact } from "../../catalogue/facts/facts";
import type { MadeFact } from "../../catalogue/facts/opposites";
import { GROUP_JOINED, GROUP_LEFT } from "../../catalogue/groups/change";
import { membershipIn, SEGMENT_JOINED, SEGMENT_LEFT } from "../../catalogue/segments/change";
import { movedBy, putsIn } from "../../catalogue/segments/reads";
import type { CompiledAutoGroup, CompiledSegment, SegmentSync, World } from "../types";

/*
 * What may follow by itself from a fact of which no more is known than what made it: whom rules let in and out, and what
 * syncs give and take then. What really follows of a user is `membership.ts`.
 */

type Made = Pick<Fact, "type" | "data">;

type Rule = CompiledSegment["rules"][number];

/** Whether a rule may have somebody in, as far as is known of them; or not have them in, for `false`. */
export type MayHave = (rule: Rule, has: boolean) => boolean;

/** Whether members may join or leave a managed segment by a fact. A rule that is held lets nobody in. */
export function turnsOf({ id, managed, rules }: CompiledSegment, fact: Made, mayHave: MayHave = () => true): Made[] {
  if (!managed) return [];
  const found = new Set<string>();
  for (const rule of rules) {
    for (const { reads, turnedBy } of rule.clauses) {
      const turning = reads === movedBy(fact.type) ? (turnedBy ? turnedBy(fact) : "either") : null;
      if (turning === null) continue;
      if (turning !== "off" && !rule.held && mayHave(rule, true)) found.add(SEGMENT_JOINED);
      if (turning !== "on" && rules.every((one) => mayHave(one, false))) found.add(SEGMENT_LEFT);
    }
  }
  return [...found].map((type) => ({ type, data: { segment: id } }));
}

const ENROLLING: readonly string[] = [COURSE_ENROLLED, COURSE_UNENROLLED, COURSE_SUSPENDED, COURSE_RESUMED];

interface Keeping {
  /** By their segments. */
  of: ReadonlyMap<string, readonly SegmentSync[]>;
  /** Those that enrol nobody, by their courses: their groups go by who is enrolled, too. */
  within: ReadonlyMap<string, readonly SegmentSync[]>;
}

const kept = new WeakMap<World["syncs"], Keeping>();

/** Found once of a school's syncs. */
function keepingOf(syncs: World["syncs"]): Keeping {
  let found = kept.get(syncs);
  if (!found) {
    found = {
      of: Map.groupBy(syncs, ({ segment }) => segment),
      within: Map.groupBy(
        syncs.filter(({ enrol }) => enrol === false),
        ({ course }) => course,
      ),
    };
    kept.set(syncs, found);
  }
  return found;
}

/** Those of one, or of whichever it may be where that is not known. */
const whichOf = (by: ReadonlyMap<string, readonly SegmentSync[]>, id: unknown): readonly SegmentSync[] =>
  typeof id === "string" ? (by.get(id) ?? []) : [...by.values()].flat();

/**
 * What syncs may make of it that somebody joined a segment or left it; of those that enrol nobody, that somebody entered
 * their course or left it.
 */
export function followingSyncs(syncs: World["syncs"], fact: Made): { fact: Made; sync: SegmentSync }[] {
  const moved = membershipIn(fact);
  if (moved)
    return whichOf(keepingOf(syncs).of, moved.segment).flatMap((sync) =>
      madeBySync(sync, moved.joined).map((made) => ({ fact: made, sync })),
    );
  if (!ENROLLING.includes(fact.type)) return [];
  return whichOf(keepingOf(syncs).within, fact.data.course).flatMap((sync) =>
    madeBySync(sync, putsIn(fact.type)).map((made) => ({ fact: made, sync })),
  );
}

function madeBySync({ active, course, enrol, group, onLeave }: SegmentSync, joined: boolean): Made[] {
  if (joined && !active) return [];
  const suspends = onLeave === "suspend";
  // Who was suspended by it goes on.
  const given = suspends ? [COURSE_ENROLLED, COURSE_RESUMED] : [COURSE_ENROLLED];
  const types = joined ? given : [suspends ? COURSE_SUSPENDED : COURSE_UNENROLLED];
  return [
    ...(enrol === false ? [] : types.map((type) => ({ type, data: { course } }))),
    ...(group === null ? [] : [{ type: joined ? GROUP_JOINED : GROUP_LEFT, data: { group } }]),
  ];
}

/** What auto groups may make of it that a field changed, or that somebody entered their course or left it. */
export function followingAutoGroups(
  autoGroups: readonly CompiledAutoGroup[],
  { type, data }: Made,
): { fact: MadeFact; auto: CompiledAutoGroup }[] {
  const isField = type === USER_UPDATED;
  if (!isField && !ENROLLING.includes(type)) return [];
  return autoGroups.flatMap((auto) => {
    const { active, course, field } = auto;
    const within = { kind: "group", prefix: `${course}:` };
    const joins = { type: GROUP_JOINED, data: {}, within };
    const leaves = { type: GROUP_LEFT, data: {}, within };
    if (!active) return [];
    if (!isField)
      return data.course !== undefined && data.course !== course ? [] : [{ fact: putsIn(type) ? joins : leaves, auto }];
    const { changed, to } = data;
    if (Array.isArray(changed) && !changed.includes(`fields.${field}`)) return [];
    // What stood there before is not known; what is written may be.
    const into =
      typeof to === "string" && to !== "" ? { type: GROUP_JOINED, data: { group: within.prefix + to } } : joins;
    return [...(to === null || to === "" ? [] : [{ fact: into, auto }]), { fact: leaves, auto }];
  });
}
