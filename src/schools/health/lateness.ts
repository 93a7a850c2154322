import type { Env } from "../../base/env";
import { logOf } from "../../db/log";
import { idsFrom } from "../../engine/identity";

/*
 * How late things were in the last week, by the rows that there are: of the newest only, so that it costs the same in every
 * school.
 */

/** How many there were, how many of them in time, and the latest, ms; null: there were none. */
export interface Lateness {
  count: number;
  inTime: number;
  worst: number | null;
}

export interface LatenessOf {
  /** From the step to the end of the first attempt. */
  deliveries: Lateness;
  /** From the end of a run until it stood in the log. */
  log: Lateness;
}

/** As docs/slo.md has them: delivery lateness and log lag. */
export const IN_TIME_MS = { deliveries: 60_000, log: 30_000 };
/** So long after something D1 has heard of it, where the log is in time, and half as long again. */
export const HEARD_MS = 1.5 * IN_TIME_MS.log;
const NEWEST = 100;
const WEEK_MS = 7 * 86_400_000;

const summed = (rows: string): string =>
  `select count(*) as count, coalesce(sum(ms <= ?2), 0) as inTime, max(max(ms, 0)) as worst from (${rows}) where ms is not null`;

export const DELIVERIES = summed(`select attempts->>'$[0].at' - created_at as ms from deliveries
  where school = ?1 and id >= ?3 order by id desc limit ${NEWEST}`);
export const LOG = summed(`select logged_at - ended_at as ms from runs
  where school = ?1 and id >= ?3 order by id desc limit ${NEWEST}`);

/** Of a live school; the clock of another is its own. @param now real time, ms */
export async function findLateness(env: Env, school: string, now: number): Promise<LatenessOf> {
  const db = await logOf(env, school);
  const of = async (statement: string, within: number, made: "dlv" | "run"): Promise<Lateness> =>
    (await db
      .prepare(statement)
      .bind(school, within, idsFrom(made, now - WEEK_MS))
      .first<Lateness>()) ?? { count: 0, inTime: 0, worst: null };
  const [deliveries, log] = await Promise.all([
    of(DELIVERIES, IN_TIME_MS.deliveries, "dlv"),
    of(LOG, IN_TIME_MS.log, "run"),
  ]);
  return { deliveries, log };
}
