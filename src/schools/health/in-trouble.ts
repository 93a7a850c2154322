import type { Env } from "../../base/env";
import { logOf } from "../../db/log";
import { idsFrom } from "../../engine/identity";
import { nowOf, type School } from "../../world/snapshot";

/* Whether messages of a school do not get through, for the head of each page: what of it is whose is `runs/trouble.ts`. */

const DAY_MS = 86_400_000;

const FAILED = `select count(*) as n from (select logged_at, reason from deliveries indexed by deliveries_failed_by_id
    where school = ?1 and status = 'failed' and id >= ?2 order by id desc limit ?4)
  where logged_at >= ?3 and reason is not 'undone'`;

const RETRYING = `select count(*) as n from (select attempts from deliveries indexed by deliveries_queued
    where school = ?1 and status = 'queued' order by created_at limit ?2) where attempts <> '[]'`;

/** How many failed within the last day, or are being tried again: of the last and the oldest of so many each. */
export async function inTrouble(env: Env, school: School, most: number): Promise<number> {
  const log = await logOf(env, school.id);
  const made = idsFrom("dlv", nowOf(school) - 2 * DAY_MS);
  const counted = await log.batch<{ n: number }>([
    log.prepare(FAILED).bind(school.id, made, Date.now() - DAY_MS, most),
    log.prepare(RETRYING).bind(school.id, most),
  ]);
  return counted.reduce((sum, { results }) => sum + (results[0]?.n ?? 0), 0);
}
