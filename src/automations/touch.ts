import type { Env } from "../base/env";
import { triggers } from "../catalogue";
import type { CardUse, Definition } from "../definition/types";
import { startJob } from "../jobs/start";
import { alignJob } from "../users/courses/align-job";
import { touchUsers } from "../users/waking/touch";
import type { School } from "../world/snapshot";

/** Whether it starts at dates of users, which of most nobody has heard since. */
export const waitsForDates = (definition: Definition): boolean =>
  definition.when.some((card) => triggers.get(card.type)?.bind(cardParams(card)).reaches !== null);

const cardParams = ({ type: _, ...params }: CardUse): Record<string, unknown> => params;

/** Lets every user look at the dates that an automation made active waits for, and set an alarm for the next. */
export const touchDated = async (env: Env, school: School): Promise<void> =>
  void (await startJob(env, school, alignJob, { fire: false }));

/** Lets the users who have runs of automations look at what became of it. */
export async function touchRuns(
  env: Env,
  school: School,
  automations: readonly string[],
  statuses: readonly string[],
): Promise<void> {
  await touchUsers(env, school, { automations: [...automations], statuses: [...statuses] });
}
