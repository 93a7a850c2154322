import type { Env } from "../../base/env";
import type { LogBatch } from "../../calls/batch";
import type { LoggedIds } from "../../calls/user";
import { openLogOf } from "../../db/log";
import { takeBackChanges } from "../tables/changes";
import { uncountLive } from "../tables/counts";
import { erasingLine, erasingLive, erasingLog, erasingRows, movingLog, movingRows } from "./held";

/** Takes back what D1 and the feed were told of a user who was erased meanwhile; `below`: of changes before that one. */
export async function takeBack(env: Env, batch: LogBatch, below: number): Promise<void> {
  const { school, user, ended, live, deliveries } = batch;
  const logged = { runs: [...ended, ...live].map(({ id }) => id), deliveries: deliveries.map(({ id }) => id) };
  const log = await openLogOf(env, school);
  const inLog = [
    uncountLive(log, school, user, below),
    ...erasingLog(log, { school, id: user, logged }, below),
    erasingLive(log, school, user, below),
  ];
  await inBoth(env, log, inLog, erasingRows(env.DB, school, user, below));
  await takeBackChanges(env, batch);
}

/** Gives what else D1 has of a user to the one whom that user was merged into. */
export async function moveRows(env: Env, school: string, from: string, to: string): Promise<void> {
  await env.DB.batch(movingRows(env.DB, school, from, to));
}

/**
 * Gives the log of a lead, or a user, to the user who took it over, and takes the other out of the directory.
 * @param logged what the user's object has, the lead's too
 */
export async function moveLog(env: Env, school: string, from: string, to: string, logged: LoggedIds): Promise<void> {
  const log = await openLogOf(env, school);
  const inLog = [
    log
      .prepare("update live_runs indexed by live_runs_by_user set user = ?3 where school = ?1 and user = ?2")
      .bind(school, from, to),
    ...movingLog(log, { school, id: from, logged }, to),
  ];
  await inBoth(env, log, inLog, erasingLine(env.DB, school, from));
}

/** In one transaction where the log lies in the main database, else the log's first: what finds the user stays until then. */
async function inBoth(
  env: Env,
  log: D1Database,
  inLog: readonly D1PreparedStatement[],
  others: readonly D1PreparedStatement[],
): Promise<void> {
  if (log === env.DB) return void (await log.batch([...inLog, ...others]));
  await log.batch([...inLog]);
  await env.DB.batch([...others]);
}
