import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import type { ActionMessage } from "../calls/messages";
import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import { requireRow, unlessOvertaken } from "../db/guard";
import { ENDS } from "../db/lists/ended";
import { logOf } from "../db/log";
import { automations } from "../db/schema";
import { forgetSchool, moveStamp } from "../world/snapshot";

const MIN_FAILURES = 20;
const MAX_SHARE = 0.1;
const HOUR_MS = 3_600_000;

/*
 * What the LMS refused is none of an automation's failures: it is of the LMS, and the school sees it as such. A run goes
 * on behind a step that failed: those with failures, ended or not, have an index of their own. Nor is a mail that bounced:
 * it had left, and the address is at fault.
 */

const TABLES = ["runs", "live_runs"] as const;

const isItsOwn = (deliveries: string): string =>
  `${deliveries}.status = 'failed' and ${deliveries}.channel <> 'lms' and ${deliveries}.reason is not 'bounced'`;

/** Steps and deliveries that failed in the last hour, since the automation was last made active. */
const FAILED = `select
    ${TABLES.map(
      (
        table,
      ) => `(select count(*) from ${table} as one indexed by ${table}_with_failures cross join json_each(one.steps) as step
      where school = ?1 and automation = ?2 and failed_steps > 0 and logged_at >= ?3
        and step.value->>'status' = 'failed' and step.value->>'at' > ?4)`,
    ).join(" + ")}
    + (select count(*) from deliveries indexed by deliveries_failed
      where school = ?1 and automation = ?2 and ${isItsOwn("deliveries")} and logged_at >= ?3
        and created_at > ?4) as n`;

/** The steps of the last hour, of the newest runs first, until there are as many as `?5`: more make no difference. */
const STEPS = [
  ...ENDS.map((status) => ["runs as one indexed by runs_by_automation", `status = '${status}' and`]),
  ["live_runs as one", ""],
]
  .map(
    ([table, which]) => `select count(*) as n from (select 1 from ${table} cross join json_each(one.steps) as step
      where school = ?1 and ${which} automation = ?2 and logged_at >= ?3 and step.value->>'at' > ?4
      order by one.id desc limit ?5)`,
  )
  .join(" union all ");

/** By an index from one automation to the next, over all that each of them has: those of which anything ever failed. */
const everFailed = (name: string, table: string, index: string, where: string): string =>
  `${name} (id) as (select '' union all select (select automation from ${table} indexed by ${index}
    where school = ?1 and ${where} and automation > ${name}.id order by automation limit 1) from ${name} where id is not null)`;
const EVER_FAILED = `with recursive ${[
  ...TABLES.map((table) => everFailed(`of_${table}`, table, `${table}_with_failures`, "failed_steps > 0")),
  everFailed("of_deliveries", "deliveries", "deliveries_failed", "status = 'failed'"),
].join(", ")}
  select json_group_array(id) as ids from (${["of_runs", "of_live_runs", "of_deliveries"]
    .map((name) => `select id from ${name}`)
    .join(" union ")}) where id <> ''`;

/** Each is some queries: with the next move of the clock the next are looked at. */
const MAX_STOPPED = 50;

const ACTIVE = `select json_group_array(id) as ids from automations
  where school = ?1 and id in (select value from json_each(?2)) and active = 1`;

/** Of a school, those of some automations (`?3`, as JSON) of which enough failed since a moment to be looked at, with the last of it. */
const OFTEN_FAILED = `select automation, max(at) as at from (
    ${TABLES.map(
      (table) => `select one.automation, step.value->>'at' as at from json_each(?3) as automation
      cross join ${table} as one indexed by ${table}_with_failures on one.school = ?1 and one.automation = automation.value
        and one.failed_steps > 0 and one.logged_at >= ?2
      cross join json_each(one.steps) as step on step.value->>'status' = 'failed'`,
    ).join(" union all ")}
    union all
    select one.automation, one.created_at from json_each(?3) as automation
      cross join deliveries as one indexed by deliveries_failed on one.school = ?1 and one.automation = automation.value
        and ${isItsOwn("one")} and one.logged_at >= ?2)
  group by automation having count(*) >= ${MIN_FAILURES} order by count(*) desc limit ${MAX_STOPPED}`;

/** Stops what has failed too often in a test school, for which nobody waits on the queue. */
export async function settleFailures(env: Env, school: string): Promise<void> {
  const since = Date.now() - HOUR_MS;
  const log = await logOf(env, school);
  const failed = await log.prepare(EVER_FAILED).bind(school).first<string>("ids");
  if (failed === null || failed === "[]") return;
  const active = await env.DB.prepare(ACTIVE).bind(school, failed).first<string>("ids");
  const { results } = await log
    .prepare(OFTEN_FAILED)
    .bind(school, since, active ?? "[]")
    .all<{ automation: string; at: number }>();
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
  const bound = [school, automation, row.failuresSince, at - HOUR_MS] as const;
  const log = await logOf(env, school);
  const failed =
    (await log
      .prepare(FAILED)
      .bind(...bound)
      .first<number>("n")) ?? 0;
  if (failed < MIN_FAILURES) return;
  const enough = Math.ceil(failed / MAX_SHARE);
  const { results } = await log
    .prepare(STEPS)
    .bind(...bound, enough)
    .all<{ n: number }>();
  if (results.reduce((steps, { n }) => steps + n, 0) >= enough) return;
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
  const message: ActionMessage = { kind: "stopped", school, automation };
  await env.JOBS.send(message);
}
