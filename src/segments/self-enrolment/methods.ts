import { and, eq, inArray, ne } from "drizzle-orm";
import { toBase64Url } from "../../base/bytes";
import { type Env, secretKeysOf } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { newId } from "../../base/ids";
import { signingKey } from "../../connectors/secrets/keys";
import { open, type SealPlace, seal } from "../../connectors/secrets/sealed";
import { recordAudit } from "../../db/audit";
import { breaksConstraint, type Database, database } from "../../db/client";
import { isOvertaken, requireNoRow } from "../../db/guard";
import { decodeCursor, type ListPage, type ListQuery, toPage } from "../../db/lists/list";
import { getRow, listRows } from "../../db/lists/rows";
import { enrolmentMethods } from "../../db/schema";
import { courseIdIn, idsOfCourse } from "../../world/naming/ids";
import type { School } from "../../world/snapshot";

/*
 * A way into a course by a key that its learners are told. The key lies sealed, for its owners to read it again, and
 * beside it what it is found by: nobody who sees the table learns it. One is kept by the id that its course had then, and
 * found by each that this has since.
 */

export type MethodRow = typeof enrolmentMethods.$inferSelect;

export interface MethodChange {
  key?: string | undefined;
  group?: string | null | undefined;
  role?: string | undefined;
  limit?: number | null | undefined;
  endsAt?: number | null | undefined;
  active?: boolean | undefined;
}
export type NewMethod = Required<{ [K in keyof MethodChange]: Exclude<MethodChange[K], undefined> }>;

const ofCourse = (school: Pick<School, "id">, courses: readonly string[]) =>
  and(eq(enrolmentMethods.school, school.id), inArray(enrolmentMethods.course, [...courses]));
const which = (row: Pick<MethodRow, "school" | "id">) =>
  and(eq(enrolmentMethods.school, row.school), eq(enrolmentMethods.id, row.id));

export const placeOfKey = ({ school, id }: Pick<MethodRow, "school" | "id">): SealPlace => [
  school,
  "enrolment_methods",
  "key",
  id,
];

/** Of a method, what the audit log keeps: not its key. */
const told = ({ course, group, role, limit, endsAt, active }: MethodRow) => ({
  course,
  group,
  role,
  limit,
  ends_at: endsAt,
  active,
});

/**
 * What a key of a course is found by, by the Worker's secret and by the one before while there is one: to whoever has
 * neither it says nothing.
 */
export async function digestsOfKey(
  env: Env,
  school: string,
  course: string,
  key: string,
): Promise<[now: string, ...before: string[]]> {
  const { made, before } = secretKeysOf(env);
  const text = new TextEncoder().encode(JSON.stringify([school, course, key.trim().normalize("NFC")]));
  const by = async (secretKey: string): Promise<string> => {
    const signer = await signingKey(secretKey, "enrolment-keys");
    return toBase64Url(new Uint8Array(await crypto.subtle.sign("HMAC", signer, text)));
  };
  return before === null ? [await by(made)] : [await by(made), await by(before)];
}

/** The key itself. */
export const keyOf = (env: Env, row: MethodRow): Promise<string> => open(secretKeysOf(env), placeOfKey(row), row.key);

/** A page of the enrolment methods of a course, by any of its ids, oldest first. */
export const listMethods = async (env: Env, school: School, named: string, query: ListQuery) =>
  listRows(env, enrolmentMethods, ["id"], query, ofCourse(school, await idsOfCourse(env, school, named)));

/** An enrolment method; 404 when it is another course's or school's. */
export async function getMethod(env: Env, school: School, named: string, id: string): Promise<MethodRow> {
  const courses = await idsOfCourse(env, school, named);
  return getRow(env, enrolmentMethods, and(ofCourse(school, courses), eq(enrolmentMethods.id, id)), "enrolment method");
}

const COURSES = `select course, count(*) as methods from enrolment_methods indexed by enrolment_methods_of
  where school = ?1 and course > ?2 group by course order by course limit ?3`;

/** A page of the courses of a school that have a method, by their ids, and how many each has. */
export async function coursesWithMethods(
  env: Env,
  school: School,
  query: ListQuery,
): Promise<ListPage<{ course: string; methods: number }>> {
  const courseId = await courseIdIn(env, school);
  const after = query.cursor === undefined ? "" : String(decodeCursor(query.cursor, 1)[0]);
  const { results } = await env.DB.prepare(COURSES)
    .bind(school.id, after, query.limit + 1)
    .all<{ course: string; methods: number }>();
  const page = toPage(query, results, ({ course }) => [course]);
  const counts = new Map<string, number>();
  for (const { course, methods } of page.data)
    counts.set(courseId(course), (counts.get(courseId(course)) ?? 0) + methods);
  return { ...page, data: [...counts].map(([course, methods]) => ({ course, methods })) };
}

function refuseTwice(error: unknown): never {
  if (breaksConstraint(error, "enrolment_methods.school") || isOvertaken(error))
    throw new Problem("conflict", "The course has an enrolment method with this key.");
  throw error;
}

/** Refuses a key that the course has by another of its ids, or by the digest of the secret before: no constraint sees it. */
async function refuseKeyOfOthers(
  env: Env,
  db: Database,
  { school, id }: MethodRow,
  courses: readonly string[],
  key: string,
) {
  const digests = await Promise.all(courses.map((course) => digestsOfKey(env, school, course, key)));
  const { school: ofSchool, course, digest } = enrolmentMethods;
  const isTheirs = and(eq(ofSchool, school), inArray(course, [...courses]), inArray(digest, digests.flat()));
  return [requireNoRow(db, enrolmentMethods, and(isTheirs, ne(enrolmentMethods.id, id)))];
}

/** Gives a course a key; 409 when it has it already. */
export async function createMethod(
  env: Env,
  school: School,
  named: string,
  { key, ...rest }: NewMethod,
  who: string,
): Promise<MethodRow> {
  const courses = await idsOfCourse(env, school, named);
  const made = { ...rest, school: school.id, course: courses[0], id: newId("enm_"), taken: 0, createdAt: Date.now() };
  const row: MethodRow = { ...made, ...(await sealed(env, made, key)) };
  const db = database(env.DB);
  try {
    await db.batch([
      db.insert(enrolmentMethods).values(row),
      ...(await refuseKeyOfOthers(env, db, row, courses, key)),
      recordAudit(db, { school: school.id, who, what: "enrolment_method.created", subject: row.id, after: told(row) }),
    ]);
  } catch (error) {
    refuseTwice(error);
  }
  return row;
}

/** Changes an enrolment method. Whoever has a place keeps it. */
export async function changeMethod(
  env: Env,
  school: School,
  named: string,
  id: string,
  { key, ...change }: MethodChange,
  who: string,
): Promise<MethodRow> {
  const before = await getMethod(env, school, named, id);
  const set = {
    role: change.role ?? before.role,
    active: change.active ?? before.active,
    group: change.group === undefined ? before.group : change.group,
    limit: change.limit === undefined ? before.limit : change.limit,
    endsAt: change.endsAt === undefined ? before.endsAt : change.endsAt,
    ...(key === undefined ? {} : await sealed(env, before, key)),
  };
  const after = { ...before, ...set };
  const db = database(env.DB);
  try {
    await db.batch([
      db.update(enrolmentMethods).set(set).where(which(before)),
      ...(key === undefined
        ? []
        : await refuseKeyOfOthers(env, db, before, await idsOfCourse(env, school, before.course), key)),
      recordAudit(db, {
        school: school.id,
        who,
        what: "enrolment_method.changed",
        subject: id,
        before: told(before),
        after: { ...told(after), ...(key === undefined ? {} : { key: "changed" }) },
      }),
    ]);
  } catch (error) {
    refuseTwice(error);
  }
  return after;
}

const sealed = async (env: Env, row: Pick<MethodRow, "school" | "id" | "course">, key: string) => ({
  key: await seal(secretKeysOf(env), placeOfKey(row), key.trim().normalize("NFC")),
  digest: (await digestsOfKey(env, row.school, row.course, key))[0],
});

/** Takes a key away; whoever is enrolled by it stays. */
export async function deleteMethod(env: Env, school: School, named: string, id: string, who: string): Promise<void> {
  const before = await getMethod(env, school, named, id);
  const db = database(env.DB);
  await db.batch([
    db.delete(enrolmentMethods).where(which(before)),
    recordAudit(db, { school: school.id, who, what: "enrolment_method.deleted", subject: id, before: told(before) }),
  ]);
}
