import type { Env } from "../base/env";
import { readJson } from "../base/json";
import { forgetOldAnswers } from "../db/answers";
import { database } from "../db/client";
import { schools } from "../db/schema";
import { storedSettings } from "../world/settings";

const DAY_MS = 86_400_000;
const CHUNK = 2_000;

/**
 * What a school keeps as long as it keeps its log, oldest first: each statement takes a school, a time in ms, and how
 * many rows at most.
 */
const BY_SCHOOL_CLOCK = [
  "delete from runs where (school, id) in (select school, id from runs where school = ? and ended_at < ? limit ?)",
  "delete from deliveries where (school, id) in (select school, id from deliveries where school = ? and created_at < ? and status <> 'queued' limit ?)",
];
/** What is written down by the clock on the wall, in test schools too. */
const BY_REAL_TIME = [
  "delete from audit where (school, id) in (select school, id from audit where school = ? and at < ? limit ?)",
  "delete from job_chunks where (school, job) in (select school, id from jobs where school = ? and created_at < ? and status not in ('queued', 'running') limit ?)",
  "delete from jobs where (school, id) in (select school, id from jobs where school = ? and created_at < ? and status not in ('queued', 'running') limit ?)",
  "delete from unmapped where (school, format, name) in (select school, format, name from unmapped where school = ? and last_at < ? limit ?)",
];

/** Deletes what is older than the school keeps it, some at a time, so that D1's one thread stays free. */
export async function retain(env: Env): Promise<void> {
  const now = Date.now();
  await forgetOldAnswers(env, CHUNK);
  await env.DB.prepare("delete from sessions where expires_at < ?").bind(now).run();
  await env.DB.prepare("delete from attempts where until < ?").bind(now).run();
  const rows = await database(env.DB)
    .select({ id: schools.id, settings: schools.settings, now: schools.now })
    .from(schools);
  for (const { id, settings, now: clock } of rows) {
    const keptMs = readJson(storedSettings, settings).log_retention_days * DAY_MS;
    const deleting = (before: number) => (sql: string) => env.DB.prepare(sql).bind(id, before, CHUNK);
    await env.DB.batch([
      ...BY_SCHOOL_CLOCK.map(deleting((clock ?? now) - keptMs)),
      ...BY_REAL_TIME.map(deleting(now - keptMs)),
    ]);
  }
}
