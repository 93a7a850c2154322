import type { Env } from "../base/env";
import { base32 } from "../base/ids";
import type { ActionMessage } from "../calls/messages";
import { standingJobs } from "./store";

const AT_ONCE = 100;
const HOUR_MS = 3_600_000;

/** Chunks of jobs that have ended or were never made; only of older jobs, as ids sort by time. */
const SWEEP = `delete from job_chunks where job < ? and not exists
  (select 1 from jobs where jobs.school = job_chunks.school and jobs.id = job_chunks.job and jobs.status in ('queued', 'running'))`;

/** For cron: sends word again of jobs that stand still, and sweeps away what was kept for jobs that are no more. */
export async function resumeJobs(env: Env): Promise<void> {
  const standing = await standingJobs(env, AT_ONCE);
  if (standing.length) {
    const messages = standing.map(({ school, job }): ActionMessage => ({ kind: "job", school, job }));
    await env.JOBS.sendBatch(messages.map((body) => ({ body })));
  }
  await env.DB.prepare(SWEEP)
    .bind(`job_${base32(Date.now() - HOUR_MS, 9)}`)
    .run();
}
