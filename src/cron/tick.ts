import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { log } from "../base/log";
import { pages } from "../base/pages";
import { database } from "../db/client";
import { automations, scans, schools } from "../db/schema";
import { resumeJobs } from "../jobs/resume";
import { clearSchools } from "../schools/clear";
import { crossingUsers, thresholdsOf, wakingUsers } from "../users/due";
import { wakeUsers } from "../users/wake";
import { loadSchool, nowOf, type School } from "../world/snapshot";
import { loadWorld } from "../world/world";
import { retain } from "./retention";

const PAGE = 200;
/** An alarm later than this is one that was lost. */
const OVERDUE_MS = 60_000;

/** The minute's round. Late, doubled or missed rounds do no harm: each takes up where the last one stopped. */
export async function tick(env: Env): Promise<void> {
  for (const [what, task] of Object.entries({ scan, watch, resumeJobs, retain, clearSchools })) {
    try {
      await task(env);
    } catch (error) {
      log("error", `cron.${what}`, { error });
    }
  }
}

/** Tells objects whose user crossed a threshold of inactivity, or of a trial's end, since the last round. */
async function scan(env: Env): Promise<void> {
  const db = database(env.DB);
  const live = await db
    .selectDistinct({ id: schools.id })
    .from(schools)
    .innerJoin(automations, eq(automations.school, schools.id))
    .where(and(eq(schools.mode, "live"), eq(schools.suspended, false), eq(automations.active, true)));
  for (const { id } of live) {
    const school = await loadSchool(env, id);
    if (!school) continue;
    try {
      await scanSchool(env, school);
    } catch (error) {
      log("error", "cron.scan_school", { school: id, error });
    }
  }
}

/** Looks at each threshold of a school from where it last looked up to now. */
export async function scanSchool(env: Env, school: School): Promise<void> {
  const db = database(env.DB);
  const world = await loadWorld(env, school);
  const until = nowOf(school);
  for (const threshold of thresholdsOf(world)) {
    const which = and(eq(scans.school, school.id), eq(scans.scope, threshold.scope), eq(scans.days, threshold.days));
    const last = await db.select().from(scans).where(which).get();
    const from = last?.until ?? school.createdAt;
    const crossing = (after: string) => crossingUsers(env, world, threshold, { from, until }, after, PAGE);
    for await (const users of pages(PAGE, crossing)) await wakeUsers(env, school, users, null);
    const row = { school: school.id, scope: threshold.scope, days: threshold.days, until };
    await db
      .insert(scans)
      .values(row)
      .onConflictDoUpdate({ target: [scans.school, scans.scope, scans.days], set: { until } });
  }
}

/** Pokes objects whose wake is overdue: alarms are kept by the platform, and now and then lost by it. */
async function watch(env: Env): Promise<void> {
  const overdue = Date.now() - OVERDUE_MS;
  const { results } = await env.DB.prepare(
    "select distinct users.school as id from users indexed by users_by_wake join schools on schools.id = users.school where users.next_wake <= ? and schools.mode = 'live' and schools.suspended = 0",
  )
    .bind(overdue)
    .all<{ id: string }>();
  for (const { id } of results) {
    const school = await loadSchool(env, id);
    if (!school) continue;
    const waking = (after: string) => wakingUsers(env, id, overdue, after, PAGE);
    for await (const users of pages(PAGE, waking)) await wakeUsers(env, school, users, null);
  }
}
