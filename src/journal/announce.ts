import { waitUntil } from "cloudflare:workers";
import { bytesOf } from "../base/bytes";
import { onForget } from "../base/cache";
import type { Env } from "../base/env";
import { log } from "../base/reports/log";
import type { LogBatch } from "../calls/batch";
import { type ActionMessage, type CountedEvents, LOG_LAG_MS, type LogMessage } from "../calls/messages";
import type { SchoolEpoch, UserPlace } from "../calls/user";
import { countEvents, takeCounted } from "./tables/usage";

type WakeMessage = Extract<ActionMessage, { kind: "wake_users" }>;

/**
 * How long users of this isolate's requests are collected, as a message by itself costs as much as an event: part of the
 * log's lag, and for those whose runs wait as long as nobody notices.
 */
const GATHER_MS = 1_000;
const WAKES_GATHER_MS = 250;
/** So many users a message names; the waking of a few does not wait for that of many. */
const USERS_A_MESSAGE = 100;
const WOKEN_A_MESSAGE = 25;
/** A message is billed by 64 KB; the queue takes 256 KB and a hundred messages at once. */
const MESSAGE_BYTES = 60_000;
const MESSAGES_AT_ONCE = 4;
const SMALL_MESSAGES_AT_ONCE = 100;

/**
 * Sends as many as there are. Never throws: each caller has another way to make good for what is lost.
 * @returns whether the first were sent
 */
async function sendAll(
  queue: Queue<unknown>,
  bodies: readonly unknown[],
  atOnce: number,
  options: QueueSendBatchOptions = {},
): Promise<boolean> {
  let sent = 0;
  try {
    for (let from = 0; from < bodies.length; from += atOnce) {
      const messages = bodies.slice(from, from + atOnce).map((body) => ({ body }));
      await queue.sendBatch(messages, options);
      sent += messages.length;
    }
  } catch (error) {
    log("warn", "queue.refused", { error });
  }
  return sent > 0;
}

/** The same of users, with events that were counted here in the first of the messages. */
async function sendUsers<Body extends { users: UserPlace[]; events?: CountedEvents[] }>(
  queue: Queue<unknown>,
  bodies: readonly Body[],
  options: QueueSendBatchOptions = {},
): Promise<void> {
  const [first, ...rest] = bodies;
  if (!first) return;
  const events = takeCounted();
  const messages = events.length ? [{ ...first, events }, ...rest] : bodies;
  if (!(await sendAll(queue, messages, MESSAGES_AT_ONCE, options))) countEvents(events);
}

/** Users as messages name them, each once. */
function messagesOf(users: readonly UserPlace[], most: number): UserPlace[][] {
  const messages: UserPlace[][] = [];
  let last: UserPlace[] = [];
  let bytes = 0;
  for (const { school, epoch, user } of users) {
    const place = { school, epoch, user };
    const size = bytesOf(JSON.stringify(place));
    if (last.length === 0 || last.length === most || bytes + size > MESSAGE_BYTES) {
      last = [];
      messages.push(last);
      bytes = 0;
    }
    last.push(place);
    bytes += size;
  }
  return messages;
}

/**
 * Asks, by the queue, that D1 be told what these users' objects have for it. If a message is lost, the object's alarm
 * sends another.
 */
export const announce = (env: Env, users: readonly UserPlace[], delayMs = LOG_LAG_MS): Promise<void> =>
  sendUsers(
    env.LOG,
    messagesOf(users, USERS_A_MESSAGE).map((users): LogMessage => ({ users })),
    { delaySeconds: delayMs / 1_000 },
  );

/** Counts events of a school. Mostly they leave with news of somebody; many by themselves. */
export function countEventsOf(env: Env, school: SchoolEpoch, events: number): void {
  if (countEvents([[school.id, school.epoch, events]])) waitUntil(sendUsers<LogMessage>(env.LOG, [{ users: [] }]));
}

/** Asks, by the queue, that these users be woken, and D1 then told of them. What is lost, the object's alarm makes good. */
const announceWakes = (env: Env, users: readonly UserPlace[]): Promise<void> =>
  sendUsers(
    env.ACTIONS,
    messagesOf(users, WOKEN_A_MESSAGE).map((users): WakeMessage => ({ kind: "wake_users", school: "", users })),
  );

/** Collects users for some time, then sends them on together. */
class Gathering {
  private users = new Map<string, UserPlace>();
  private until = 0;

  constructor(
    private readonly forMs: number,
    private readonly send: (env: Env, users: readonly UserPlace[]) => Promise<void>,
  ) {
    onForget(() => void this.take());
  }

  private take(): UserPlace[] {
    const users = [...this.users.values()];
    this.users = new Map();
    this.until = 0;
    return users;
  }

  add(env: Env, user: UserPlace): void {
    this.users.set(keyOf(user), user);
    const now = Date.now();
    // If the request that set the timer is cut off, so is the timer: the next one after `until` announces for all.
    if (now < this.until) return;
    this.until = now + this.forMs;
    const gathering = this.users;
    waitUntil(
      scheduler.wait(this.forMs).then(async () => {
        // Otherwise they were announced already, and those gathered since then have a timer of their own.
        if (gathering === this.users) await this.flush(env);
      }),
    );
  }

  /** Those collected now. */
  get collected(): Iterable<UserPlace> {
    return this.users.values();
  }

  drop(user: UserPlace): void {
    this.users.delete(keyOf(user));
  }

  flush(env: Env): Promise<void> {
    return this.send(env, this.take());
  }
}

const keyOf = ({ school, epoch, user }: UserPlace): string => JSON.stringify([school, epoch, user]);

const news = new Gathering(GATHER_MS, (env, users) => {
  remember(users);
  return announce(env, users, LOG_LAG_MS - GATHER_MS);
});
const wakes = new Gathering(WAKES_GATHER_MS, (env, users) => {
  remember(users);
  return announceWakes(env, users);
});

/**
 * Announces the user of one request together with the users of other requests to this isolate. `wakes`: to be woken, and
 * told of then.
 */
export function announceSoon(env: Env, user: UserPlace, options: { wakes: boolean }): void {
  if (options.wakes) news.drop(user);
  (options.wakes ? wakes : news).add(env, user);
}

/** How long D1 may not have heard yet of whoever was announced, in ms: longer than it ever takes where all is well. */
const UNHEARD_MS = 60_000;
/** So many users announced lately are remembered. */
const MOST_LATELY = 10_000;

let lately: { at: number; users: readonly UserPlace[] }[] = [];
onForget(() => {
  lately = [];
});

/** Remembers, a second's users at once, of whom D1 is to hear. */
function remember(users: readonly UserPlace[]): void {
  const now = Date.now();
  let room = MOST_LATELY;
  lately = [{ at: now, users }, ...lately].filter((one) => {
    room -= one.users.length;
    return room >= 0 && one.at > now - UNHEARD_MS;
  });
}

/** Users of a school whom this isolate has had to do with lately, and of whom D1 may not have heard. */
export function* announcedLately(school: string): Generator<UserPlace> {
  for (const users of [news.collected, wakes.collected, ...lately.map((one) => one.users)])
    for (const user of users) if (user.school === school) yield user;
}

/** Sends on at once whoever has gathered. */
export const announceGathered = (env: Env): Promise<void> => news.flush(env);
export const wakeGathered = (env: Env): Promise<void> => wakes.flush(env);

/**
 * Asks, by the queue, for a look at automations of which something failed in what was just written. If a message is
 * lost, the next failure sends another.
 */
export const announceFailures = (env: Env, batches: readonly LogBatch[]): Promise<unknown> =>
  sendAll(
    env.ACTIONS,
    failuresIn(batches).map((one): ActionMessage => ({ kind: "failures", ...one })),
    SMALL_MESSAGES_AT_ONCE,
  );

/** The automations of which something failed, each with the time of the last failure, by the school's clock. */
function failuresIn(batches: readonly LogBatch[]): { school: string; automation: string; at: number }[] {
  const failing = new Map<string, { school: string; automation: string; at: number }>();
  for (const { school, ended, live, deliveries } of batches) {
    for (const { automation, steps } of [...ended, ...live]) {
      const last = steps.findLast((step) => step.status === "failed");
      if (last) failing.set(JSON.stringify([school, automation]), { school, automation, at: last.at });
    }
    for (const { automation, status, reason, attempts } of deliveries) {
      // The address is at fault: such a mail had left.
      if (status === "failed" && reason !== "bounced")
        failing.set(JSON.stringify([school, automation]), { school, automation, at: attempts.at(-1)?.at ?? 0 });
    }
  }
  return [...failing.values()];
}
