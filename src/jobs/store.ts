import { and, eq, inArray, lt, notExists, or, sql } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { readJson, readOptionalJson } from "../base/json";
import { type AuditEntry, recordAudit } from "../db/audit";
import { type Database, database } from "../db/client";
import { isOvertaken, requireRow } from "../db/guard";
import type { ListQuery } from "../db/lists/list";
import { getRow, listRows } from "../db/lists/rows";
import { jobChunks, jobRanges, jobs } from "../db/schema";
import { paceAt } from "./pages/pace";

/*
 * The rows of jobs. A page claims its job by compare-and-set: `queued` between pages, `running` with the time of the
 * claim during one. A claim older than a lease is a page that was cut off.
 */

/** Longer than any page takes. */
export const LEASE_MS = 30_000;
export const MAX_FAULTS = 1_000;
/** So much of them as text, at three bytes a character well under the 2 MB that a row takes. */
export const MAX_FAULT_CHARACTERS = 400_000;
const MAX_MESSAGE = 500;

export type JobRow = typeof jobs.$inferSelect;

const fault = z.object({ line: z.number().optional(), user: z.string().optional(), message: z.string() });
export type JobFault = z.infer<typeof fault>;
const faults = z.array(fault);
export const faultsOfJob = (row: JobRow): JobFault[] => readJson(faults, row.errors);

const storedParams = z.object({ stamp: z.number(), params: z.unknown() });
/** What a job was asked, and the school's stamp of then: its pages read nothing older. */
export const askedOf = (row: JobRow) => readJson(storedParams, row.params);

const position = z.object({
  /** The last item done. */
  after: z.string().nullable(),
  /** How often the next items were tried and failed through no fault of theirs. */
  tries: z.number().default(0),
  /** The list is done; users who came late to the directory are gone over once more. */
  late: z.boolean().default(false),
});
export type Position = z.infer<typeof position>;
export const positionOf = ({ cursor }: Pick<JobRow, "cursor">): Position =>
  cursor === null ? { after: null, tries: 0, late: false } : readJson(position, cursor);

const UNFINISHED = ["queued", "running"] as const;
export const isUnfinished = (status: JobRow["status"]): boolean => status === "queued" || status === "running";
const which = (school: string, id: string) => and(eq(jobs.school, school), eq(jobs.id, id));

/** Takes a job for one page; null: it is in another's hands, has ended or is not there. */
export async function claimJob(env: Env, school: string, id: string): Promise<JobRow | null> {
  const now = Date.now();
  const isFree = or(eq(jobs.status, "queued"), and(eq(jobs.status, "running"), lt(jobs.touchedAt, now - LEASE_MS)));
  const [row] = await database(env.DB)
    .update(jobs)
    .set({ status: "running", touchedAt: now })
    .where(and(which(school, id), isFree))
    .returning();
  return row ?? null;
}

export interface JobProgress {
  status: "queued" | "done" | "failed";
  /** Null: it has ended. */
  position: Position | null;
  done: number;
  faults: JobFault[];
  /** The users found, by a job that counts. */
  found?: readonly string[];
  /** What it answers so far; undefined: as before. */
  result?: unknown;
}

const foundUsers = z.object({ count: z.number(), users: z.array(z.string()) });
export type FoundUsers = z.infer<typeof foundUsers>;
/** How many were found, and the first of them; null of a job that does not count. */
export const foundOfJob = (row: JobRow): FoundUsers | null => readOptionalJson(foundUsers, row.found);
export const NONE_FOUND: FoundUsers = { count: 0, users: [] };

const anyResult = z.lazy(() => z.record(z.string(), z.unknown()));
/** What a job answers so far; null: of most kinds, nothing. */
export const resultOfJob = (row: JobRow) => readOptionalJson(anyResult, row.result);

export const MAX_FOUND = 1_000;
const withFound = ({ count, users }: FoundUsers, found: readonly string[]): FoundUsers => ({
  count: count + found.length,
  users: [...users, ...found].slice(0, MAX_FOUND),
});

/** Notes how far a claimed job got; false: it was cancelled, or the page took longer than its lease. */
export async function saveProgress(env: Env, row: JobRow, progress: JobProgress): Promise<boolean> {
  const db = database(env.DB);
  const now = Date.now();
  const known = faultsOfJob(row);
  const save = db
    .update(jobs)
    .set({
      status: progress.status,
      // Nobody needs the cursor of an ended job, and it may name a user.
      cursor: progress.status === "queued" ? JSON.stringify(progress.position) : null,
      done: progress.done,
      // Users come and go while a job runs: in the end the total is what was done.
      total: progress.status === "done" ? progress.done : sql`max(${jobs.total}, ${progress.done})`,
      ...(progress.faults.length && known.length < MAX_FAULTS
        ? { errors: JSON.stringify(withinBounds([...known, ...progress.faults])) }
        : {}),
      ...(progress.found?.length
        ? { found: JSON.stringify(withFound(foundOfJob(row) ?? NONE_FOUND, progress.found)) }
        : {}),
      ...(progress.result === undefined ? {} : { result: JSON.stringify(progress.result) }),
      pace: sql.raw(paceAt(now, progress.done)),
      touchedAt: now,
    })
    .where(and(which(row.school, row.id), eq(jobs.status, "running"), eq(jobs.touchedAt, row.touchedAt)))
    .returning({ id: jobs.id });
  const [saved] =
    progress.status === "queued" ? await save : (await db.batch([save, ...partsOfEnded(db, row.school, row.id)]))[0];
  return saved !== undefined;
}

/** The first of the faults, as many as a row has room for. */
export function withinBounds(all: readonly JobFault[]): JobFault[] {
  let room = MAX_FAULT_CHARACTERS;
  return all.slice(0, MAX_FAULTS).flatMap((fault) => {
    const message =
      fault.message.length > MAX_MESSAGE ? `${fault.message.slice(0, MAX_MESSAGE).toWellFormed()}…` : fault.message;
    const short = { ...fault, message };
    room -= JSON.stringify(short).length;
    return room < 0 ? [] : [short];
  });
}

/** Gives a claimed job back as it was. */
export async function releaseJob(env: Env, row: JobRow): Promise<void> {
  await database(env.DB)
    .update(jobs)
    .set({ status: "queued" })
    .where(and(which(row.school, row.id), eq(jobs.status, "running"), eq(jobs.touchedAt, row.touchedAt)));
}

/** A write of that a job does not stand still is good for so long. */
const TOUCHED_MS = 10_000;

export async function touchJob(env: Env, school: string, id: string): Promise<void> {
  const now = Date.now();
  await database(env.DB)
    .update(jobs)
    .set({ touchedAt: now })
    .where(and(which(school, id), inArray(jobs.status, UNFINISHED), lt(jobs.touchedAt, now - TOUCHED_MS)));
}

/** A page of the jobs of a school. */
export const listJobs = (env: Env, school: string, query: ListQuery) =>
  listRows(env, jobs, ["id"], query, eq(jobs.school, school));

/** A job of a school; 404 when it is another's. */
export const getJob = (env: Env, school: string, id: string): Promise<JobRow> =>
  getRow(env, jobs, which(school, id), "job");

export const findJob = (env: Env, school: string, id: string): Promise<JobRow | undefined> =>
  database(env.DB).select().from(jobs).where(which(school, id)).get();

/** Marks a job cancelled: a page under way is its last. 409 when it has ended. @param entry what the audit has of it */
export async function markCancelled(env: Env, school: string, id: string, entry: AuditEntry | null): Promise<JobRow> {
  const db = database(env.DB);
  const goesOn = and(which(school, id), inArray(jobs.status, UNFINISHED));
  const cancel = db.update(jobs).set({ status: "cancelled", touchedAt: Date.now() }).where(goesOn).returning();
  const ended = new Problem("conflict", "The job has ended already.");
  const [, [row]] = await db
    .batch([
      requireRow(db, jobs, goesOn),
      cancel,
      ...partsOfEnded(db, school, id),
      ...(entry ? [recordAudit(db, entry)] : []),
    ])
    .catch((error: unknown) => {
      throw isOvertaken(error) ? ended : error;
    });
  if (!row) throw ended;
  return row;
}

/** Drops what is kept of a job only while it goes on, if it does no more: the list it goes through, and its ranges. */
function partsOfEnded(db: Database, school: string, id: string) {
  const goesOn = db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(which(school, id), inArray(jobs.status, UNFINISHED)));
  return [
    db.delete(jobChunks).where(and(eq(jobChunks.school, school), eq(jobChunks.job, id), notExists(goesOn))),
    db.delete(jobRanges).where(and(eq(jobRanges.school, school), eq(jobRanges.job, id), notExists(goesOn))),
  ] as const;
}

const STANDING = (status: (typeof UNFINISHED)[number]) =>
  `select * from (select school, id as job from jobs where status = '${status}' and touched_at < ?1 order by touched_at limit ?2)`;

/**
 * Unfinished jobs that nobody has touched for longer than a lease, the longest first: `limit` of those between two pages,
 * and as many of those within one, so that neither waits behind the other.
 */
export async function standingJobs(env: Env, limit: number): Promise<{ school: string; job: string }[]> {
  const { results } = await env.DB.prepare(UNFINISHED.map(STANDING).join(" union all "))
    .bind(Date.now() - LEASE_MS, limit)
    .all<{ school: string; job: string }>();
  return results;
}
