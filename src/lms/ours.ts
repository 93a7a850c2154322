import type { Env } from "../base/env";

/*
 * Who is in which course here, by the directory: it lags, so that each is asked of the user's object before anything is
 * said of it.
 */

/** Each course with somebody in it, behind one, by leaping from one to the next: what lies between is not read. */
export const COURSES = `with recursive held(course) as (
    select min(value) from user_marks where school = ?1 and kind = 'course' and value > ?2
    union all
    select (select min(value) from user_marks where school = ?1 and kind = 'course' and value > held.course)
    from held where held.course is not null limit ?3)
  select course from held where course is not null`;

export async function coursesHeld(env: Env, school: string, after: string, limit: number): Promise<string[]> {
  const { results } = await env.DB.prepare(COURSES).bind(school, after, limit).all<{ course: string }>();
  return results.map(({ course }) => course);
}

export const COUNT = `select count(*) as n from (
  select 1 from user_marks where school = ?1 and kind = 'course' and value = ?2 limit ?3)`;

/** How many are in a course. @param most beyond this nobody counts on */
export async function countHeld(env: Env, school: string, course: string, most: number): Promise<number> {
  const found = await env.DB.prepare(COUNT).bind(school, course, most).first<{ n: number }>();
  return found?.n ?? 0;
}

/** What stands in the database as a list of the users that the LMS named: `select` of one column. */
export interface Named {
  sql: string;
  bound: readonly (string | number)[];
}

export const notNamed = ({ sql }: Pick<Named, "sql">): string => `select user from user_marks
  where school = ? and kind = 'course' and value = ? and user > ? and user not in (${sql}) order by user limit ?`;

/** Some who are in a course here and not among those named, behind one. Of the named none may be null. */
export async function heldAndNotNamed(
  env: Env,
  at: { school: string; course: string; after: string; limit: number },
  named: Named,
): Promise<string[]> {
  const { results } = await env.DB.prepare(notNamed(named))
    .bind(at.school, at.course, at.after, ...named.bound, at.limit)
    .all<{ user: string }>();
  return results.map(({ user }) => user);
}
