import { waitUntil } from "cloudflare:workers";
import type { Env } from "../env";
import { log } from "../log";
import type { LogMessage } from "../queue/messages";

/** The log in D1 may lag by so much: what happens to a user meanwhile travels together. */
export const LOG_LAG_MS = 5_000;
/** For so long of it the users of an isolate's requests gather: a message by itself costs as much as an event. */
const GATHER_MS = 1_000;
/** As many as the queue takes at once. */
const MAX_MESSAGES = 100;

/** Has D1 hear, in a while, what users' objects have for it. What gets lost, the objects' own alarms make good for. */
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

/** The same for the user of a request, together with those of other requests to this isolate. */
export function announceSoon(env: Env, user: LogMessage): void {
  gathered.set(JSON.stringify([user.school, user.user]), user);
  const now = Date.now();
  // A request that is cut off takes the timer along: whoever comes after it announces for all.
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
