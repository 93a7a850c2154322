import { sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { newId } from "../base/ids";
import { log } from "../base/reports/log";
import type { ActionMessage } from "../calls/messages";
import { type AuditEntry, recordAudit } from "../db/audit";
import { database } from "../db/client";
import { jobs } from "../db/schema";
import type { School } from "../world/snapshot";
import type { JobKind } from "./define";
import { storeEntries } from "./files/chunks";
import { keepPace, type NextPage } from "./pages/items";
import { doPage } from "./pages/page";
import { doRangePage } from "./ranges/page";
import { SPLIT_ABOVE, UNSPLIT } from "./ranges/split";
import { LANES } from "./ranges/store";
import { NONE_FOUND } from "./store";

/** How long who starts a job waits for it, so that a small one is done when it answers. */
const INLINE_MS = 200;

export interface StartOptions {
  /** Does what can be done within 200 ms at once, the rest by the queue. */
  inline?: boolean;
  /** What the audit has of it, written with the job. */
  entry?: AuditEntry | null;
}

/**
 * Prepares a job: `statement` inserts its row. Put it into the batch that writes the change the job follows from, after
 * the statement that moves the school's stamp, which the row keeps. Then call `beginJob`.
 */
export async function prepareJob<Given>(
  env: Env,
  school: School,
  kind: JobKind<Given>,
  given: Given,
  id: string = newId("job_"),
) {
  const { params, work, entries } = kind.ready(given);
  if (entries) await storeEntries(env, school.id, id, entries);
  const now = Date.now();
  const isListed = !("step" in work) && work.edge !== undefined;
  const total = await work.total({ env, school, job: id }, isListed ? SPLIT_ABOVE + 1 : undefined);
  const statement = database(env.DB)
    .insert(jobs)
    .values({
      school: school.id,
      id,
      kind: kind.name,
      status: "queued",
      params: sql`json_object('stamp', (select stamp from schools where id = ${school.id}), 'params', json(${JSON.stringify(params)}))`,
      cursor: isListed && total > SPLIT_ABOVE ? UNSPLIT : null,
      total,
      found: work.counts ? JSON.stringify(NONE_FOUND) : null,
      createdAt: now,
      touchedAt: now,
    });
  return { id, statement };
}
export type PreparedJob = Awaited<ReturnType<typeof prepareJob>>;

/** Sets a job that has its row going. */
export async function beginJob(env: Env, school: string, id: string, options: StartOptions = {}): Promise<void> {
  let next: NextPage = { delayMs: 0 };
  if (options.inline) {
    const deadline = Date.now() + INLINE_MS;
    try {
      // One page, for each asks hundreds of things of the platform: quick ones could be more than a request may.
      next = await doPage(env, school, id, { deadline });
    } catch (error) {
      // The job stands in D1: the queue goes on with it.
      log("warn", "job.not_inline", { school, subject: id, error });
      next = { delayMs: 0 };
    }
  }
  // It stands in D1, and cron comes back to it: a refusal would have whoever asked make a second.
  await sendNext(env, school, id, next).catch((error: unknown) =>
    log("warn", "queue.refused", { school, subject: id, error }),
  );
}

/** Makes a job and sets it going; answers with its id. */
export async function startJob<Given>(
  env: Env,
  school: School,
  kind: JobKind<Given>,
  params: Given,
  options: StartOptions = {},
): Promise<string> {
  const { id, statement } = await prepareJob(env, school, kind, params);
  const db = database(env.DB);
  await (options.entry ? db.batch([statement, recordAudit(db, options.entry)]) : statement);
  await beginJob(env, school.id, id, options);
  return id;
}

/** Does one page of a job and sends word of the next; harmless when the message came twice or late. */
export async function runJobPage(env: Env, school: string, id: string): Promise<void> {
  const begun = Date.now();
  const next = await doPage(env, school, id, { isSpread: true });
  // The ranges of a job are found at once: it is they that are gone over.
  if (next?.delayMs === 0 && next.lanes === undefined) await keepPace(env, begun);
  await sendNext(env, school, id, next);
}

/** Does one page of a range of a job, whichever is free, and sends word of the next. */
export async function runRangePage(env: Env, school: string, id: string): Promise<void> {
  const begun = Date.now();
  const next = await doRangePage(env, school, id, { isSpread: true });
  if (next?.delayMs === 0) await keepPace(env, begun, LANES);
  await sendNext(env, school, id, next);
}

async function sendNext(env: Env, school: string, job: string, next: NextPage): Promise<void> {
  if (!next) return;
  const { delayMs, lanes, goesOn } = next;
  const messages: ActionMessage[] = Array.from({ length: lanes ?? 0 }, () => ({ kind: "job_range", school, job }));
  if (lanes === undefined || goesOn) messages.push({ kind: "job", school, job });
  const options = delayMs > 0 ? { delaySeconds: Math.ceil(delayMs / 1_000) } : {};
  for (const message of messages) await env.JOBS.send(message, options);
}
