import { pMapSettled } from "p-map";
import type { Env } from "../base/env";
import { log } from "../base/log";
import { objectAt } from "../calls/stub";
import { storedSettings } from "../world/settings";
import { EVERY_SCHOOL, IN_RANGE, type SchoolRange } from "./retention";

/*
 * What a user's object keeps is forgotten when the user comes, or an alarm rings. Whoever comes no more, and has no alarm,
 * is reminded once: when the last visit is older than the school keeps anything.
 */

const USERS_A_ROUND = 100;
const AT_ONCE = 16;
const DAY_MS = 86_400_000;
const DEFAULT_DAYS = storedSettings.parse({}).log_retention_days;

/** In the order of their last visits, behind the last who was reminded: by the key, as far as it is due. */
const DUE = `select schools.id as school, schools.epoch, one.user, one.at
  from schools left join forgettings on forgettings.school = schools.id
  cross join activity as one on one.school = schools.id and one.scope = 'school'
    and (one.at, one.user) > (coalesce(forgettings.at, -1), coalesce(forgettings.user, ''))
    and one.at < coalesce(schools.now, ?1) - ${DAY_MS} * (1 + max(7, coalesce(schools.settings->>'log_retention_days', ?2)))
  where ${IN_RANGE}
  order by schools.id, one.at, one.user limit ?5`;

const NOTED = `insert into forgettings (school, at, user)
  select value->>0, value->>1, value->>2 from json_each(?) where true
  on conflict (school) do update set at = excluded.at, user = excluded.user`;

/**
 * Reminds the next users; whoever does not answer is left to the day on which they come.
 * @returns whether there may be more of them
 */
export async function remindToForget(env: Env, { after, through }: SchoolRange = EVERY_SCHOOL): Promise<boolean> {
  const { results } = await env.DB.prepare(DUE)
    .bind(Date.now(), DEFAULT_DAYS, after, through, USERS_A_ROUND)
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
