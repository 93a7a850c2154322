import { and, eq, ne } from "drizzle-orm";
import { toBase64Url } from "../base/bytes";
import { type Env, secretKeysOf } from "../base/env";
import { Problem } from "../base/errors";
import { newId } from "../base/ids";
import { signingKey } from "../connectors/keys";
import { open, type SealPlace, seal } from "../connectors/sealed";
import { recordAudit } from "../db/audit";
import { breaksConstraint, type Database, database } from "../db/client";
import { isOvertaken, requireNoRow } from "../db/guard";
import type { ListQuery } from "../db/list";
import { getRow, listRows } from "../db/rows";
import { enrolmentMethods } from "../db/schema";

/*
 * A way into a course by a key that its learners are told. The key lies sealed, for its owners to read it again, and
 * beside it what it is found by: nobody who sees the table learns it.
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

const which = (school: string, course: string, id: string) =>
  and(eq(enrolmentMethods.school, school), eq(enrolmentMethods.course, course), eq(enrolmentMethods.id, id));

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

/** A page of the enrolment methods of a course, oldest first. */
export const listMethods = (env: Env, school: string, course: string, query: ListQuery) =>
  listRows(
    env,
    enrolmentMethods,
    ["id"],
    query,
    and(eq(enrolmentMethods.school, school), eq(enrolmentMethods.course, course)),
  );

/** An enrolment method; 404 when it is another course's or school's. */
export const getMethod = (env: Env, school: string, course: string, id: string): Promise<MethodRow> =>
  getRow(env, enrolmentMethods, which(school, course, id), "enrolment method");

/** The courses of a school that have a method, and how many. */
export const coursesWithMethods = (env: Env, school: string): Promise<{ course: string; methods: number }[]> =>
  env.DB.prepare("select course, count(*) as methods from enrolment_methods where school = ? group by course")
    .bind(school)
    .all<{ course: string; methods: number }>()
    .then(({ results }) => results);

function refuseTwice(error: unknown): never {
  if (breaksConstraint(error, "enrolment_methods.school") || isOvertaken(error))
    throw new Problem("conflict", "The course has an enrolment method with this key.");
  throw error;
}

/** Refuses a key that the course has by the digest of the secret before, which no constraint sees. */
async function refuseKeyOfBefore(env: Env, db: Database, { school, course, id }: MethodRow, key: string) {
  const [, before] = await digestsOfKey(env, school, course, key);
  if (before === undefined) return [];
  const { school: ofSchool, course: ofCourse, digest } = enrolmentMethods;
  const isIts = and(eq(ofSchool, school), eq(ofCourse, course), eq(digest, before), ne(enrolmentMethods.id, id));
  return [requireNoRow(db, enrolmentMethods, isIts)];
}

/** Gives a course a key; 409 when it has it already. */
export async function createMethod(
  env: Env,
  school: string,
  course: string,
  { key, ...rest }: NewMethod,
  who: string,
): Promise<MethodRow> {
  const made = { ...rest, school, course, id: newId("enm_"), taken: 0, createdAt: Date.now() };
  const row: MethodRow = { ...made, ...(await sealed(env, made, key)) };
  const db = database(env.DB);
  try {
    await db.batch([
      db.insert(enrolmentMethods).values(row),
      ...(await refuseKeyOfBefore(env, db, row, key)),
      recordAudit(db, { school, who, what: "enrolment_method.created", subject: row.id, after: told(row) }),
    ]);
  } catch (error) {
    refuseTwice(error);
  }
  return row;
}

/** Changes an enrolment method. Whoever has a place keeps it. */
export async function changeMethod(
  env: Env,
  school: string,
  course: string,
  id: string,
  { key, ...change }: MethodChange,
  who: string,
): Promise<MethodRow> {
  const before = await getMethod(env, school, course, id);
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
      db
        .update(enrolmentMethods)
        .set(set)
        .where(which(school, course, id)),
      ...(key === undefined ? [] : await refuseKeyOfBefore(env, db, before, key)),
      recordAudit(db, {
        school,
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
export async function deleteMethod(env: Env, school: string, course: string, id: string, who: string): Promise<void> {
  const before = await getMethod(env, school, course, id);
  const db = database(env.DB);
  await db.batch([
    db.delete(enrolmentMethods).where(which(school, course, id)),
    recordAudit(db, { school, who, what: "enrolment_method.deleted", subject: id, before: told(before) }),
  ]);
}
