import type { Env } from "../../base/env";
import { base32 } from "../../base/ids";
import type { ActionMessage } from "../../calls/messages";
import { standingJobs } from "../store";

/** Twice as many are what the queue takes at once. */
const AT_ONCE = 50;
const HOUR_MS = 3_600_000;

/** Chunks of jobs that have ended or were never made; only of older jobs, as ids sort by time. */
const SWEEP = `delete from job_chunks where (school, job, n) in (
  select school, job, n from job_chunks as chunk where job < ?1 and not exists (select 1 from jobs
    where jobs.school = chunk.school and jobs.id = chunk.job and jobs.status in ('queued', 'running')) limit ?2)`;

/** Sweeps away what was kept for jobs that are no more, at most `limit` chunks; returns how many. */
export async function sweepChunks(env: Env, limit: number): Promise<number> {
  const { meta } = await env.DB.prepare(SWEEP)
    .bind(`job_${base32(Date.now() - HOUR_MS, 9)}`, limit)
    .run();
  return meta.changes;
}

/** For cron: sends word again of jobs that stand still. */
export async function resumeJobs(env: Env): Promise<void> {
  const standing = await standingJobs(env, AT_ONCE);
  if (!standing.length) return;
  const messages = standing.map(({ school, job }): ActionMessage => ({ kind: "job", school, job }));
  await env.JOBS.sendBatch(messages.map((body) => ({ body })));
}
