import { waitUntil } from "cloudflare:workers";
import type { Env } from "../base/env";
import { log } from "../base/log";
import type { LogBatch } from "../calls/batch";
import type { ActionMessage, LogMessage } from "../calls/messages";

/** How far the log in D1 may lag: what happens to a user within this time is written together. */
export const LOG_LAG_MS = 5_000;
/**
 * The part of that lag in which users of this isolate's requests are collected: a message by itself costs as much as an
 * event.
 */
const GATHER_MS = 1_000;
/** As many as the queue takes at once. */
const MAX_MESSAGES = 100;

/**
 * Asks, by the queue, that D1 be told what these users' objects have for it. If a message is lost, the object's alarm
 * sends another.
 */
export async function announce(env: Env, users: readonly LogMessage[], delayMs = LOG_LAG_MS): Promise<void> {
  try {
    for (let from = 0; from < users.length; from += MAX_MESSAGES) {
      const messages = users.slice(from, from + MAX_MESSAGES).map((body) => ({ body }));
      await env.LOG.sendBatch(messages, { delaySeconds: delayMs / 1_000 });
    }
  } catch (error) {
    log("warn", "queue.refused", { error });
  }
}

const gathered = new Map<string, LogMessage>();
let gathersUntil = 0;

/** The same for the user of one request, sent together with the users of other requests to this isolate. */
export function announceSoon(env: Env, user: LogMessage): void {
  gathered.set(JSON.stringify([user.school, user.user]), user);
  const now = Date.now();
  // If the request that set the timer is cut off, so is the timer: the next one after `gathersUntil` announces for all.
  if (now < gathersUntil) return;
  gathersUntil = now + GATHER_MS;
  waitUntil(scheduler.wait(GATHER_MS).then(() => announceGathered(env)));
}

export async function announceGathered(env: Env): Promise<void> {
  const users = [...gathered.values()];
  forgetGathered();
  await announce(env, users, LOG_LAG_MS - GATHER_MS);
}

export function forgetGathered(): void {
  gathered.clear();
  gathersUntil = 0;
}

/**
 * Asks, by the queue, for a look at automations of which something failed in what was just written. If a message is
 * lost, the next failure sends another.
 */
export async function announceFailures(env: Env, batches: readonly LogBatch[]): Promise<void> {
  const failing = failuresIn(batches);
  if (!failing.length) return;
  try {
    for (let from = 0; from < failing.length; from += MAX_MESSAGES) {
      const messages = failing
        .slice(from, from + MAX_MESSAGES)
        .map((one) => ({ body: { kind: "failures", ...one } satisfies ActionMessage }));
      await env.ACTIONS.sendBatch(messages);
    }
  } catch (error) {
    log("warn", "queue.refused", { error });
  }
}

/** The automations of which something failed, each with the time of the last failure, by the school's clock. */
function failuresIn(batches: readonly LogBatch[]): { school: string; automation: string; at: number }[] {
  const failing = new Map<string, { school: string; automation: string; at: number }>();
  for (const { school, runs, deliveries } of batches) {
    for (const { automation, steps } of runs) {
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
