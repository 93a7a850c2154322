import type { Env } from "../base/env";
import { readJson } from "../base/json";
import { forgetOldAnswers } from "../db/answers";
import { database } from "../db/client";
import { schools } from "../db/schema";
import { storedSettings } from "../world/settings";

const DAY_MS = 86_400_000;
const CHUNK = 2_000;

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
    const before = (clock ?? now) - readJson(storedSettings, settings).log_retention_days * DAY_MS;
    await env.DB.batch([
      env.DB.prepare(
        "delete from runs where (school, id) in (select school, id from runs where school = ? and ended_at < ? limit ?)",
      ).bind(id, before, CHUNK),
      env.DB.prepare(
        "delete from deliveries where (school, id) in (select school, id from deliveries where school = ? and created_at < ? and status <> 'queued' limit ?)",
      ).bind(id, before, CHUNK),
    ]);
  }
}
