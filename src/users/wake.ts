import type { Advance } from "../../durable-objects/calls";
import type { Env } from "../env";
import { log } from "../log";
import type { School } from "../schools/snapshot";
import { referenceOf, userObject } from "./object";
import { tellUser } from "./tell";

const AT_ONCE = 16;

export interface Woken extends Advance {
  user: string;
}

/**
 * Lets users' objects catch up, and repairs what the directory thought of them. One that fails stops no other: it is
 * left out of the answer, and the watchdog comes back to it.
 * @param until up to when, for a test school; null: the present
 */
export async function wakeUsers(
  env: Env,
  school: School,
  users: readonly string[],
  until: number | null,
  maxSteps = 100_000,
): Promise<Woken[]> {
  const woken: Woken[] = [];
  for (let from = 0; from < users.length; from += AT_ONCE) {
    const group = users.slice(from, from + AT_ONCE);
    const results = await Promise.allSettled(group.map((user) => wakeUser(env, school, user, until, maxSteps)));
    for (const result of results) {
      if (result.status === "fulfilled") woken.push(result.value);
      else log("error", "user.not_woken", { school: school.id, error: result.reason });
    }
  }
  if (woken.length) {
    await env.DB.prepare(
      "update users set next_wake = (select value->>1 from json_each(?2) where value->>0 = users.id) where school = ?1 and id in (select value->>0 from json_each(?2))",
    )
      .bind(school.id, JSON.stringify(woken.map(({ user, nextWake }) => [user, nextWake])))
      .run();
  }
  return woken;
}

async function wakeUser(
  env: Env,
  school: School,
  user: string,
  until: number | null,
  maxSteps: number,
): Promise<Woken> {
  const object = userObject(env, school.id, user);
  const advanced = await object.advance(referenceOf(school), until, maxSteps);
  // A test school's users tell within their turns.
  if (school.mode === "live") await tellUser(env, school.id, user, { exact: true });
  return { user, ...advanced };
}
