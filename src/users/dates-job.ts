import { z } from "zod";
import { readJson } from "../base/json";
import { referenceOf, userObject } from "../calls/stub";
import { logOf } from "../db/log";
import { defineJob, type ItemSource } from "../jobs/define";

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
/** Whoever waits need not be enrolled (any more); who is too is looked at twice, which is as once. */
const WAITING = `select id as at, user from live_runs where school = ?1 and automation = ?2 and id > ?3
  and coalesce(trigger ->> '$.data.course', trigger ->> '$.data.product') in (select value from json_each(?5))
  order by id limit ?4`;
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
      for (; found.length < limit; index++, at = "") {
        const list = lists[index];
        if (!list) break;
        const db = list.isInLog ? await logOf(env, school.id) : env.DB;
        const { results } = await db
          .prepare(list.sql)
          .bind(school.id, list.of, at, limit - found.length, ...list.more)
          .all<{ at: string; user: string }>();
        found.push(...results.map((row) => ({ cursor: JSON.stringify([index, row.at]), user: row.user })));
      }
      return found.map(({ cursor, user }) => ({ cursor, place: { user }, key: user, value: user }));
    },
    // The directory lags: whoever came meanwhile stands anywhere.
    latecomersFrom: () => JSON.stringify([0, ""]),
  };
};

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
