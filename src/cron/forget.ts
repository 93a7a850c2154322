import { pMapSettled } from "p-map";
import type { Env } from "../base/env";
import { log } from "../base/reports/log";
import { objectAt } from "../calls/reaching/stub";
import { KEPT_DAYS } from "../world/kept";

/*
 * What a user's object keeps is forgotten when the user comes, or an alarm rings. Whoever comes no more, and has no alarm,
 * is reminded once: when the last visit is older than the school keeps anything.
 */

const USERS_A_ROUND = 100;
const AT_ONCE = 16;
const DAY_MS = 86_400_000;

/** Behind the last who was reminded: by the key, as far as it is due. `schools` is the school, `?1` the clock on the wall. */
const IS_AWAY = `one.scope = 'school' and (one.at, one.user)
    > (coalesce((select at from forgettings where school = schools.id), -1), coalesce((select user from forgettings where school = schools.id), ''))
  and one.at < coalesce(schools.now, ?1) - ${DAY_MS} * (1 + max(7, ${KEPT_DAYS}))`;

/** Whether a school has users who are to be reminded. */
export const HAS_AWAY = `exists (select 1 from activity as one where one.school = schools.id and ${IS_AWAY})`;

/** In the order of their last visits. */
const DUE = `select schools.id as school, schools.epoch, one.user, one.at
  from json_each(?2) as asked cross join schools on schools.id = asked.value
  cross join activity as one on one.school = schools.id and ${IS_AWAY}
  limit ?3`;

const NOTED = `insert into forgettings (school, at, user)
  select value->>0, value->>1, value->>2 from json_each(?) where true
  on conflict (school) do update set at = excluded.at, user = excluded.user`;

/**
 * Reminds the next users of schools; whoever does not answer is left to the day on which they come.
 * @returns whether there may be more of them
 */
export async function remindToForget(env: Env, schools: readonly string[]): Promise<boolean> {
  if (!schools.length) return false;
  const { results } = await env.DB.prepare(DUE)
    .bind(Date.now(), JSON.stringify(schools), USERS_A_ROUND)
    .all<{ school: string; epoch: number; user: string; at: number }>();
  if (!results.length) return false;
  const reminded = await pMapSettled(results, (place) => objectAt(env, place).forgetOld(), { concurrency: AT_ONCE });
  for (const result of reminded)
    if (result.status === "rejected") log("error", "user.not_reminded", { error: result.reason });
  const last = new Map(results.map(({ school, at, user }) => [school, [school, at, user]]));
  await env.DB.prepare(NOTED)
    .bind(JSON.stringify([...last.values()]))
    .run();
  return results.length === USERS_A_ROUND;
}
