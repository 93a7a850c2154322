import type { Env } from "../../base/env";
import type { ActionMessage } from "../../calls/messages";
import { logOf } from "../../db/log";
import { loadSchool, nowOf, type School } from "../../world/snapshot";
import { wakeUsers } from "./wake";

/** So many are woken while somebody waits. */
const INLINE = 100;
/** So many runs or deliveries a page looks at. */
const PAGE = 1_000;

type TouchMessage = Extract<ActionMessage, { kind: "touch_users" }>;
/** Who is meant: who has live runs of automations with these statuses, or, without them, whom a pause held up. */
export type Touched = TouchMessage["of"];

/** What a page goes through in the order of an index: `?2` is where it begins, as JSON. */
interface List {
  sql: string;
  from: readonly (string | number)[];
  bound: readonly string[];
}

/** Automation by automation, each from its own beginning but the first. */
const OF_RUNS = `select json_array(automation, live_runs.id) as at, user, status from json_each(?4) as one
  cross join live_runs on live_runs.school = ?1 and live_runs.automation = one.value
    and live_runs.id > iif(one.value = ?2 ->> 0, ?2 ->> 1, '')
  where one.value >= ?2 ->> 0 limit ?3`;
/** A user's other runs may be left out: the user is met once. */
const PAUSED = `select json_array(user) as at, user, status from live_runs indexed by live_runs_paused
  where school = ?1 and reason = 'paused' and user > ?2 ->> 0 order by user limit ?3`;
const QUEUED = `select json_array(created_at, id) as at, user, status from deliveries indexed by deliveries_queued
  where school = ?1 and status = 'queued' and (created_at, id) > (?2 ->> 0, ?2 ->> 1) order by created_at, id limit ?3`;

const listsOf = ({ automations }: Touched): List[] =>
  automations
    ? [{ sql: OF_RUNS, from: ["", ""], bound: [JSON.stringify(automations.toSorted())] }]
    : [
        { sql: PAUSED, from: [""], bound: [] },
        { sql: QUEUED, from: [Number.MIN_SAFE_INTEGER, ""], bound: [] },
      ];

type Place = TouchMessage["at"];

/** A page of those who are meant, each once, and where the next begins; null: there are no more. */
async function meant(
  env: Env,
  school: string,
  of: Touched,
  at: Place,
): Promise<{ users: string[]; next: Place | null }> {
  const lists = listsOf(of);
  const users = new Set<string>();
  let { list, behind } = at;
  let room = PAGE;
  const log = await logOf(env, school);
  for (const { sql, from, bound } of lists.slice(list)) {
    const { results } = await log
      .prepare(sql)
      .bind(school, behind ?? JSON.stringify(from), room, ...bound)
      .all<{ at: string; user: string; status: string }>();
    for (const { user, status } of results) if (of.statuses?.includes(status) ?? true) users.add(user);
    room -= results.length;
    if (room <= 0) return { users: [...users], next: { list, behind: results.at(-1)?.at ?? null } };
    list++;
    behind = null;
  }
  return { users: [...users], next: null };
}

const MARK = "update users set next_wake = ?1 where school = ?2 and id in (select value from json_each(?3))";

/**
 * Lets users look at what became of what concerns them: some at once, all by way of the directory and the queue, a page
 * a message. Their objects look anyway when they are next touched; this is so that they do soon.
 */
export async function touchUsers(env: Env, school: School, of: Touched): Promise<void> {
  const { users, next } = await markPage(env, school, of, { list: 0, behind: null });
  await wakeUsers(env, school, users.slice(0, INLINE), null);
  await goOn(env, school.id, of, { isMarked: users.length > INLINE, next });
}

/** The next page, for the queue. */
export async function touchPage(env: Env, { school: id, of, at }: TouchMessage): Promise<void> {
  const school = await loadSchool(env, id);
  if (!school) return;
  const { users, next } = await markPage(env, school, of, at);
  await goOn(env, id, of, { isMarked: users.length > 0, next });
}

async function markPage(env: Env, school: School, of: Touched, at: Place) {
  const page = await meant(env, school.id, of, at);
  await env.DB.prepare(MARK).bind(nowOf(school), school.id, JSON.stringify(page.users)).run();
  return page;
}

async function goOn(
  env: Env,
  school: string,
  of: Touched,
  { isMarked, next }: { isMarked: boolean; next: Place | null },
) {
  const messages: ActionMessage[] = [];
  if (isMarked) messages.push({ kind: "wake_school", school });
  if (next) messages.push({ kind: "touch_users", school, of, at: next });
  if (messages.length) await env.JOBS.sendBatch(messages.map((body) => ({ body })));
}
