import type { Env } from "../env";
import { log } from "../log";
import { eraseLog, type LogBatch, writeLog } from "../users/log";
import { userObject } from "../users/object";
import type { LogMessage } from "./messages";

const AT_ONCE = 25;

/** Fetches what users' objects have for D1 and writes it in one batch; they keep it until they hear that it is written. */
export async function writeLogs(
  env: Env,
  messages: readonly { message: Message<unknown>; body: LogMessage }[],
): Promise<void> {
  const places = [...new Map(messages.map(({ body }) => [JSON.stringify([body.school, body.user]), body])).values()];
  const batches: LogBatch[] = [];
  for (let from = 0; from < places.length; from += AT_ONCE) {
    const group = places.slice(from, from + AT_ONCE);
    const pending = await Promise.allSettled(
      group.map(({ school, user }) => userObject(env, school, user).pendingLog({ exact: false })),
    );
    for (const result of pending) {
      if (result.status === "rejected") log("error", "log.not_fetched", { error: result.reason });
      else if (result.value) batches.push(result.value);
    }
  }
  await writeLog(env, batches);
  for (let from = 0; from < batches.length; from += AT_ONCE) {
    const group = batches.slice(from, from + AT_ONCE);
    const heard = await Promise.allSettled(
      group.map(({ school, user, seq }) => userObject(env, school, user).logged(seq)),
    );
    for (const [index, result] of heard.entries()) {
      const batch = group[index];
      // Erased between the two: what was just written goes again.
      if (batch && result.status === "fulfilled" && !result.value) await eraseLog(env, batch.school, batch.user);
    }
  }
  // What was not written is offered again by its object's alarm.
  for (const { message } of messages) message.ack();
}
