import * as z from "zod";
import type { Env } from "../../base/env";
import { readJson } from "../../base/json";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import { logOf } from "../../db/log";
import { defineJob, type ItemSource } from "../../jobs/define";

const params = z.object({
  /** Of which a date has changed. */
  courses: z.array(z.string()),
  /** In which a wait may go by such a date. */
  automations: z.array(z.string()),
});
type Params = z.infer<typeof params>;

/** Who is in a course, by their ids. */
export const MEMBERS = `select user as at, user from user_marks
  where school = ?1 and kind = 'course' and value = ?2 and user > ?3 order by user limit ?4`;
/** Whoever waits need not be enrolled (any more). */
const WAITING = `select id as at, user from live_runs where school = ?1 and automation = ?2 and id > ?3
  and coalesce(trigger ->> '$.data.course', trigger ->> '$.data.product') in (select value from json_each(?5))
  order by id limit ?4`;
/** Of users `?3`, those who are in one of the courses `?2`: they are looked at as such. */
const ENROLLED = `select distinct who.value as user from json_each(?3) as who cross join json_each(?2) as course
  cross join user_marks on user_marks.school = ?1 and user_marks.kind = 'course' and user_marks.value = course.value
    and user_marks.user = who.value`;
/** Those who only wait are few. */
const COUNT = `select count(*) as n from json_each(?2) as one
  join user_marks on user_marks.school = ?1 and user_marks.kind = 'course' and user_marks.value = one.value`;

const position = z.tuple([z.int(), z.string()]);

/** Who is in one of the courses, course by course, then who has a run that began with one of them. */
const concerned = ({ courses, automations }: Params): ItemSource<string> => {
  const lists = [
    ...courses.map((course) => ({ sql: MEMBERS, of: course, more: [], isInLog: false })),
    ...automations.map((of) => ({ sql: WAITING, of, more: [JSON.stringify(courses)], isInLog: true })),
  ];
  return {
    total: async ({ env, school }) =>
      (await env.DB.prepare(COUNT).bind(school.id, JSON.stringify(courses)).first<{ n: number }>())?.n ?? 0,
    next: async ({ env, school }, after, limit) => {
      let [index, at] = after === null ? [0, ""] : readJson(position, after);
      const found: { cursor: string; user: string }[] = [];
      for (let list = lists[index]; list && found.length < limit; list = lists[index]) {
        const room = limit - found.length;
        const db = list.isInLog ? await logOf(env, school.id) : env.DB;
        const { results } = await db
          .prepare(list.sql)
          .bind(school.id, list.of, at, room, ...list.more)
          .all<{ at: string; user: string }>();
        const meant = list.isInLog ? await withoutEnrolled(env, school.id, courses, results) : results;
        const which = index;
        found.push(...meant.map((row) => ({ cursor: JSON.stringify([which, row.at]), user: row.user })));
        const last = results.at(-1);
        [index, at] = last && results.length === room ? [index, last.at] : [index + 1, ""];
      }
      return found.map(({ cursor, user }) => ({ cursor, place: { user }, key: user, value: user }));
    },
    // The directory lags: whoever came meanwhile stands anywhere.
    latecomersFrom: () => JSON.stringify([0, ""]),
  };
};

async function withoutEnrolled<Row extends { user: string }>(
  env: Env,
  school: string,
  courses: readonly string[],
  rows: readonly Row[],
): Promise<Row[]> {
  if (!rows.length) return [];
  const { results } = await env.DB.prepare(ENROLLED)
    .bind(school, JSON.stringify(courses), JSON.stringify(rows.map(({ user }) => user)))
    .all<{ user: string }>();
  const enrolled = new Set(results.map(({ user }) => user));
  return rows.filter(({ user }) => !enrolled.has(user));
}

/** Lets users look at the dates of courses that have changed, and at what waits for them. */
export const datesJob = defineJob({
  name: "course_dates",
  params,
  source: concerned,
  perform: async ({ env, school }, _, user) => {
    await userObject(env, school, user).change(referenceOf(school), { kind: "align", fire: false }, { creates: false });
    return null;
  },
});
