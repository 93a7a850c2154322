import type { Env } from "../../base/env";

/*
 * A move of a test school's clock may take several requests, and the clock stands until all users are there. Those who
 * are there already are marked, so that the next request begins with the others: up to when they have been taken, and
 * the school's stamp of then. Once definitions have changed, somebody may have more to do on the way.
 */

/** Of a school (`?1`), those who have been taken as far as a moment (`?3`), by the definitions as they stand. */
export const AHEAD = `select user from user_marks where school = ?1 and kind = 'ahead'
  and value ->> 0 >= ?3 and value ->> 1 = (select stamp from schools where id = ?1)`;

const NOTE = `insert into user_marks (school, kind, value, user)
  select school, 'ahead', json_array(?2, ?3), id from users
  where school = ?1 and id in (select value from json_each(?4)) on conflict do nothing`;

const FORGET = "delete from user_marks where school = ?1 and kind = 'ahead' and value ->> 0 <= ?2";

/** Marks users who have been taken further than their school's clock stands. */
export const noteAhead = (
  env: Env,
  school: { id: string; stamp: number },
  users: readonly string[],
  until: number,
): Promise<unknown> => env.DB.prepare(NOTE).bind(school.id, until, school.stamp, JSON.stringify(users)).run();

/** The school's clock has come to a moment: nobody is ahead of it who has been taken no further. */
export const forgetAhead = (env: Env, school: string, now: number): Promise<unknown> =>
  env.DB.prepare(FORGET).bind(school, now).run();
