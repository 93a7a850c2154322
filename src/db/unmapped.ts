import { asc, desc, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { database } from "./client";
import { unmapped } from "./schema";

/*
 * Messages that say nothing to us are answered well, counted by name, and shown: a school sees what its LMS sends in
 * vain.
 */

const MAX_NAME_LENGTH = 200;
const MAX_NAMES = 500;
const OTHERS = "…";

/** One more of each name; beyond so many names of a format they are counted together. */
const COUNT = `insert into unmapped (school, format, name, count, last_at)
  select ?1, ?2,
    case when (select count(*) from unmapped where school = ?1 and format = ?2) < ?5
      or exists (select 1 from unmapped where school = ?1 and format = ?2 and name = ?3) then ?3 else '${OTHERS}' end,
    1, ?4
  where true
  on conflict (school, format, name) do update set count = count + 1, last_at = excluded.last_at`;

export async function countUnmapped(env: Env, school: string, format: string, names: readonly string[]): Promise<void> {
  if (!names.length) return;
  const now = Date.now();
  await env.DB.batch(
    names.map((name) => env.DB.prepare(COUNT).bind(school, format, name.slice(0, MAX_NAME_LENGTH), now, MAX_NAMES)),
  );
}

/** All of a school, the most frequent first. */
export const listUnmapped = (env: Env, school: string) =>
  database(env.DB)
    .select({ format: unmapped.format, name: unmapped.name, count: unmapped.count, lastAt: unmapped.lastAt })
    .from(unmapped)
    .where(eq(unmapped.school, school))
    .orderBy(desc(unmapped.count), asc(unmapped.format), asc(unmapped.name));
