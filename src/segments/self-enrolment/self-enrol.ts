import { and, eq, inArray, sql } from "drizzle-orm";
import { sha256Hex } from "../../base/bytes";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { COURSE_ENROLLED } from "../../catalogue/enrolment/change";
import { GROUP_JOINED } from "../../catalogue/groups/change";
import { database } from "../../db/client";
import { attempts, enrolmentMethods, selfEnrolments } from "../../db/schema";
import { UNREAD } from "../../users/events/carry";
import { ingest } from "../../users/events/ingest";
import { idsOfCourse } from "../../world/naming/ids";
import { nowOf, type School } from "../../world/snapshot";
import { digestsOfKey, type MethodRow } from "./methods";

/*
 * A learner enrols by a course's key. A place is taken in D1, one row a learner, before the learner's object hears of
 * it: so places are counted exactly, and a second try takes no second one.
 */

const HOUR_MS = 3_600_000;
const WRONG_KEYS_AN_HOUR = 10;

export interface SelfEnrolled {
  method: MethodRow;
  /** The id that the course has here. */
  course: string;
  /** False: this key gave the learner a place before. */
  isNew: boolean;
}

/**
 * Enrols a learner by a key.
 * @throws Problem 403 for a wrong key, 409 where no place is left or its time is over, 429 after ten wrong keys
 */
export async function selfEnrol(
  env: Env,
  school: School,
  { course: named, user, key }: { course: string; user: string; key: string },
): Promise<SelfEnrolled> {
  const courses = await idsOfCourse(env, school, named);
  const [course] = courses;
  const method = await methodOfKey(env, school, courses, user, key);
  const now = nowOf(school);
  const isOver = method.endsAt !== null && method.endsAt <= now;
  if (isOver && !(await hasPlace(env, method, user)))
    throw new Problem("conflict", "The time to enrol by this key is over.");
  const isNew = await takePlace(env, method, user, now);
  const told = [
    { type: COURSE_ENROLLED, user: { id: user }, data: { course, role: method.role } },
    ...(method.group === null ? [] : [{ type: GROUP_JOINED, user: { id: user }, data: { group: method.group } }]),
  ];
  try {
    for (const event of told) await ingest(env, school, { kind: "here", method: method.id }, event, UNREAD, null);
  } catch (error) {
    // Refused for good: the learner has nothing of the place.
    if (isNew && error instanceof Problem && error.kind === "invalid") await leavePlace(env, method, user);
    throw error;
  }
  return { method, course, isNew };
}

/** The method of a key that is given. Each try counts before it is looked at, so that many at once are no way round. */
async function methodOfKey(
  env: Env,
  school: School,
  courses: readonly string[],
  user: string,
  key: string,
): Promise<MethodRow> {
  const db = database(env.DB);
  const by = await sha256Hex(JSON.stringify(["enrolment key", school.id, school.epoch, user]));
  const now = Date.now();
  const isOver = sql`${attempts.until} <= ${now}`;
  const { count, until } = await db
    .insert(attempts)
    .values({ key: by, count: 1, until: now + HOUR_MS })
    .onConflictDoUpdate({
      target: attempts.key,
      set: {
        count: sql`iif(${isOver}, 1, ${attempts.count} + 1)`,
        until: sql`iif(${isOver}, ${now + HOUR_MS}, ${attempts.until})`,
      },
    })
    .returning({ count: attempts.count, until: attempts.until })
    .get();
  if (count > WRONG_KEYS_AN_HOUR)
    throw new Problem("too_many", "Too many wrong keys.", undefined, Math.ceil((until - now) / 1_000));
  const digests = await Promise.all(courses.map((id) => digestsOfKey(env, school.id, id, key)));
  const method = await db
    .select()
    .from(enrolmentMethods)
    .where(
      and(
        eq(enrolmentMethods.school, school.id),
        inArray(enrolmentMethods.course, [...courses]),
        inArray(enrolmentMethods.digest, digests.flat()),
      ),
    )
    .get();
  if (!method?.active) throw new Problem("forbidden", "No key of this course.");
  await db
    .update(attempts)
    .set({ count: sql`${attempts.count} - 1` })
    .where(eq(attempts.key, by));
  return method;
}

/** Takes a place; a trigger counts it. */
const TAKE = `insert into self_enrolments (school, user, method, at)
  select school, ?3, id, ?4 from enrolment_methods
  where school = ?1 and id = ?2 and (most is null or taken < most)
  on conflict do nothing`;
const HAS = "select 1 from self_enrolments where school = ?1 and user = ?2 and method = ?3";

/** Whether the learner had no place before; 409 where there is none left. */
async function takePlace(env: Env, { school, id }: MethodRow, user: string, at: number): Promise<boolean> {
  const [taken, held] = await env.DB.batch([
    env.DB.prepare(TAKE).bind(school, id, user, at),
    env.DB.prepare(HAS).bind(school, user, id),
  ]);
  if (!held?.results.length) throw new Problem("conflict", "No place is left by this key.");
  return (taken?.meta.changes ?? 0) > 0;
}

const hasPlace = async (env: Env, { school, id }: MethodRow, user: string): Promise<boolean> =>
  (await env.DB.prepare(HAS).bind(school, user, id).first()) !== null;

const leavePlace = (env: Env, { school, id }: MethodRow, user: string) =>
  database(env.DB)
    .delete(selfEnrolments)
    .where(and(eq(selfEnrolments.school, school), eq(selfEnrolments.user, user), eq(selfEnrolments.method, id)));
