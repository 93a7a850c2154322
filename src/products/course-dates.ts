import type { Env } from "../base/env";
import { GOES_BY_COURSE_DATES } from "../db/schema/columns";
import { startJob } from "../jobs/start";
import { datesJob } from "../users/courses/dates-job";
import type { School } from "../world/snapshot";

/*
 * Dates of courses are among what a school has defined: waits go by them, and automations start at them.
 */

/** Whose dates were written under the stamp as it stands: asked in the batch that moved it, and wrote them. */
const CHANGED = `select id from school_history
  where school = ?1 and kind = 'course' and stamp = (select stamp from schools where id = ?1)`;

/** Writes as one, and answers with the courses of which a date became another. @param statements move the stamp */
export async function writeDates(env: Env, school: string, statements: D1PreparedStatement[]): Promise<string[]> {
  const written = await env.DB.batch<{ id: string }>([...statements, env.DB.prepare(CHANGED).bind(school)]);
  return written.at(-1)?.results.map(({ id }) => id) ?? [];
}

/** Live runs go by earlier versions too. */
const AUTOMATIONS = `select distinct automation as id from automation_versions indexed by automation_versions_dated
  where school = ?1 and ${GOES_BY_COURSE_DATES}`;

/** Has the users concerned look at the dates of courses, by the job answered with; undefined: nothing goes by such. */
export async function followCourseDates(
  env: Env,
  school: School,
  courses: readonly string[],
): Promise<string | undefined> {
  if (!courses.length) return undefined;
  const { results } = await env.DB.prepare(AUTOMATIONS).bind(school.id).all<{ id: string }>();
  if (!results.length) return undefined;
  const automations = results.map(({ id }) => id);
  return startJob(env, school, datesJob, { courses: [...courses], automations }, { inline: true });
}
