import type { Env } from "../base/env";
import { log } from "../base/log";
import type { ActionMessage } from "../calls/messages";
import { resumeJobs } from "../jobs/resume";
import { clearSchools } from "../schools/clear";
import { wakingUsers } from "../users/due";
import { wakeUsers } from "../users/wake";
import { loadSchool } from "../world/snapshot";
import { remindToForget } from "./forget";
import { retain } from "./retention";

/** As many as the queue takes at once, and as one round hands on: those left are still there in the next. */
const SENT_AT_ONCE = 100;
const SCHOOLS_A_ROUND = 5_000;
/** What a round does itself. */
const SCHOOLS_AT_ONCE = 20;
const USERS_AT_ONCE = 100;
/** An alarm later than this is one that was lost. */
const OVERDUE_MS = 60_000;

/** The minute's round. Late, doubled or missed rounds do no harm: each takes up where the last one stopped. */
export async function tick(env: Env): Promise<void> {
  for (const [what, task] of Object.entries({ scan, watch, resumeJobs, retain, remindToForget, clearSchools })) {
    try {
      await task(env);
    } catch (error) {
      log("error", `cron.${what}`, { error });
    }
  }
}

/** Has the queue look for users who crossed a threshold of inactivity, or of a trial's end, since the last round. */
async function scan(env: Env): Promise<void> {
  const message: ActionMessage = { kind: "scan_schools", school: "", after: "" };
  await env.JOBS.send(message);
}

/** A look by the index for each school: who is late in a suspended or a test school, however many, is not gone over. */
export const WATCHED = `select id from schools where mode = 'live' and suspended = 0 and exists
  (select 1 from users indexed by users_by_wake where users.school = schools.id and next_wake <= ?) limit ?`;

/**
 * Pokes objects whose wake is overdue: alarms are kept by the platform, and now and then lost by it. Some at once, the
 * others by the queue.
 */
async function watch(env: Env): Promise<void> {
  const until = Date.now() - OVERDUE_MS;
  const { results } = await env.DB.prepare(WATCHED).bind(until, SCHOOLS_A_ROUND).all<{ id: string }>();
  const messages: ActionMessage[] = [];
  let room = USERS_AT_ONCE;
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
