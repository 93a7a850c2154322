import type { Env } from "../base/env";
import type { ActionMessage } from "../calls/messages";
import { nowOf, type School } from "../world/snapshot";
import { wakeUsers } from "./wake";

const INLINE = 100;

/**
 * Lets users look at what became of what concerns them: some at once, all by way of the directory and the queue. Their
 * objects look anyway when they are next touched; this is so that they do soon.
 * @param which the SQL that selects their ids as `user`, each once, and what is bound to it
 */
export async function touchUsers(env: Env, school: School, which: string, bound: readonly unknown[]): Promise<void> {
  await env.DB.prepare(`update users set next_wake = ? where school = ? and id in (${which})`)
    .bind(nowOf(school), school.id, ...bound)
    .run();
  const { results } = await env.DB.prepare(`${which} limit ${INLINE + 1}`)
    .bind(...bound)
    .all<{ user: string }>();
  await wakeUsers(
    env,
    school,
    results.slice(0, INLINE).map((row) => row.user),
    null,
  );
  if (results.length <= INLINE) return;
  const message: ActionMessage = { kind: "wake_school", school: school.id };
  await env.JOBS.send(message);
}
