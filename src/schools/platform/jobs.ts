import { and, asc, eq, isNull, lte } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../../base/env";
import { readJson } from "../../base/json";
import { log } from "../../base/reports/log";
import type { ActionMessage } from "../../calls/messages";
import { type Database, database } from "../../db/client";
import { platformJobs } from "../../db/schema";

/*
 * Work over all schools that whoever runs the installation sets going: a page a message, the place kept in a row, so that
 * whatever is cut off goes on from there. Doing a page twice must be doing it once.
 */

/** How long a page begins more work. */
export const PAGE_MS = 3_000;
/** After so long without a page cron sends word again. */
const STANDS_MS = 5 * 60_000;
const AT_ONCE = 10;

export type PlatformJobRow = typeof platformJobs.$inferSelect;
export type Counts = Readonly<Record<string, number>>;

export interface PlatformPage {
  /** Behind which the next begins; null: that was the last. */
  next: string | null;
  /** How many things it has gone over. */
  done: number;
  counts: Counts;
  /** In how many seconds the next may begin; undefined: at once. */
  waitSeconds?: number;
}

export interface PlatformJob {
  kind: string;
  total(env: Env, params: unknown): Promise<number>;
  page(env: Env, params: unknown, after: string | null): Promise<PlatformPage>;
  /** When to go over all of it again, real time, ms; null: never. */
  againAt(ended: { params: unknown; counts: Counts; now: number }): number | null;
}

const sum = (a: Counts, b: Counts): Counts =>
  Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map((n) => [n, (a[n] ?? 0) + (b[n] ?? 0)]));

const counted = z.record(z.string(), z.number());
export const countsOf = ({ counts }: Pick<PlatformJobRow, "counts">): Counts => readJson(counted, counts);

const send = (env: Env, job: string, delaySeconds = 0): Promise<unknown> => {
  const message: ActionMessage = { kind: "platform_job", school: "", job };
  return env.JOBS.send(message, delaySeconds > 0 ? { delaySeconds } : {});
};

export const platformJob = async (env: Env, id: string): Promise<PlatformJobRow | undefined> =>
  database(env.DB).select().from(platformJobs).where(eq(platformJobs.id, id)).get();

/** The row of one that begins, from its beginning where it was there before: for the batch that makes what it follows from. */
export function beginning(db: Database, job: PlatformJob, id: string, params: unknown, total: number) {
  const now = Date.now();
  const fresh = {
    params: JSON.stringify(params),
    cursor: null,
    total,
    done: 0,
    counts: "{}",
    beganAt: now,
    touchedAt: now,
    endedAt: null,
    takeUpAt: now + STANDS_MS,
  };
  return db
    .insert(platformJobs)
    .values({ id, kind: job.kind, ...fresh })
    .onConflictDoUpdate({ target: platformJobs.id, set: fresh });
}

/** Sends word of one that has its row. A refusal would say that it does not go on, and cron comes back to it. */
export const setGoing = (env: Env, id: string): Promise<unknown> =>
  send(env, id).catch((error: unknown) => log("warn", "queue.refused", { subject: id, error }));

/** Begins one, from its beginning where it was there before; one that is under way stays as it is. */
export async function startPlatformJob(env: Env, job: PlatformJob, id: string, params: unknown): Promise<void> {
  const row = await platformJob(env, id);
  if (!row || row.endedAt !== null) await beginning(database(env.DB), job, id, params, await job.total(env, params));
  await setGoing(env, id);
}

/** Does a page of one, and sends word of the next. One whose time to be gone over again has come begins anew. */
export async function runPlatformJob(env: Env, kinds: readonly PlatformJob[], id: string): Promise<void> {
  const row = await platformJob(env, id);
  const job = kinds.find(({ kind }) => kind === row?.kind);
  if (!row || !job) return;
  const params: unknown = JSON.parse(row.params);
  const begun = Date.now();
  const { endedAt, takeUpAt } = row;
  if (endedAt !== null && (takeUpAt === null || takeUpAt > begun)) return;
  let { total, done, beganAt } = row;
  let counts = countsOf(row);
  if (endedAt !== null) {
    total = await job.total(env, params);
    [done, beganAt, counts] = [0, begun, {}];
  }
  let at = row.cursor;
  let wait = 0;
  do {
    const page = await job.page(env, params, at);
    done += page.done;
    counts = sum(counts, page.counts);
    at = page.next;
    wait = page.waitSeconds ?? 0;
  } while (at !== null && wait === 0 && Date.now() < begun + PAGE_MS);
  const now = Date.now();
  const goesOn = at !== null;
  const { meta } = await database(env.DB)
    .update(platformJobs)
    .set({
      ...{ cursor: at, total, done, counts: JSON.stringify(counts), beganAt, touchedAt: now },
      endedAt: goesOn ? null : now,
      takeUpAt: goesOn ? now + STANDS_MS : job.againAt({ params, counts, now }),
    })
    // Unless another message did it meanwhile: what was done twice counts once.
    .where(and(eq(platformJobs.id, id), isAt(row.cursor)));
  if (goesOn && meta.changes > 0) await send(env, id, wait);
}

const isAt = (cursor: string | null) =>
  cursor === null ? isNull(platformJobs.cursor) : eq(platformJobs.cursor, cursor);

/** For cron: sends word of what stands still, and of what is to be gone over again. */
export async function takeUpPlatformJobs(env: Env): Promise<void> {
  const due = await database(env.DB)
    .select({ id: platformJobs.id })
    .from(platformJobs)
    .where(lte(platformJobs.takeUpAt, Date.now()))
    .orderBy(asc(platformJobs.takeUpAt))
    .limit(AT_ONCE);
  for (const { id } of due) await send(env, id);
}
