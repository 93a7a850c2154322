import { pMapSettled } from "p-map";
import type { Env } from "../base/env";
import { log } from "../base/log";
import type { LogBatch } from "../calls/batch";
import { objectAt, userObject } from "../calls/stub";
import type { SchoolEpoch, UserPlace } from "../calls/user";
import { announce } from "./announce";
import { eraseLog } from "./forget";
import { writeLog } from "./write";

const AT_ONCE = 25;

/** Writes to D1, now, what a user's object has for it. `exact`: activity to the millisecond, not to the day. */
export async function tellUser(
  env: Env,
  school: SchoolEpoch,
  user: string,
  options: { exact: boolean },
): Promise<void> {
  const batch = await userObject(env, school, user).pendingLog(options);
  if (batch) await tell(env, [batch]);
}

/** The same for many users, in one transaction. An object that does not answer stops no other. */
export async function tellUsers(
  env: Env,
  users: readonly UserPlace[],
  options: { exact: boolean } = { exact: false },
): Promise<void> {
  const pending = await settled(users, (user) => objectAt(env, user).pendingLog(options));
  await tell(
    env,
    pending.flatMap((batch) => batch ?? []),
  );
}

/** The objects keep what they told until they hear that it is written; those of a deleted school leave nothing. */
async function tell(env: Env, batches: readonly LogBatch[]): Promise<void> {
  const { written, deleted } = await writeLog(env, batches);
  await settled(deleted, (batch) => objectAt(env, batch).leaveSchool());
  const heard = await settled(written, async ({ school, epoch, user, seq }) => {
    const { erasedBelow, hasNews } = await objectAt(env, { school, epoch, user }).logged(seq);
    // The user was erased between reading and writing: what was just written is deleted again.
    if (erasedBelow !== null) await eraseLog(env, school, user, erasedBelow);
    return hasNews ? { school, epoch, user } : null;
  });
  await announce(
    env,
    heard.flatMap((user) => user ?? []),
  );
}

/** What came of all that did not fail. */
async function settled<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results = await pMapSettled(items, act, { concurrency: AT_ONCE });
  return results.flatMap((result) => {
    if (result.status === "fulfilled") return [result.value];
    log("error", "log.not_told", { error: result.reason });
    return [];
  });
}
