import { fillSought } from "../automations/sought-fill";
import type { Env } from "../base/env";
import { log } from "../base/log";
import type { ActionMessage } from "../calls/messages";
import { endDueSchools } from "../held/end";
import { resumeJobs } from "../jobs/resume";
import { writeCounted } from "../journal/usage";
import { clearSchools } from "../schools/clear";
import { sendHealthRound } from "../schools/health/mail";
import { takeUpPlatformJobs } from "../schools/platform/jobs";
import { wakingUsers } from "../users/due";
import { scanSchools } from "../users/scan/page";
import { wakeUsers } from "../users/wake";
import { loadSchool } from "../world/snapshot";
import { sendRetention } from "./rounds";

/** As many as the queue takes at once, and as one round hands on: it sends word of those behind them. */
const SENT_AT_ONCE = 100;
const SCHOOLS_A_ROUND = 2_000;
/** What a round does itself. */
const SCHOOLS_AT_ONCE = 20;
const USERS_AT_ONCE = 100;
/** An alarm later than this is one that was lost. */
const OVERDUE_MS = 60_000;
/** In which minute of the hour that is done for which an hour is soon enough. */
const HOURLY_AT = 7;

const EACH_MINUTE = { scanSchools, watch, resumeJobs, clearSchools, endDueSchools, takeUpPlatformJobs, writeCounted };
const EACH_HOUR = { sendRetention, fillSought };
/** In which hour that is done for which a day is soon enough: before most of those it is for begin theirs. */
const DAILY_AT = 5;
const EACH_DAY = { sendHealthRound };

/**
 * The minute's round: it finds what is due, and mostly hands it on. Late, doubled or missed rounds do no harm: each takes
 * up where the last one stopped. No task waits for another, nor stops it.
 */
export async function tick(env: Env): Promise<void> {
  const now = new Date();
  const isHourly = now.getUTCMinutes() === HOURLY_AT;
  const isDaily = isHourly && now.getUTCHours() === DAILY_AT;
  const tasks = Object.entries({ ...EACH_MINUTE, ...(isHourly ? EACH_HOUR : {}), ...(isDaily ? EACH_DAY : {}) });
  await Promise.all(
    tasks.map(async ([what, task]) => {
      try {
        await task(env);
      } catch (error) {
        log("error", `cron.${what}`, { error });
      }
    }),
  );
}

/** A look by the index for each school: who is late in a suspended or a test school, however many, is not gone over. */
export const WATCHED = `select id from schools where id > ?2 and mode = 'live' and suspended = 0 and exists
  (select 1 from users indexed by users_by_wake where users.school = schools.id and next_wake <= ?1)
  order by id limit ?3`;

/**
 * Pokes objects whose wake is overdue: alarms are kept by the platform, and now and then lost by it. Some at once, the
 * others by the queue.
 */
async function watch(env: Env): Promise<void> {
  await watchFrom(env, { after: "", until: Date.now() - OVERDUE_MS }, { users: USERS_AT_ONCE });
}

/** Sends word of the schools behind one with users who are overdue, a page of them. */
export const watchOthers = (env: Env, place: { after: string; until: number }): Promise<void> =>
  watchFrom(env, place, { users: 0 });

async function watchFrom(
  env: Env,
  { after, until }: { after: string; until: number },
  atOnce: { users: number },
): Promise<void> {
  const { results } = await env.DB.prepare(WATCHED).bind(until, after, SCHOOLS_A_ROUND).all<{ id: string }>();
  const messages: ActionMessage[] = [];
  const last = results.at(-1);
  if (last && results.length === SCHOOLS_A_ROUND) messages.push({ kind: "watch", school: "", after: last.id, until });
  let room = atOnce.users;
  for (const [index, { id }] of results.entries()) {
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
}
