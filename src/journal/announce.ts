import { waitUntil } from "cloudflare:workers";
import { onForget } from "../base/cache";
import type { Env } from "../base/env";
import { log } from "../base/log";
import type { LogBatch } from "../calls/batch";
import { type ActionMessage, LOG_LAG_MS, type LogMessage } from "../calls/messages";

/**
 * The part of the log's lag in which users of this isolate's requests are collected: a message by itself costs as much as
 * an event.
 */
const GATHER_MS = 1_000;
/** As many as the queue takes at once. */
const MAX_MESSAGES = 100;

/** Sends as many as there are. Never throws: each caller has another way to make good for what is lost. */
async function sendAll(queue: Queue<unknown>, bodies: readonly unknown[], options: QueueSendBatchOptions = {}) {
  try {
    for (let from = 0; from < bodies.length; from += MAX_MESSAGES) {
      const messages = bodies.slice(from, from + MAX_MESSAGES).map((body) => ({ body }));
      await queue.sendBatch(messages, options);
    }
  } catch (error) {
    log("warn", "queue.refused", { error });
  }
}

/**
 * Asks, by the queue, that D1 be told what these users' objects have for it. If a message is lost, the object's alarm
 * sends another.
 */
export const announce = (env: Env, users: readonly LogMessage[], delayMs = LOG_LAG_MS): Promise<void> =>
  sendAll(env.LOG, users, { delaySeconds: delayMs / 1_000 });

let gathered = new Map<string, LogMessage>();
let gathersUntil = 0;
onForget(takeGathered);

function takeGathered(): LogMessage[] {
  const users = [...gathered.values()];
  gathered = new Map();
  gathersUntil = 0;
  return users;
}

/** The same for the user of one request, sent together with the users of other requests to this isolate. */
export function announceSoon(env: Env, user: LogMessage): void {
  gathered.set(JSON.stringify(user), user);
  const now = Date.now();
  // If the request that set the timer is cut off, so is the timer: the next one after `gathersUntil` announces for all.
  if (now < gathersUntil) return;
  gathersUntil = now + GATHER_MS;
  const gathering = gathered;
  waitUntil(
    scheduler.wait(GATHER_MS).then(async () => {
      // Otherwise they were announced already, and those gathered since then have a timer of their own.
      if (gathering === gathered) await announceGathered(env);
    }),
  );
}

export const announceGathered = (env: Env): Promise<void> => announce(env, takeGathered(), LOG_LAG_MS - GATHER_MS);

/**
 * Asks, by the queue, for a look at automations of which something failed in what was just written. If a message is
 * lost, the next failure sends another.
 */
export const announceFailures = (env: Env, batches: readonly LogBatch[]): Promise<void> =>
  sendAll(
    env.ACTIONS,
    failuresIn(batches).map((one): ActionMessage => ({ kind: "failures", ...one })),
  );

/** The automations of which something failed, each with the time of the last failure, by the school's clock. */
function failuresIn(batches: readonly LogBatch[]): { school: string; automation: string; at: number }[] {
  const failing = new Map<string, { school: string; automation: string; at: number }>();
  for (const { school, ended, live, deliveries } of batches) {
    for (const { automation, steps } of [...ended, ...live]) {
      const last = steps.findLast((step) => step.status === "failed");
      if (last) failing.set(JSON.stringify([school, automation]), { school, automation, at: last.at });
    }
    for (const { automation, status, attempts } of deliveries) {
      if (status === "failed")
        failing.set(JSON.stringify([school, automation]), { school, automation, at: attempts.at(-1)?.at ?? 0 });
    }
  }
  return [...failing.values()];
}
