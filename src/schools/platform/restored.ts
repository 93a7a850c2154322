import { asc, desc, eq, gt, sql } from "drizzle-orm";
import pMap from "p-map";
import * as z from "zod";
import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import { isTransient } from "../../calls/reaching/again";
import { GENERATION } from "../../calls/reaching/generation";
import { schoolObject } from "../../calls/reaching/stub";
import { database } from "../../db/client";
import { platformJobs, schools, users } from "../../db/schema";
import { type Retold, retellUser } from "../../users/past/retell";
import { forgetSchools, loadSchool } from "../../world/snapshot";
import { deleteSchool } from "../life/delete";
import { type Counts, countsOf, type PlatformJob, startPlatformJob } from "./jobs";

/*
 * D1 was brought back to a moment (Time Travel), and objects were not. First the schools, each: one that was deleted since is
 * deleted again; of the others the numbers that were given out since are left out (`calls/reaching/generation.ts`). Then the users
 * that the directory lists, each told anew by its object, or erased where nobody is there. Whom the directory does not
 * list came since, and is told anew with the next turn, which sees by the stamp that D1 went back.
 */

const KIND = "restored";
const SCHOOLS_A_PAGE = 20;
const USERS_A_PAGE = 25;
const AT_ONCE = 5;
const MAX_TRIES = 20;
const MAX_WAIT_SECONDS = 30;
/** What D1 had not heard of by then. */
const LAG_MS = 86_400_000;
/** Versions and revisions that were given out since and are lost: none is given again. */
const LEFT_OUT = 1_000;

const params = z.object({ to: z.number() });
const cursor = z.union([
  z.object({ part: z.literal("schools"), after: z.string() }),
  z.object({
    part: z.literal("users"),
    school: z.string(),
    after: z.string(),
    /** How often the next page was tried, and put off since the platform would not have it. */
    tries: z.number().default(0),
  }),
]);

/** What a deleted school left is cleared page by page: until then it lies there, and nothing can be written of it. */
const OF_A_SCHOOL = "where exists (select 1 from schools where schools.id = automations.school)";

/** A great step of every stamp first, by which the history has what then changes. */
const LEAVE_OUT = [
  `update schools set stamp = (stamp / ${GENERATION} + 1) * ${GENERATION} + stamp % ${GENERATION},
    names_stamp = (names_stamp / ${GENERATION} + 1) * ${GENERATION} + names_stamp % ${GENERATION}`,
  `insert or ignore into automation_versions (school, automation, version, definition, created_at, created_by)
    select school, id, version + ${LEFT_OUT}, definition, updated_at, updated_by from automations ${OF_A_SCHOOL}`,
  // What was told late is older than what comes.
  "update school_ages set at = 0",
  `update automations set version = version + ${LEFT_OUT}, revision = revision + ${LEFT_OUT} ${OF_A_SCHOOL}`,
];

export const restoredJob: PlatformJob = {
  kind: KIND,
  total: async (env) => (await env.DB.prepare("select count(*) as n from users").first<number>("n")) ?? 0,
  page: async (env, given, after) => {
    const { to } = params.parse(given);
    const at = after === null ? { part: "schools" as const, after: "" } : cursor.parse(JSON.parse(after));
    return at.part === "schools" ? schoolsPage(env, at.after) : usersPage(env, at, to - LAG_MS);
  },
  againAt: () => null,
};

async function schoolsPage(env: Env, after: string) {
  const rows = await database(env.DB)
    .select({ id: schools.id, epoch: schools.epoch })
    .from(schools)
    .where(gt(schools.id, after))
    .orderBy(asc(schools.id))
    .limit(SCHOOLS_A_PAGE);
  let deleted = 0;
  for (const { id, epoch } of rows) {
    if (!(await schoolObject(env, { id, epoch }).isLeft())) continue;
    await deleteSchool(env, id, "system");
    deleted++;
  }
  const last = rows.at(-1)?.id;
  const next =
    last !== undefined && rows.length === SCHOOLS_A_PAGE
      ? { part: "schools", after: last }
      : { part: "users", school: "", after: "" };
  return { next: JSON.stringify(next), done: 0, counts: { schools: rows.length, deleted } };
}

interface Place {
  school: string;
  after: string;
  tries: number;
}

async function usersPage(env: Env, { school, after, tries }: Place, since: number) {
  const rows = await database(env.DB)
    .select({ school: users.school, id: users.id })
    .from(users)
    .where(sql`(${users.school}, ${users.id}) > (${school}, ${after})`)
    .orderBy(asc(users.school), asc(users.id))
    .limit(USERS_A_PAGE);
  const isLast = tries >= MAX_TRIES;
  const became = await pMap(rows, (row) => retell(env, row, since, isLast), { concurrency: AT_ONCE });
  if (became.includes("put_off")) {
    const again = JSON.stringify({ part: "users", school, after, tries: tries + 1 });
    return { next: again, done: 0, counts: {}, waitSeconds: Math.min(2 ** (tries + 1), MAX_WAIT_SECONDS) };
  }
  const counts: Record<string, number> = {};
  for (const one of became) counts[one] = (counts[one] ?? 0) + 1;
  const last = rows.at(-1);
  const next = last && rows.length === USERS_A_PAGE ? { part: "users", school: last.school, after: last.id } : null;
  return { next: next && JSON.stringify(next), done: rows.length, counts };
}

/** One who fails stops no other, and is told of; where the platform is to blame the page is done again, for some time. */
async function retell(
  env: Env,
  row: { school: string; id: string },
  since: number,
  isLast: boolean,
): Promise<Retold | "failed" | "gone" | "put_off"> {
  const school = await loadSchool(env, row.school);
  // Deleted again: it is being cleared.
  if (!school) return "gone";
  try {
    return await retellUser(env, school, row.id, school.mode === "test" ? null : since);
  } catch (error) {
    if (isTransient(error) && !isLast) return "put_off";
    log("error", "restored.not_told", { school: row.school, user: row.id, error });
    return "failed";
  }
}

/** How far a restore is, or was. */
export interface Restored {
  to: number;
  status: "under_way" | "done";
  total: number;
  done: number;
  counts: Counts;
  perSecond: number | null;
  beganAt: number;
  endedAt: number | null;
}

/**
 * D1 was brought back to a moment, real time, ms: begins to make good for it. Who was signed in signs in again, for a
 * session that was ended since would go on.
 */
export async function startRestored(env: Env, to: number): Promise<void> {
  await env.DB.batch([...LEAVE_OUT.map((text) => env.DB.prepare(text)), env.DB.prepare("delete from sessions")]);
  forgetSchools();
  await startPlatformJob(env, restoredJob, `${KIND} ${Date.now()}`, { to });
}

/** The last one; null: there was none. */
export async function lastRestored(env: Env): Promise<Restored | null> {
  const row = await database(env.DB)
    .select()
    .from(platformJobs)
    .where(eq(platformJobs.kind, KIND))
    .orderBy(desc(platformJobs.beganAt))
    .limit(1)
    .get();
  if (!row) return null;
  const { total, done, beganAt, touchedAt, endedAt } = row;
  const seconds = (touchedAt - beganAt) / 1_000;
  return {
    ...{ to: params.parse(JSON.parse(row.params)).to, status: endedAt === null ? "under_way" : "done" },
    ...{ total, done, counts: countsOf(row), beganAt, endedAt },
    perSecond: seconds > 0 ? done / seconds : null,
  };
}
