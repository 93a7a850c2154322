import type { Env } from "../base/env";
import { uncountLive } from "./counts";
import { erasingLine, erasingRows } from "./held";

/** Takes a user out of the directory and the log; `below`: only what was told of changes before that one. */
export async function eraseLog(env: Env, school: string, user: string, below = Number.MAX_SAFE_INTEGER): Promise<void> {
  await env.DB.batch([uncountLive(env.DB, school, user, below), ...erasingRows(env.DB, school, user, below)]);
}

const MOVED = { runs: "runs_by_user", live_runs: "live_runs_by_user", deliveries: "deliveries_by_user" };

/** Gives a lead's log to the user who took it over, and takes the lead out of the directory. */
export async function moveLog(env: Env, school: string, from: string, to: string): Promise<void> {
  await env.DB.batch([
    ...Object.entries(MOVED).map(([table, index]) =>
      env.DB.prepare(`update ${table} indexed by ${index} set user = ?3 where school = ?1 and user = ?2`).bind(
        school,
        from,
        to,
      ),
    ),
    ...erasingLine(env.DB, school, from),
  ]);
}
