import * as z from "zod";
import type { Env } from "../../base/env";
import { readJson } from "../../base/json";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import { defineJob, type ItemSource } from "../../jobs/define";
import { tellImported } from "../import/telling";
import { MEMBERS } from "./dates-job";

/*
 * Who is in a course by an id that it is not called by here: it was learned since, or word of the enrolment came late.
 */

/** The first id behind one by which a course is not called, and somebody is in it. */
const NEXT = `select theirs from product_ids where school = ?1 and type = 'course' and theirs > ?2
  and exists (select 1 from user_marks where school = ?1 and kind = 'course' and value = theirs)
  order by theirs limit 1`;
const COUNT = `select count(*) as n from product_ids cross join user_marks on user_marks.school = ?1
  and user_marks.kind = 'course' and user_marks.value = product_ids.theirs
  where product_ids.school = ?1 and product_ids.type = 'course'`;

const nextOf = async (env: Env, school: string, after: string): Promise<string | undefined> =>
  (await env.DB.prepare(NEXT).bind(school, after).first<{ theirs: string }>())?.theirs;

/** Whether somebody is in a course by such an id. */
export const hasOthers = async (env: Env, school: string): Promise<boolean> =>
  (await nextOf(env, school, "")) !== undefined;

const position = z.tuple([z.string(), z.string()]);

const byOtherIds: ItemSource<string> = {
  total: async ({ env, school }) => (await env.DB.prepare(COUNT).bind(school.id).first<{ n: number }>())?.n ?? 0,
  next: async ({ env, school }, after, limit) => {
    const [begun, at] = after === null ? ["", ""] : readJson(position, after);
    const found: { cursor: string; user: string }[] = [];
    let course = begun === "" ? await nextOf(env, school.id, "") : begun;
    let user = at;
    while (course !== undefined && found.length < limit) {
      const { results } = await env.DB.prepare(MEMBERS)
        .bind(school.id, course, user, limit - found.length)
        .all<{ user: string }>();
      for (const row of results) found.push({ cursor: JSON.stringify([course, row.user]), user: row.user });
      user = "";
      if (found.length < limit) course = await nextOf(env, school.id, course);
    }
    return found.map(({ cursor, user }) => ({ cursor, place: { user }, key: user, value: user }));
  },
  // The directory lags: whoever came meanwhile stands anywhere.
  latecomersFrom: () => JSON.stringify(["", ""]),
};

/** Has users go by the ids that courses have here: quietly, and the LMS, which knows one course, hears nothing of it. */
export const idsJob = defineJob({
  name: "course_ids",
  params: z.object({}),
  source: () => byOtherIds,
  perform: async ({ env, school }, _, user) => {
    const input = { kind: "align", fire: false, everything: true } as const;
    await userObject(env, school, user).change(referenceOf(school), input, { creates: false });
    return null;
  },
  // Until the directory has them under the one id, the other is not free for another course.
  endPage: tellImported,
});
