import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import { requireRow, unlessOvertaken } from "../db/guard";
import { automations } from "../db/schema";
import { forgetSchool, moveStamp } from "../world/snapshot";

const MIN_FAILURES = 20;
const MAX_SHARE = 0.1;
const HOUR_MS = 3_600_000;

/** Runs written since a moment, which lie in two tables. */
const written = (which: (table: string) => string): string =>
  ["runs", "live_runs"].map((table) => `select automation, steps from ${which(table)}`).join(" union all ");

const WRITTEN = written(
  (table) =>
    `${table === "runs" ? "runs indexed by runs_by_automation" : table} where school = ?1 and automation = ?2 and logged_at >= ?3`,
);

/*
 * What the LMS refused is none of an automation's failures: it is of the LMS, and the school sees it as such.
 */

/** Steps and deliveries of the last hour, failed and all, since the automation was last made active. */
const COUNT = `select count(*) as steps, coalesce(sum(step.value->>'status' = 'failed'), 0) as failed_steps,
    (select count(*) from deliveries indexed by deliveries_failed
      where school = ?1 and automation = ?2 and status = 'failed' and channel <> 'lms' and logged_at >= ?3
        and created_at > ?4) as failed_deliveries
  from (${WRITTEN}) as written, json_each(written.steps) as step where step.value->>'at' > ?4`;

/** Each is two queries, and some more where it is stopped: with the next move of the clock the next are looked at. */
const MAX_STOPPED = 50;

/** Of a school, the active automations of which enough failed since a moment to be looked at, with the last of it. */
const FAILED = `select automation, max(at) as at from (
    select automation, max(step.value->>'at') as at, count(*) as failed
    from (${written((table) => `${table} where school = ?1 and logged_at >= ?2`)}) as written, json_each(written.steps) as step
    where step.value->>'status' = 'failed' group by automation
    union all
    select automation, max(created_at) as at, count(*) as failed from deliveries indexed by deliveries_failed
    where school = ?1 and status = 'failed' and channel <> 'lms' and logged_at >= ?2 group by automation)
  where exists (select 1 from automations where school = ?1 and id = automation and active = 1)
  group by automation having sum(failed) >= ${MIN_FAILURES} order by sum(failed) desc limit ${MAX_STOPPED}`;

/** Stops what has failed too often in a test school, for which nobody waits on the queue. */
export async function settleFailures(env: Env, school: string): Promise<void> {
  const since = Date.now() - HOUR_MS;
  const { results } = await env.DB.prepare(FAILED).bind(school, since).all<{ automation: string; at: number }>();
  for (const one of results) await stopIfFailing(env, { school, ...one });
}

/** Stops an automation of whose steps too many failed within an hour. */
export const stopIfFailing = (env: Env, failing: Failing): Promise<void> => unlessOvertaken(() => look(env, failing));

interface Failing {
  school: string;
  automation: string;
  /** When something of it failed last, by the school's clock, ms. */
  at: number;
}

async function look(env: Env, { school, automation, at }: Failing): Promise<void> {
  const db = database(env.DB);
  const which = and(eq(automations.school, school), eq(automations.id, automation));
  const row = await db.select().from(automations).where(which).get();
  if (!row?.active) return;
  const counted = await env.DB.prepare(COUNT)
    .bind(school, automation, row.failuresSince, at - HOUR_MS)
    .first<{ steps: number; failed_steps: number; failed_deliveries: number }>();
  const failed = (counted?.failed_steps ?? 0) + (counted?.failed_deliveries ?? 0);
  if (failed < MIN_FAILURES || failed <= (counted?.steps ?? 0) * MAX_SHARE) return;
  await db.batch([
    requireRow(db, automations, and(which, eq(automations.revision, row.revision))),
    moveStamp(db, school),
    db
      .update(automations)
      .set({ active: false, activeSince: null, stoppedBy: "failures", revision: row.revision + 1, updatedBy: "system" })
      .where(which),
    recordAudit(db, { school, who: "system", what: "automation.stopped", subject: automation, after: { failed } }),
  ]);
  forgetSchool(school);
}
