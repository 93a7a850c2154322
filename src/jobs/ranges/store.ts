import * as z from "zod";
import type { Env } from "../../base/env";
import { readJson } from "../../base/json";
import { appended } from "../appended";
import { paceAt } from "../pages/pace";
import { type JobFault, type JobRow, LEASE_MS, MAX_FAULT_CHARACTERS, type Position, withinBounds } from "../store";

/*
 * The rows of ranges. A page claims one by compare-and-set, as pages of jobs do, and what it did is added to its job in the
 * transaction that moves its cursor. A range that is over has no row; with the last of them the job ends, in the same
 * transaction.
 */

/** Pages of ranges at once: of all schools together, of which some are for jobs that have none, and of a job. */
export const MOST_AT_ONCE = 16;
const KEPT_FREE = 4;
export const LANES = 4;

export interface Range {
  n: number;
  /** The cursor of the last item in it; null: it has no end. */
  until: string | null;
  position: Position;
  /** When it was claimed, which tells by whom. */
  touchedAt: number;
}

const position = z.object({ after: z.string().nullable(), tries: z.number(), late: z.boolean() });
const claimed = z.object({ n: z.number(), until: z.string().nullable(), cursor: z.string(), touched_at: z.number() });

/** `?1`: school, `?2`: job, `?3`: now, `?4`: what was claimed before was cut off. */
const IS_FREE = `(status = 'queued' and touched_at <= ?3 or status = 'running' and touched_at < ?4)`;
const RUNNING = `job_ranges indexed by job_ranges_running where status = 'running' and touched_at >= ?4`;

const CLAIM = `with own(n) as materialized (select count(*) from ${RUNNING} and school = ?1 and job = ?2),
    all_of_them(n) as materialized (select count(*) from ${RUNNING})
  update job_ranges set status = 'running', touched_at = ?3 where school = ?1 and job = ?2
    and n = (select n from job_ranges where school = ?1 and job = ?2 and ${IS_FREE} order by n limit 1)
    and (select n from own) < ${LANES}
    and (select n from all_of_them) < iif((select n from own) = 0, ${MOST_AT_ONCE}, ${MOST_AT_ONCE - KEPT_FREE})
  returning n, until, cursor, touched_at`;

/** Takes the first range that is free for a page; null: none is, or too many go on already. */
export async function claimRange(env: Env, school: string, job: string): Promise<Range | null> {
  const now = Date.now();
  const row = await env.DB.prepare(CLAIM)
    .bind(school, job, now, now - LEASE_MS)
    .first();
  if (row === null) return null;
  const { n, until, cursor, touched_at } = claimed.parse(row);
  return { n, until, position: readJson(position, cursor), touchedAt: touched_at };
}

const FREE = `select (select count(*) from ${RUNNING} and school = ?1 and job = ?2) as running,
  (select count(*) from (select 1 from job_ranges where school = ?1 and job = ?2 and ${IS_FREE} limit ${LANES})) as free,
  (select min(touched_at) from job_ranges where school = ?1 and job = ?2 and status = 'queued') as next`;

export interface Free {
  /** How many of its ranges are gone over now, and how many could be, up to as many as may. */
  running: number;
  free: number;
  /** When one may be that waits, real time, ms; null: none does. */
  next: number | null;
}

/** What of a job's ranges waits for a page. */
export async function freeRanges(env: Env, school: string, job: string): Promise<Free> {
  const now = Date.now();
  const row = await env.DB.prepare(FREE)
    .bind(school, job, now, now - LEASE_MS)
    .first<{ running: number; free: number; next: number | null }>();
  return row ?? { running: 0, free: 0, next: null };
}

/** `?1`: school, `?2`: job, `?3`: which, `?4`: when it was claimed. */
const CLAIMED = "school = ?1 and job = ?2 and n = ?3 and status = 'running' and touched_at = ?4";

/** Gives a claimed range back as it was. */
export async function releaseRange(env: Env, { school, id }: JobRow, { n, touchedAt }: Range): Promise<void> {
  await env.DB.prepare(`update job_ranges set status = 'queued' where ${CLAIMED}`).bind(school, id, n, touchedAt).run();
}

export interface RangeProgress {
  /** `failed`: it is given up, and its job goes on with the others. */
  status: "queued" | "over" | "failed";
  position: Position;
  /** So many users or lines more. */
  done: number;
  faults: readonly JobFault[];
  found: readonly string[];
  /** When its next page may begin, real time, ms. */
  from: number;
}

const GOES_ON = "status in ('queued', 'running')";
/** Whether with `?3` the last range is over or given up, and no more of them are made. */
const IS_LAST = `(?9 and cursor ->> '$.split.isOver' and not exists (select 1 from job_ranges
  where school = ?1 and job = ?2 and n <> ?3 and ${GOES_ON}))`;
const HAS_FAILED = `(?10 or exists (select 1 from job_ranges where school = ?1 and job = ?2 and status = 'failed'))`;

/** `?5`: done, `?6`: now, `?7`: faults, `?8`: found, `?9`: 1 where the range ends, `?10`: 1 where it is given up. */
const ADD_TO_JOB = `update jobs set
    status = case when ${IS_LAST} then iif(${HAS_FAILED}, 'failed', 'done') else status end,
    cursor = iif(${IS_LAST}, null, cursor),
    done = done + ?5,
    total = iif(${IS_LAST}, done + ?5, max(total, done + ?5)),
    errors = iif(?7 = '[]' or length(errors) + length(?7) > ${MAX_FAULT_CHARACTERS}, errors, ${appended("errors", "?7")}),
    found = iif(found is null or ?8 = '[]', found, json_object('count', (found ->> 'count') + json_array_length(?8),
      'users', json(${appended("found ->> 'users'", "?8")}))),
    pace = ${paceAt("?6", "(done + ?5)")},
    touched_at = ?6
  where school = ?1 and id = ?2 and ${GOES_ON} and exists (select 1 from job_ranges where school = ?1 and job = ?2
    and n = ?3 and status = 'running' and touched_at = ?4)
  returning status`;
const OF_AN_ENDED_JOB = `school = ?1 and job = ?2
  and not exists (select 1 from jobs where school = ?1 and id = ?2 and ${GOES_ON})`;

/**
 * Notes how far a claimed range got; false: its job has ended, by this or without it, or the page took longer than its
 * lease.
 */
export async function saveRange(env: Env, { school, id }: JobRow, range: Range, progress: RangeProgress) {
  const { status, position: at, done, found, from } = progress;
  const whose = [school, id, range.n, range.touchedAt] as const;
  const faults = JSON.stringify(withinBounds(progress.faults));
  const ends = status === "queued" ? 0 : 1;
  const { DB } = env;
  const [job] = await DB.batch<{ status: string }>([
    DB.prepare(ADD_TO_JOB).bind(
      ...[...whose, done, Date.now(), faults, JSON.stringify(found), ends, status === "failed" ? 1 : 0],
    ),
    status === "over"
      ? DB.prepare(`delete from job_ranges where ${CLAIMED}`).bind(...whose)
      : DB.prepare(`update job_ranges set status = ?5, cursor = ?6, touched_at = ?7 where ${CLAIMED}`).bind(
          ...[...whose, status, JSON.stringify(at), from],
        ),
    ...(ends
      ? ["job_ranges", "job_chunks"].map((table) =>
          DB.prepare(`delete from ${table} where ${OF_AN_ENDED_JOB}`).bind(school, id),
        )
      : []),
  ]);
  const now = job?.results[0]?.status;
  return now === "queued" || now === "running";
}
