import type { Total } from "../../base/counted";
import type { Env } from "../../base/env";
import { logOf } from "../../db/log";

/* How much there is of something, for people: so many at most are counted, so that no answer costs what there is. */

const RUNS = `select 1 from runs where school = ?1 union all select 1 from live_runs indexed by live_runs_by_id where school = ?1`;

const ALL = {
  automations: "select 1 from automations indexed by automations_standing where school = ?1 and delete_at is null",
  users: "select 1 from users where school = ?1",
  runs: RUNS,
  deliveries: "select 1 from deliveries where school = ?1",
  failed: "select 1 from deliveries indexed by deliveries_failed_by_id where school = ?1 and status = 'failed'",
  not_sent: "select 1 from deliveries indexed by deliveries_not_sent_by_id where school = ?1 and status = 'not_sent'",
  queued: "select 1 from deliveries indexed by deliveries_queued where school = ?1 and status = 'queued'",
} as const;

export type Counted = keyof typeof ALL;
const IN_LOG: ReadonlySet<Counted> = new Set(["runs", "deliveries", "failed", "not_sent", "queued"]);

export const isCounted = (what: string): what is Counted => Object.hasOwn(ALL, what);

/** How many of a school's there are, up to so many. */
export async function countAll(env: Env, school: string, what: Counted, most: number): Promise<Total> {
  const db = IN_LOG.has(what) ? await logOf(env, school) : env.DB;
  const row = await db
    .prepare(`select count(*) as n from (${ALL[what]} limit ?2)`)
    .bind(school, most + 1)
    .first<{ n: number }>();
  return { n: row?.n ?? 0, most };
}

const OF_AUTOMATION = `select coalesce(sum(n), 0) as n from run_counts
  where school = ?1 and automation = ?2 and step = '' and (?3 = '' or status = ?3)`;

/** How many runs of an automation ever had a status, or any; by the counters. */
export async function countRunsOf(env: Env, school: string, automation: string, status: string): Promise<Total> {
  const row = await (await logOf(env, school))
    .prepare(OF_AUTOMATION)
    .bind(school, automation, status)
    .first<{ n: number }>();
  return { n: row?.n ?? 0, most: Number.POSITIVE_INFINITY };
}
