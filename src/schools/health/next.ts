import type { Env } from "../../base/env";

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
export const NEXT = `with waking as materialized (
    select id as user, next_wake as at, (select id from (
      select id, wake_at from live_runs indexed by live_runs_by_user
        where school = ?1 and user = users.id order by id limit ${RUNS})
      where wake_at = users.next_wake limit 1) as run
    from users indexed by users_by_wake where school = ?1 and next_wake > ?2 order by next_wake limit ${USERS})
  select waking.at, waking.run, one.automation, waking.user from waking
  cross join live_runs as one indexed by live_runs_by_id on one.school = ?1 and one.id = waking.run
  order by waking.at limit ${SHOWN}`;

/** The first runs of a school that go on by themselves. @param now the school's clock */
export async function findNext(env: Env, school: string, now: number): Promise<Next[]> {
  const { results } = await env.DB.prepare(NEXT).bind(school, now).all<Next>();
  return results;
}
