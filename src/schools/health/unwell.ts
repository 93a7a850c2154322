import type { Env } from "../../base/env";
import { textsOf } from "../../base/json";
import { everyLog } from "../../db/log";
import { PAST_MS } from "../../world/problems";
import { LATE_MS } from "./backlog";

/*
 * Which live schools something is wrong with: found where what is wrong stands, so that of schools that are well nothing is
 * asked, however many there are.
 */

/** So many schools at once, of each thing that may be wrong. */
const SCHOOLS_A_PAGE = 1_000;

/** Less than a day: the round may come a little sooner than the day before. */
export const AGAIN_MS = 20 * 3_600_000;

/** The schools behind `?1` that have rows of a table, `?2` at most: from one to the next over all that one has. */
const schoolsIn = (rows: string, more = ""): string => {
  const behind = (school: string): string =>
    `(select school from ${rows} and school > ${school} order by school limit 1)`;
  return `with recursive suspect(school) as (select ${behind("?1")}
      union all select ${behind("suspect.school")} from suspect where suspect.school is not null limit ?2)
    select school${more} from suspect where school is not null`;
};

/** Schools of which something may be wrong, by what tells so in the main database. */
export const SUSPECTED = [
  schoolsIn("school_problems where true"),
  schoolsIn("automations indexed by automations_stopped where stopped_by is not null"),
  schoolsIn("dead_letters indexed by dead_letters_of_school where true"),
];
/** The same by whom the watch over alarms knows to be late: of schools in which somebody mostly is due these are more. */
export const LATE = `select school from school_wakes indexed by school_wakes_by_time
  where at < ?3 - ${LATE_MS.waits} and school > ?1 order by school limit ?2`;
/** Of a log: whose messages have not left, and `isLate` where one has not for long. */
export const STUCK = schoolsIn(
  "deliveries indexed by deliveries_queued where status = 'queued'",
  `, exists (select 1 from deliveries indexed by deliveries_queued
    where school = suspect.school and status = 'queued' and created_at < ?3 - ${LATE_MS.deliveries}) as isLate`,
);

/** Of schools `?1`, those of which something is wrong and whose owners were not told of late; `?3`: of which a message is stuck. */
export const UNWELL = `select schools.id from json_each(?1) as asked cross join schools on schools.id = asked.value
  where mode = 'live' and suspended = 0
    and coalesce((select at from health_mails where school = schools.id), 0) < ?2 - ${AGAIN_MS}
    and (exists (select 1 from school_problems where school = schools.id and at >= ?2 - ${PAST_MS})
      or exists (select 1 from automations indexed by automations_stopped
        where school = schools.id and stopped_by = 'failures' and active = 0 and delete_at is null)
      or exists (select 1 from dead_letters indexed by dead_letters_of_school where school = schools.id)
      or exists (select 1 from users indexed by users_by_wake
        where school = schools.id and next_wake < ?2 - ${LATE_MS.waits})
      or schools.id in (select value from json_each(?3)))
  order by schools.id`;

/** A page of the schools that are unwell, behind one; `last`: behind which others follow, or null. */
export async function findUnwell(env: Env, after: string): Promise<{ ids: string[]; last: string | null }> {
  const now = Date.now();
  const asked = [after, SCHOOLS_A_PAGE];
  const [stuck, suspected] = await Promise.all([
    Promise.all(
      everyLog(env).map((log) =>
        log
          .prepare(STUCK)
          .bind(...asked, now)
          .all<{ school: string; isLate: number }>(),
      ),
    ),
    env.DB.batch<{ school: string }>([
      ...SUSPECTED.map((text) => env.DB.prepare(text).bind(...asked)),
      env.DB.prepare(LATE).bind(...asked, now),
    ]),
  ]);
  const lists = [...stuck, ...suspected].map(({ results }) => results.map(({ school }) => school));
  // Behind the end of a full list there may be others: of none is known more than that.
  const ends = lists.flatMap((list) => (list.length === SCHOOLS_A_PAGE ? (list.at(-1) ?? []) : []));
  const last = ends.reduce<string | null>((least, end) => (least === null || end < least ? end : least), null);
  const within = (school: string): boolean => last === null || school <= last;
  const late = stuck.flatMap(({ results }) => results.flatMap(({ school, isLate }) => (isLate ? school : [])));
  const schools = [
    ...new Set([...late, ...suspected.flatMap(({ results }) => results.map(({ school }) => school))]),
  ].filter(within);
  if (!schools.length) return { ids: [], last };
  const found = await env.DB.batch<{ id: string }>(
    textsOf(schools).map((text) => env.DB.prepare(UNWELL).bind(text, now, JSON.stringify(late))),
  );
  return { ids: found.flatMap(({ results }) => results.map(({ id }) => id)), last };
}
