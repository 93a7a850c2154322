import type { Env } from "../base/env";
import { USERS_ROWS } from "./held";

/** Takes a user out of the directory and the log; `below`: only what was told of changes before that one. */
export async function eraseLog(env: Env, school: string, user: string, below = Number.MAX_SAFE_INTEGER): Promise<void> {
  await env.DB.batch(
    Object.entries(USERS_ROWS).map(([table, { column, isCounted }]) => {
      const sql = `delete from ${table} where school = ? and ${column} = ?`;
      return isCounted
        ? env.DB.prepare(`${sql} and seq < ?`).bind(school, user, below)
        : env.DB.prepare(sql).bind(school, user);
    }),
  );
}

/** Gives a lead's log to the user who took it over. */
export async function moveLog(env: Env, school: string, from: string, to: string): Promise<void> {
  await env.DB.batch([
    env.DB.prepare("update runs set user = ?3 where school = ?1 and user = ?2").bind(school, from, to),
    env.DB.prepare("update deliveries set user = ?3 where school = ?1 and user = ?2").bind(school, from, to),
  ]);
}
