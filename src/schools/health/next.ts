import type { Env } from "../../base/env";
import { localDate } from "../../catalogue/dates/time";
import { logOf } from "../../db/log";

/** A run that goes on by itself. */
export interface Next {
  /** By the school's clock, ms. */
  at: number;
  run: string;
  automation: string;
  user: string;
}

const SHOWN = 5;
/** So many users are looked at, since some wake for something else, and so many live runs of each. */
const USERS = 20;
const RUNS = 50;

/** By the users who wake next: of each a run that goes on then. Their wakes have an index, and runs' have none. */
export const WAKING = `select json_group_array(json_array(id, next_wake)) as users from (
  select id, next_wake from users indexed by users_by_wake
  where school = ?1 and next_wake > ?2 and next_wake < ?3 order by next_wake limit ?4)`;

/** Of users `?2`, `[id, at]`, the run of each that goes on then. */
const RUN_OF_EACH = `with waking as materialized (
    select asked.value->>0 as user, asked.value->>1 as at, (select id from (
      select id, wake_at from live_runs indexed by live_runs_by_user
        where school = ?1 and user = asked.value->>0 order by id limit ${RUNS})
      where wake_at = asked.value->>1 limit 1) as run
    from json_each(?2) as asked)`;
export const NEXT = `${RUN_OF_EACH}
  select waking.at, waking.run, one.automation, waking.user from waking
  cross join live_runs as one indexed by live_runs_by_id on one.school = ?1 and one.id = waking.run
  order by waking.at limit ${SHOWN}`;

/** The users who wake next, `most` at most, as JSON `[id, at]`. */
const wakingIn = async (env: Env, school: string, now: number, until: number, most: number): Promise<string> =>
  (await env.DB.prepare(WAKING).bind(school, now, until, most).first<string>("users")) ?? "[]";

/** The first runs of a school that go on by themselves. @param now the school's clock */
export async function findNext(env: Env, school: string, now: number): Promise<Next[]> {
  const waking = await wakingIn(env, school, now, Number.MAX_SAFE_INTEGER, USERS);
  const { results } = await (await logOf(env, school)).prepare(NEXT).bind(school, waking).all<Next>();
  return results;
}

/** Runs of an automation that go on from the same wait on the same day. */
export interface Coming {
  /** By the school's calendar: "2026-11-27". */
  date: string;
  /** When the first of them does, ms. */
  at: number;
  automation: string;
  /** Where they wait. */
  step: string;
  /** How many learners. */
  count: number;
}

export interface Calendar {
  days: Coming[];
  /** Whether more comes than was looked at: what is last may be only a part of its day. */
  more: boolean;
}

/** So many learners are looked at, and so far ahead. */
const COMING_USERS = 1_000;
const COMING_MS = 30 * 86_400_000;

/** Of each learner the run that goes on next; a learner who wakes for something else has none. */
export const COMING = `${RUN_OF_EACH}
  select waking.at, one.automation, one.steps->>'$[#-1].step_id' as step from waking
  left join live_runs as one indexed by live_runs_by_id on one.school = ?1 and one.id = waking.run
  order by waking.at`;

/** What goes on by itself in the next 30 days, by day. @param now the school's clock */
export async function findComing(env: Env, { id, timezone }: { id: string; timezone: string }, now: number) {
  const waking = await wakingIn(env, id, now, now + COMING_MS, COMING_USERS);
  const { results } = await (await logOf(env, id))
    .prepare(COMING)
    .bind(id, waking)
    .all<{ at: number; automation: string | null; step: string | null }>();
  const found = new Map<string, Coming>();
  for (const { at, automation, step } of results) {
    if (automation === null || step === null) continue;
    const date = localDate(at, timezone);
    const key = JSON.stringify([date, automation, step]);
    const one = found.get(key) ?? { date, at, automation, step, count: 0 };
    found.set(key, { ...one, count: one.count + 1 });
  }
  return { days: [...found.values()], more: results.length === COMING_USERS } satisfies Calendar;
}
