import type { Env } from "../../base/env";
import { channels } from "../../catalogue/channels";
import { logOf } from "../../db/log";
import { COUNTS_LIVE } from "../../db/schema/columns";
import { touchUsers } from "../../users/waking/touch";
import type { School } from "../../world/snapshot";

/*
 * A paused school takes events and keeps state; what would start or go on is held (the engine), and no message leaves
 * (the user's object).
 */

/** What a pause holds up: runs, and messages on their way to people and other systems. */
export interface HeldUp {
  runs: number;
  mails: number;
}

const PAUSED_RUNS =
  "select count(*) as n from live_runs indexed by live_runs_paused where school = ?1 and reason = 'paused'";
const LIVE_RUNS = `select coalesce(sum(n), 0) as n from run_counts indexed by run_counts_live
  where school = ?1 and ${COUNTS_LIVE}`;
const QUEUED = `select count(*) as n from deliveries indexed by deliveries_queued
  where school = ?1 and status = 'queued' and channel in (select value from json_each(?2))`;
const MESSAGES = JSON.stringify(channels.flatMap(({ name, staysOwn }) => (staysOwn ? [] : [name])));

/** What pausing a school would hold up or, while it is paused, what letting it go on is about. */
export async function heldUpIn(env: Env, school: School, pauses: boolean): Promise<HeldUp> {
  const log = await logOf(env, school.id);
  const ofAll = pauses && !school.paused;
  const [runs, mails] = await log.batch<{ n: number }>([
    log.prepare(ofAll ? LIVE_RUNS : PAUSED_RUNS).bind(school.id),
    log.prepare(QUEUED).bind(school.id, MESSAGES),
  ]);
  return { runs: runs?.results[0]?.n ?? 0, mails: mails?.results[0]?.n ?? 0 };
}

/** Lets what the pause held up go on, or end, as the school has it by now: nobody else is looked at. */
export const letGo = (env: Env, school: School): Promise<void> => touchUsers(env, school, {});
