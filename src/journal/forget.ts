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

/** Gives leads' logs to the users who took them over, and takes the leads out of the directory. */
export async function moveLogs(
  env: Env,
  school: string,
  moves: readonly (readonly [lead: string, user: string])[],
): Promise<void> {
  const pairs = JSON.stringify(moves);
  const isOfLead = (column: string) => `school = ?1 and ${column} in (select value->>0 from json_each(?2))`;
  const statements = [
    ...["runs", "deliveries"].map(
      (table) =>
        `update ${table} set user = (select value->>1 from json_each(?2) where value->>0 = ${table}.user)
         where ${isOfLead("user")}`,
    ),
    ...Object.entries(USERS_ROWS).map(([table, { column }]) => `delete from ${table} where ${isOfLead(column)}`),
  ];
  await env.DB.batch(statements.map((sql) => env.DB.prepare(sql).bind(school, pairs)));
}
