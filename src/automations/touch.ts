import type { Env } from "../base/env";
import type { ActionMessage } from "../calls/messages";
import { triggers } from "../catalogue";
import type { CardUse, Definition } from "../definition/types";
import { startJob } from "../jobs/start";
import { alignJob } from "../users/align-job";
import { wakeUsers } from "../users/wake";
import { nowOf, type School } from "../world/snapshot";

const INLINE = 100;

/** Whether it starts at dates of users, which of most nobody has heard since. */
export const waitsForDates = (definition: Definition): boolean =>
  definition.when.some((card) => triggers.get(card.type)?.bind(cardParams(card)).reaches !== null);

const cardParams = ({ type: _, ...params }: CardUse): Record<string, unknown> => params;

/** Lets every user look at the dates that an automation made active waits for, and set an alarm for the next. */
export const touchDated = async (env: Env, school: School): Promise<void> =>
  void (await startJob(env, school, alignJob, { fire: false }));

/**
 * Lets the users who have runs of automations look at what became of it: some at once, all by way of the directory
 * and the queue. Their objects look anyway when they are next touched; this is so that they do soon.
 */
export async function touchRuns(
  env: Env,
  school: School,
  automations: readonly string[],
  statuses: readonly string[],
): Promise<void> {
  const now = nowOf(school);
  const marks = statuses.map(() => "?").join(", ");
  // Left to itself, the database goes through all of the school's live runs.
  const which = `select distinct user from json_each(?) as one
    cross join live_runs on live_runs.school = ? and live_runs.automation = one.value where status in (${marks})`;
  const bound = [JSON.stringify(automations), school.id, ...statuses];
  await env.DB.prepare(`update users set next_wake = ? where school = ? and id in (${which})`)
    .bind(now, school.id, ...bound)
    .run();
  const { results } = await env.DB.prepare(`${which} limit ${INLINE + 1}`)
    .bind(...bound)
    .all<{ user: string }>();
  await wakeUsers(
    env,
    school,
    results.slice(0, INLINE).map((row) => row.user),
    null,
  );
  if (results.length <= INLINE) return;
  const message: ActionMessage = { kind: "wake_school", school: school.id };
  await env.JOBS.send(message);
}
