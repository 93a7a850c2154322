import { z } from "zod";
import type { Env } from "../base/env";
import { log } from "../base/log";
import { pages } from "../base/pages";
import { type ActionMessage, actionMessage, logMessage } from "../calls/messages";
import { runJobPage } from "../jobs/start";
import { wakingUsers } from "../users/due";
import { wakeUsers } from "../users/wake";
import { loadSchool, nowOf } from "../world/snapshot";
import { deliver } from "./deliver";
import { stopIfFailing } from "./failures";
import { writeLogs } from "./log";

const PAGE = 100;
const MAX_RETRY_SECONDS = 600;

type Perform = {
  [K in ActionMessage["kind"]]: (env: Env, message: Extract<ActionMessage, { kind: K }>) => Promise<void>;
};

const PERFORM: Perform = {
  wake: async (env, { school: id, user }) => {
    const school = await loadSchool(env, id);
    if (school && !school.suspended) await wakeUsers(env, school, [user], null);
  },
  deliver,
  wake_school: async (env, { school: id }) => {
    const school = await loadSchool(env, id);
    if (!school || school.suspended) return;
    const waking = (after: string) => wakingUsers(env, id, nowOf(school), after, PAGE);
    for await (const users of pages(PAGE, waking)) await wakeUsers(env, school, users, null);
  },
  failures: stopIfFailing,
  job: (env, { school, job }) => runJobPage(env, school, job),
};

/** Takes a batch of either queue. Each message is acknowledged or tried again by itself: one poisoned stops no other. */
export async function consume(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  if (batch.queue.endsWith("-dead")) return bury(batch);
  if (batch.queue.includes("-log")) {
    const messages = batch.messages.flatMap((message) => {
      const read = logMessage.safeParse(message.body);
      if (!read.success) message.ack();
      return read.success ? [{ message, body: read.data }] : [];
    });
    return writeLogs(env, messages);
  }
  await Promise.all(batch.messages.map((message) => take(env, message)));
}

async function take(env: Env, message: Message<unknown>): Promise<void> {
  const read = actionMessage.safeParse(message.body);
  if (!read.success) {
    log("error", "queue.unreadable", { error: new Error(z.prettifyError(read.error)) });
    return message.ack();
  }
  try {
    await perform(env, read.data);
    message.ack();
  } catch (error) {
    log("error", "queue.failed", { school: read.data.school, error });
    message.retry({ delaySeconds: Math.min(2 ** message.attempts, MAX_RETRY_SECONDS) });
  }
}

// The table has, for each kind, the function that takes messages of that kind.
const perform = (env: Env, message: ActionMessage): Promise<void> =>
  (PERFORM[message.kind] as (env: Env, message: ActionMessage) => Promise<void>)(env, message);

/** What failed for good is said; nothing is lost with it: the object's outbox and the watchdog send it again. */
function bury(batch: MessageBatch<unknown>): void {
  for (const message of batch.messages) {
    const read = z.object({ school: z.string() }).safeParse(message.body);
    log("error", "queue.dead", read.success ? { school: read.data.school } : {});
    message.ack();
  }
}
