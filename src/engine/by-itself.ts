import { USER_UPDATED } from "../catalogue/account/facts";
import { COURSE_ENROLLED, COURSE_RESUMED, COURSE_SUSPENDED, COURSE_UNENROLLED } from "../catalogue/enrolment/change";
import type { Fact } from "../catalogue/facts";
import { GROUP_JOINED, GROUP_LEFT } from "../catalogue/groups/change";
import type { MadeFact } from "../catalogue/opposites";
import { membershipIn, SEGMENT_JOINED, SEGMENT_LEFT } from "../catalogue/segments/change";
import { movedBy, putsIn } from "../catalogue/segments/reads";
import type { CompiledAutoGroup, CompiledSegment, SegmentSync, World } from "./types";

/*
 * What may follow by itself from a fact of which no more is known than what made it: whom rules let in and out, and what
 * syncs give and take then. What really follows of a user is `membership.ts`.
 */

type Made = Pick<Fact, "type" | "data">;

/** Whether members may join or leave a managed segment by a fact. A rule that is held lets nobody in. */
export function turnsOf({ id, managed, rules }: CompiledSegment, fact: Made): Made[] {
  if (!managed) return [];
  const found = new Set<string>();
  for (const { clauses, held } of rules) {
    for (const { reads, turnedBy } of clauses) {
      const turning = reads === movedBy(fact.type) ? (turnedBy ? turnedBy(fact) : "either") : null;
      if (turning === null) continue;
      if (turning !== "off" && !held) found.add(SEGMENT_JOINED);
      if (turning !== "on") found.add(SEGMENT_LEFT);
    }
  }
  return [...found].map((type) => ({ type, data: { segment: id } }));
}

const bySegment = new WeakMap<World["syncs"], ReadonlyMap<string, readonly SegmentSync[]>>();

/** Found once of a school's syncs. */
function syncsOf(syncs: World["syncs"], segment: string): readonly SegmentSync[] {
  let found = bySegment.get(syncs);
  if (!found) {
    found = Map.groupBy(syncs, (sync) => sync.segment);
    bySegment.set(syncs, found);
  }
  return found.get(segment) ?? [];
}

/** What syncs may make of a fact that somebody joined a segment or left it. */
export function followingSyncs(syncs: World["syncs"], fact: Made): { fact: Made; segment: string }[] {
  const moved = membershipIn(fact);
  if (!moved) return [];
  const { joined } = moved;
  const segment = String(moved.segment);
  return syncsOf(syncs, segment).flatMap(({ active, course, enrol, group, onLeave }) => {
    if (joined && !active) return [];
    const suspends = onLeave === "suspend";
    // Who was suspended by it goes on.
    const given = suspends ? [COURSE_ENROLLED, COURSE_RESUMED] : [COURSE_ENROLLED];
    const types = joined ? given : [suspends ? COURSE_SUSPENDED : COURSE_UNENROLLED];
    const made: Made[] = [
      ...(enrol === false ? [] : types.map((type) => ({ type, data: { course } }))),
      ...(group === null ? [] : [{ type: joined ? GROUP_JOINED : GROUP_LEFT, data: { group } }]),
    ];
    return made.map((one) => ({ fact: one, segment }));
  });
}

const ENROLLING: readonly string[] = [COURSE_ENROLLED, COURSE_UNENROLLED, COURSE_SUSPENDED, COURSE_RESUMED];

/** What auto groups may make of it that a field changed, or that somebody entered their course or left it. */
export function followingAutoGroups(
  autoGroups: readonly CompiledAutoGroup[],
  { type, data }: Made,
): { fact: MadeFact; course: string }[] {
  const isField = type === USER_UPDATED;
  if (!isField && !ENROLLING.includes(type)) return [];
  return autoGroups.flatMap(({ active, course, field }) => {
    const within = { kind: "group", prefix: `${course}:` };
    const joins = { type: GROUP_JOINED, data: {}, within };
    const leaves = { type: GROUP_LEFT, data: {}, within };
    if (!active) return [];
    if (!isField)
      return data.course !== undefined && data.course !== course
        ? []
        : [{ fact: putsIn(type) ? joins : leaves, course }];
    const { changed, to } = data;
    if (Array.isArray(changed) && !changed.includes(`fields.${field}`)) return [];
    // What stood there before is not known; what is written may be.
    const into =
      typeof to === "string" && to !== "" ? { type: GROUP_JOINED, data: { group: within.prefix + to } } : joins;
    return [...(to === null || to === "" ? [] : [{ fact: into, course }]), { fact: leaves, course }];
  });
}
