import * as z from "zod";
import type { Env } from "../base/env";
import { log, reasonOf } from "../base/reports/log";
import { measure } from "../base/reports/metrics";
import { type ActionMessage, actionMessage, logMessage, QUEUE_OF, TRIES } from "../calls/messages";
import { isOverloaded } from "../calls/reaching/again";
import { retainPage } from "../cron/rounds";
import { watchOthers } from "../cron/watch";
import { endSchool } from "../held/end";
import { runJobPage, runRangePage } from "../jobs/start";
import { countEvents } from "../journal/tables/usage";
import { recordLater } from "../schools/audit/audit";
import { healthPage, mailHealth, mailStopped } from "../schools/health/mail";
import { clearSchool } from "../schools/life/clear";
import { keepDeadLetter } from "../schools/platform/dead-letters";
import { runPlatformJob } from "../schools/platform/jobs";
import { userOfLead } from "../users/merging/leads";
import { scanPage } from "../users/scan/page";
import { wakingUsers } from "../users/waking/due";
import { touchPage } from "../users/waking/touch";
import { wakePage, wakeQueued, wakeUsers } from "../users/waking/wake";
import { loadSchool, nowOf } from "../world/snapshot";
import { carryDeliveries, mayClaim, type Taken, takeDeliveries } from "./deliveries";
import { stopIfFailing } from "./failures";
import { writeLogs } from "./log";
import { PLATFORM_JOBS } from "./platform-jobs";

const PAGE = 100;
const MAX_RETRY_SECONDS = 600;
const OVERLOADED_SECONDS = 15;
/** With as many retries as wrangler.toml gives, hours without a database lose nothing. */
const BURY_AGAIN_SECONDS = 120;
/** How long a batch waits for what users' objects look after in any case; it goes on behind. */
const PATIENCE_MS = 2_000;

/** What is done by us alone. Deliveries wait for the world: see `deliveries.ts`. */
type OwnMessage = Exclude<ActionMessage, { kind: "deliver" }>;

type Perform = {
  [K in OwnMessage["kind"]]: (
    env: Env,
    message: Extract<OwnMessage, { kind: K }>,
    context: Pick<ExecutionContext, "waitUntil">,
  ) => Promise<void>;
};

const PERFORM: Perform = {
  wake: async (env, { school: id, user }) => {
    const school = await loadSchool(env, id);
    if (school && !school.suspended) await wakeUsers(env, school, [user], null);
  },
  wake_users: async (env, { users, events = [] }, context) => {
    // They go on with the news of those who are woken.
    countEvents(events);
    await carryDeliveries(env, context, await wakeQueued(env, users, mayClaim));
  },
  lead: async (env, { school: id, user }) => {
    const school = await loadSchool(env, id);
    if (school) await userOfLead(env, school, user);
  },
  audit: recordLater,
  wake_school: wakeSchool,
  touch_users: touchPage,
  scan: scanPage,
  watch: watchOthers,
  retain: retainPage,
  failures: stopIfFailing,
  health: healthPage,
  health_mail: (env, { school }) => mailHealth(env, school),
  stopped: (env, { school, automation }) => mailStopped(env, school, automation),
  job: (env, { school, job }) => runJobPage(env, school, job),
  job_range: (env, { school, job }) => runRangePage(env, school, job),
  platform_job: (env, { job }) => runPlatformJob(env, PLATFORM_JOBS, job),
  clear_school: (env, { school }) => clearSchool(env, school),
  end_held: (env, { school }) => endSchool(env, school),
};

/** One page of those whose time has come, and word of the next. */
async function wakeSchool(env: Env, { school: id, behind, until }: Extract<OwnMessage, { kind: "wake_school" }>) {
  const school = await loadSchool(env, id);
  if (!school || school.suspended) return;
  const users = await wakingUsers(env, id, until ?? nowOf(school), PAGE, behind);
  const when = await wakePage(
    env,
    school,
    users.map(({ user }) => user),
  );
  const last = users.at(-1);
  if (last === undefined || users.length < PAGE) return;
  const next: ActionMessage = {
    kind: "wake_school",
    school: id,
    behind: last,
    ...(until === undefined ? {} : { until }),
  };
  await env.JOBS.send(next, when);
}

/** Takes a batch of any queue. Each message is acknowledged or tried again by itself: one poisoned stops no other. */
export async function consume(
  batch: MessageBatch<unknown>,
  env: Env,
  context: Pick<ExecutionContext, "waitUntil">,
): Promise<void> {
  if (batch.queue.endsWith("-dead")) return bury(env, batch);
  const oldest = Math.min(...batch.messages.map(({ timestamp }) => timestamp.getTime()));
  await takeBatch(batch, env, context);
  if (batch.messages.length) measure(env, "queue", { ms: Date.now() - oldest, subject: batch.queue });
}

async function takeBatch(
  batch: MessageBatch<unknown>,
  env: Env,
  context: Pick<ExecutionContext, "waitUntil">,
): Promise<void> {
  if (batch.queue.includes("-log")) {
    const messages = batch.messages.flatMap((message) => {
      const body = readOr(message, logMessage.safeParse(message.body));
      return body ? [{ message, body }] : [];
    });
    return writeLogs(env, messages);
  }
  const deliveries: Taken[] = [];
  const jobs: Promise<void>[] = [];
  const others: Promise<void>[] = [];
  for (const message of batch.messages) {
    const body = readOr(message, actionMessage().safeParse(message.body));
    if (body?.kind === "deliver") deliveries.push({ message, body });
    else if (body) (QUEUE_OF[body.kind] === "JOBS" ? jobs : others).push(take(env, message, body, context));
  }
  const speed = batch.queue.includes("-slow") ? "slow" : "quick";
  await Promise.all([
    takeDeliveries(env, context, speed, deliveries, async (taken, error) => {
      for (const { message, body } of taken) await failed(env, message, body, error);
    }),
    ...jobs,
    within(PATIENCE_MS, context, Promise.all(others)),
  ]);
}

/**
 * What a message says. What says nothing to this release may be of the next one, which is at work beside it while it is
 * deployed by and by: it stays in its queue, and only what nobody could read in all tries is given up.
 */
function readOr<T>(message: Message<unknown>, read: z.ZodSafeParseResult<T>): T | null {
  if (read.success) return read.data;
  log("error", "queue.unreadable", { error: new Error(z.prettifyError(read.error)) });
  message.retry({ delaySeconds: pauseSeconds(message.attempts) });
  return null;
}

const pauseSeconds = (attempts: number, least = 0): number =>
  Math.ceil(Math.min(least + 2 ** attempts, MAX_RETRY_SECONDS));

async function take(
  env: Env,
  message: Message<unknown>,
  body: OwnMessage,
  context: Pick<ExecutionContext, "waitUntil">,
): Promise<void> {
  try {
    await perform(env, body, context);
    message.ack();
  } catch (error) {
    await failed(env, message, body, error);
  }
}

/** Has a message tried again; after the last time it is kept as a dead letter, with what was wrong. */
async function failed(env: Env, message: Message<unknown>, body: ActionMessage, error: unknown): Promise<void> {
  log("error", "queue.failed", { school: body.school, error });
  if (message.attempts >= TRIES && (await isKept(env, { body, log: false, reason: reasonOf(error) }))) {
    message.ack();
    return;
  }
  // Where there is too much at once, what is retried soon makes more of it, and all of it at the same time.
  const least = isOverloaded(error) ? OVERLOADED_SECONDS * (1 + Math.random()) : 0;
  message.retry({ delaySeconds: pauseSeconds(message.attempts, least) });
}

/** Waits for work, but not for long: what takes longer goes on behind. */
async function within(ms: number, context: Pick<ExecutionContext, "waitUntil">, work: Promise<unknown>) {
  context.waitUntil(work);
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

// The table has, for each kind, the function that takes messages of that kind.
const perform = (env: Env, message: OwnMessage, context: Pick<ExecutionContext, "waitUntil">): Promise<void> =>
  (
    PERFORM[message.kind] as (
      env: Env,
      message: OwnMessage,
      context: Pick<ExecutionContext, "waitUntil">,
    ) => Promise<void>
  )(env, message, context);

/** What neither was done nor could say why: whoever took it was cut off each time. */
async function bury(env: Env, batch: MessageBatch<unknown>): Promise<void> {
  const isLog = batch.queue.includes("-log");
  for (const message of batch.messages) {
    if (await isKept(env, { body: message.body, log: isLog, reason: null })) message.ack();
    else message.retry({ delaySeconds: BURY_AGAIN_SECONDS });
  }
}

async function isKept(env: Env, letter: Parameters<typeof keepDeadLetter>[1]): Promise<boolean> {
  const read = z.object({ school: z.string() }).safeParse(letter.body);
  try {
    await keepDeadLetter(env, letter);
    log("error", "queue.dead", read.success ? { school: read.data.school } : {});
    return true;
  } catch (error) {
    log("error", "queue.not_buried", { error });
    return false;
  }
}
