import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { readJson, textsOf } from "../base/json";
import { type CourseDates, NO_SPELLINGS } from "../catalogue/facts/facts";
import { NO_NAMES } from "../catalogue/facts/products";
import type { CourseId } from "../catalogue/options/course-id";
import { tellingSql, toldRow } from "../db/products";
import { followListeners } from "../engine/compile/listeners";
import type { CompiledSegment, World } from "../engine/types";
import { type Definitions, definitionsAt } from "./definitions";
import { siteOf } from "./naming/course-ids";
import { type Pieces, piecesFrom, sizeOf } from "./pieces";
import { programAtHand } from "./programs";
import { storedSettings } from "./settings";
import { MOVE_STAMP, type School } from "./snapshot";

/** What schools' worlds take together, as `sizeOfJson` counts; in memory that is some four times as much. */
const MOST_OF_WORLDS = 12 * 1024 * 1024;
/** Of a school beside what it has defined. */
const OWN_SIZE = 4_096;

/** A school at one of its stamps, as the isolate knows it. */
export interface Known {
  world: World;
  pieces: Pieces;
  /** Where its LMS is: its addresses name courses. */
  site: string;
}

/** By school and epoch: of each its newest stamp that was asked for, out of which others are made. */
const known = new Cache<Known>({
  entries: 2_000,
  bytes: { most: MOST_OF_WORLDS, of: ({ pieces }) => OWN_SIZE + sizeOf(pieces) },
});

/**
 * All that the engine reads of a school, compiled. The isolate keeps it for as long as there is room, and reads of a later
 * stamp what was changed since.
 */
export const loadWorld = async (env: Env, school: School): Promise<World> => (await loadKnown(env, school)).world;

export async function loadKnown(env: Env, school: School): Promise<Known> {
  const key = JSON.stringify([school.id, school.epoch]);
  const found = known.get(key);
  if (found?.world.stamp === school.stamp) return found;
  // Of the very stamp, also where an edit came since the school was read: a fold finds it again.
  const { read, before } = await definitionsFrom(env, school, school.stamp, found);
  const made = knownFrom(school, read, before);
  const isNewest = school.stamp > (known.get(key)?.world.stamp ?? 0);
  return isNewest && read.school?.epoch === school.epoch ? known.set(key, made) : made;
}

/**
 * Reads what a school had defined at a stamp: of what is known of it at another, what differs.
 * @returns `before`: what the rest is taken from; undefined where all of it was read
 */
export async function definitionsFrom(
  env: Env,
  school: Pick<School, "id" | "epoch">,
  stamp: number,
  before: Known | undefined,
): Promise<{ read: Definitions; before?: Known }> {
  if (before) {
    const since = Math.min(before.world.stamp, stamp);
    const read = await definitionsAt(env, school, stamp, since);
    const from = read.school?.knownFrom;
    const isKnown = read.school?.epoch === school.epoch && typeof from === "number" && from <= since;
    if (isKnown && callsTheSame(read, before)) return { read, before };
  }
  return { read: await definitionsAt(env, school, stamp) };
}

/** Whether courses are called the same: that is compiled in everywhere. */
function callsTheSame({ school, courseIds }: Definitions, { site }: Known): boolean {
  return (
    courseIds.touched?.size === 0 && school !== undefined && site === siteOf(readJson(storedSettings, school.settings))
  );
}

/** What of a school at one of its stamps is not among its definitions. */
type SchoolThen = Pick<School, "id" | "epoch" | "name" | "mode" | "stamp" | "paused" | "pauseExitStamp" | "settings">;

/** Makes the world of what was read, with what stands of another. */
export function knownFrom(school: SchoolThen, read: Definitions, before?: Known): Known {
  const pieces = piecesFrom(school, read, before?.pieces);
  if (before) followListeners(before.pieces.automations, pieces.automations);
  return { pieces, world: worldOf(school, pieces), site: siteOf(school.settings) };
}

/** Puts a world together from its pieces. */
function worldOf(school: SchoolThen, pieces: Pieces): World {
  const { id, name, mode, settings, stamp, paused, pauseExitStamp } = school;
  const { automations, syncs, autoGroups } = pieces;
  const goals = goalsOf(automations);
  return {
    school: {
      ...{ id, name, mode, settings },
      fields: fieldsOf(pieces.fields),
      segments: viewsOf(pieces.segments),
      bundles: coursesOf(pieces.bundles),
      subscriptions: coursesOf(pieces.subscriptions),
      seats: coursesOf(pieces.seats),
      courseDates: datesOf(pieces.courseDates),
      courseId: pieces.called.courseId,
      fixedBundles: idsOf(pieces.fixedBundles),
      names: NO_NAMES,
      spellings: NO_SPELLINGS,
    },
    stamp,
    courseKey: pieces.called.key,
    automations,
    byId: automationsOf(automations),
    program: (automation, version) =>
      programAtHand({ id, epoch: school.epoch, courseIds: pieces.called }, automation, version)?.program,
    segments: segmentsOf(pieces),
    syncs,
    autoGroups,
    ...(goals.size ? { goals } : {}),
    paused,
    pauseExitStamp,
  };
}

/** Keeps what is made of a list for as long as there is the list: most lists outlive an edit. */
function perList<T, R>(make: (list: readonly T[]) => R): (list: readonly T[]) => R {
  const made = new WeakMap<readonly T[], R>();
  return (list) => {
    const found = made.get(list) ?? make(list);
    made.set(list, found);
    return found;
  };
}

const fieldsOf = perList((list: Pieces["fields"]) => new Map(list.map(({ id, field }) => [id, field])));
const coursesOf = perList((list: Pieces["bundles"]) => new Map(list.map(({ id, courses }) => [id, courses])));
/** What is said of a course by its own id counts before what is by another. */
const datesOf = perList((list: Pieces["courseDates"]) => {
  const found = new Map<string, CourseDates>();
  const isOwn = ({ id, course }: (typeof list)[number]) => id === course;
  for (const { course, dates } of [...list.filter(isOwn), ...list.filter((one) => !isOwn(one))]) {
    const own = found.get(course);
    found.set(course, {
      startsAt: own?.startsAt ?? dates.startsAt,
      endsAt: own?.endsAt ?? dates.endsAt,
      dueAt: own?.dueAt ?? dates.dueAt,
    });
  }
  return found;
});
const idsOf = perList((list: Pieces["fixedBundles"]) => new Set(list.map(({ id }) => id)));
const automationsOf = perList((list: Pieces["automations"]) => new Map(list.map((one) => [one.id, one])));
const goalsOf = perList(
  (list: Pieces["automations"]) => new Map(list.flatMap(({ id, goal }) => (goal ? [[id, goal] as const] : []))),
);
const viewsOf = perList((list: Pieces["segments"]) => new Map(list.map((one) => [one.id, one])));
const rulesOf = perList((list: Pieces["rules"]) => Map.groupBy(list, ({ segment }) => segment));

const segmentsOf = ({ segments, rules }: Pieces): World["segments"] =>
  new Map(
    segments.map(({ id, managed, held }): [string, CompiledSegment] => [
      id,
      { id, managed: managed && !held, rules: rulesOf(rules).get(id) ?? [] },
    ]),
  );

const TOLD_BY_EVENT = tellingSql("event", { replaces: false });

/** Courses in whatever order and by whichever ids, each once. */
const asSet = (courses: readonly string[] | undefined, courseId: CourseId): string | undefined =>
  courses && JSON.stringify([...new Set(courses.map(courseId))].sort());

/**
 * Whether that a bundle holds these courses is nothing new: in another order they are no change, and of one whose courses
 * were said by hand or by the LMS an event says nothing.
 */
export const isKnownToHold = ({ school }: World, bundle: string, courses: readonly string[]): boolean =>
  school.fixedBundles.has(bundle) ||
  asSet(school.bundles.get(bundle), school.courseId) === asSet(courses, school.courseId);

/**
 * Remembers which courses bundles hold, where others are known, in as few statements as one text holds of them; true when
 * it did.
 */
export async function learnBundles(
  env: Env,
  world: World,
  held: ReadonlyMap<string, readonly string[]>,
): Promise<boolean> {
  const school = world.school.id;
  const rows = [...held].flatMap(([id, list]) =>
    isKnownToHold(world, id, list)
      ? []
      : [toldRow({ school, type: "bundle", id, said: { courses: JSON.stringify(list) } })],
  );
  if (!rows.length) return false;
  const told = textsOf(rows).map((text) => env.DB.prepare(TOLD_BY_EVENT).bind(text));
  await env.DB.batch([env.DB.prepare(MOVE_STAMP).bind(school), ...told]);
  return true;
}
