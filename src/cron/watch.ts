import type { Env } from "../base/env";
import type { ActionMessage } from "../calls/messages";
import { wakingUsers } from "../users/waking/due";
import { wakeUsers } from "../users/waking/wake";
import { loadSchool } from "../world/snapshot";

/*
 * Alarms are kept by the platform, and now and then lost by it: so whoever is overdue by what the directory knows is
 * woken. Of each live school `school_wakes` says until when nobody is due, so that others are not asked. Triggers bring it
 * forward; here it is moved on, no more than needed: a school that has somebody within the hour is looked at each minute,
 * which is a read where moving it on each time would be two rows written.
 */

/** As many as the queue takes at once, and as one round hands on: it sends word of those behind them. */
const SENT_AT_ONCE = 100;
const SCHOOLS_A_ROUND = 2_000;
/** What a round does itself. */
const SCHOOLS_AT_ONCE = 20;
const USERS_AT_ONCE = 100;
/** An alarm later than this is one that was lost. */
const OVERDUE_MS = 60_000;
/** A school is let alone until the next of its users, where that is so far away. */
const SOON_MS = 3_600_000;

/** By an index, the first of a school: however many are late, they are not gone over. */
const FIRST = `(select next_wake from users indexed by users_by_wake
  where users.school = school_wakes.school and next_wake >= 0 order by next_wake limit 1)`;

/** Schools that may have users who are overdue, the longest due first, with when the first of them was or is due. */
export const WATCHED = `select school, at, ${FIRST} as first from school_wakes indexed by school_wakes_by_time
  where at <= ?1 and (at, school) > (?2, ?3) order by at, school limit ?4`;

/** As things stand now: somebody may have come meanwhile who is due before those that were found. */
export const MOVE_ON = `update school_wakes set at = ${FIRST} where school in (select value from json_each(?1))`;

interface Place {
  at: number;
  school: string;
}

/** Pokes objects whose wake is overdue. Some at once, the others by the queue. */
export async function watch(env: Env): Promise<void> {
  await watchFrom(env, { until: Date.now() - OVERDUE_MS }, { users: USERS_AT_ONCE });
}

/** Sends word of the schools behind one with users who are overdue, a page of them. */
export const watchOthers = (env: Env, place: { behind?: Place; until: number }): Promise<void> =>
  watchFrom(env, place, { users: 0 });

async function watchFrom(
  env: Env,
  { behind: { at, school } = { at: -1, school: "" }, until }: { behind?: Place; until: number },
  atOnce: { users: number },
): Promise<void> {
  const { results } = await env.DB.prepare(WATCHED)
    .bind(until, at, school, SCHOOLS_A_ROUND)
    .all<Place & { first: number | null }>();
  const messages: ActionMessage[] = [];
  const last = results.at(-1);
  if (last && results.length === SCHOOLS_A_ROUND)
    messages.push({ kind: "watch", school: "", behind: { at: last.at, school: last.school }, until });
  const late = results.flatMap(({ school, first }) => (first !== null && first <= until ? school : []));
  let room = atOnce.users;
  for (const [index, id] of late.entries()) {
    const school = index < SCHOOLS_AT_ONCE && room > 0 ? await loadSchool(env, id) : null;
    const users = school ? await wakingUsers(env, id, until, room) : [];
    const ids = users.map(({ user }) => user);
    if (school) await wakeUsers(env, school, ids, null);
    room -= users.length;
    const behind = users.at(-1);
    if (!school || room === 0) messages.push({ kind: "wake_school", school: id, until, ...(behind ? { behind } : {}) });
  }
  for (let from = 0; from < messages.length; from += SENT_AT_ONCE)
    await env.JOBS.sendBatch(messages.slice(from, from + SENT_AT_ONCE).map((body) => ({ body })));
  const idle = results.flatMap(({ school, first }) => (first === null || first > until + SOON_MS ? school : []));
  if (idle.length) await env.DB.prepare(MOVE_ON).bind(JSON.stringify(idle)).run();
}
