import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import { forgetOldAnswers } from "../db/answers";
import { shardsOf } from "../db/log";
import { sweepChunks } from "../jobs/pages/resume";
import { knownOfSchools, learningSchools } from "../journal/shard";
import { READER_DAYS } from "../schools/sign-in/readers";
import { HAS_AWAY } from "./forget";
import {
  DEAD_LETTER_DAYS,
  DELETIONS,
  LOG_DELETIONS,
  LOOKS_IN_LOG,
  looks,
  RUNS_TO_REMEMBER,
  UNMAPPED_DAYS,
  USAGE_SINCE,
} from "./old";

/* What is too old is deleted some at a time, so that D1's one thread stays free. */

const CHUNK = 2_000;
const DAY_MS = 24 * 3_600_000;

/** Where a school stands in the order in which they are gone over. */
export interface Place {
  at: number;
  school: string;
}
/** Before all schools, and behind. */
export const FIRST: Place = { at: -1, school: "" };
const LAST: Place = { at: Number.MAX_SAFE_INTEGER, school: "" };

/** Schools whose moment has come, behind a place, up to another. */
export interface DueRange {
  behind?: Place | undefined;
  to?: Place | undefined;
  most: number;
}

/** What is kept for all schools together, or for as long in each. */
const SHARED = [
  "delete from sessions where digest in (select digest from sessions where expires_at < ?1 limit ?2)",
  "delete from attempts where key in (select key from attempts where until < ?1 limit ?2)",
  `delete from readers where person in
    (select person from readers indexed by readers_by_age where at < ?1 - ${READER_DAYS * DAY_MS} limit ?2)`,
  `delete from dead_letters where (school, user, kind, subject) in (select school, user, kind, subject
    from dead_letters indexed by dead_letters_by_age where at < ?1 - ${DEAD_LETTER_DAYS * DAY_MS} limit ?2)`,
  `delete from unmapped_messages where (school, id) in (select school, id
    from unmapped_messages indexed by unmapped_messages_by_age where at < ?1 - ${UNMAPPED_DAYS * DAY_MS} limit ?2)`,
  `delete from usage where (school, day) in
    (select school, day from usage where school = '' and day < ${USAGE_SINCE} limit ?2)`,
];

const REMEMBER = `insert into past_members (school, kind, value, user, at)
  select value->>'school', value->>'kind', value->>'value', value->>'user', value->>'at' from json_each(?) where true
  on conflict do update set at = max(at, excluded.at)`;

/** Deletes what no school has a say in. @returns whether there may be more of it */
export async function retainShared(env: Env): Promise<boolean> {
  const now = Date.now();
  const results = await env.DB.batch(SHARED.map((sql) => env.DB.prepare(sql).bind(now, CHUNK)));
  for (const shard of shardsOf(env).values())
    results.push(...(await shard.batch(SHARED.slice(-1).map((sql) => shard.prepare(sql).bind(now, CHUNK)))));
  const counts = [
    ...results.map(({ meta }) => meta.changes),
    await forgetOldAnswers(env, CHUNK),
    await sweepChunks(env, CHUNK),
  ];
  return counts.some((count) => count >= CHUNK);
}

/** Of a range of schools. */
export interface Found {
  /** Who has something that is too old, and who has users that are to be reminded. */
  old: string[];
  away: string[];
  /** All of them; for so many `days` nothing will be too old, as far as the main database knows. */
  due: readonly (Place & { days: number })[];
}

const LOOKS = looks(HAS_AWAY);

/** Which schools of a range there is something to do for, by one look at all of them whose moment has come. */
export async function findOld(env: Env, { behind = FIRST, to = LAST, most }: DueRange): Promise<Found> {
  const { results } = await env.DB.prepare(LOOKS)
    .bind(Date.now(), behind.at, behind.school, to.at, to.school, most)
    .all<{ id: string; at: number; isOld: number; isAway: number; days: number }>();
  return {
    old: results.flatMap(({ id, isOld }) => (isOld ? id : [])),
    away: results.flatMap(({ id, isAway }) => (isAway ? id : [])),
    due: results.map(({ id, at, days }) => ({ at, school: id, days })),
  };
}

/** Only where nobody brought it forward meanwhile. */
const MOVE_ON = `update school_ages set at = moved.until from (
    select value ->> 0 as school, value ->> 1 as at, value ->> 2 as until from json_each(?1)) as moved
  where school_ages.school = moved.school and school_ages.at = moved.at`;

/** Lets schools alone in which nothing will be too old for some days. */
export async function letAlone(env: Env, idle: Found["due"]): Promise<void> {
  if (!idle.length) return;
  const now = Date.now();
  const moved = idle.map(({ school, at, days }) => [school, at, now + days * DAY_MS]);
  await env.DB.batch(textsOf(moved).map((text) => env.DB.prepare(MOVE_ON).bind(text)));
}

/** Deletes what is older than these schools keep it. @returns whether there may be more of it */
export async function retainIn(env: Env, schools: readonly string[]): Promise<boolean> {
  return schools.length > 0 && deletes(env, env.DB, [...LOG_DELETIONS, ...DELETIONS], schools);
}

async function deletes(env: Env, db: D1Database, statements: readonly string[], schools: readonly string[]) {
  const bound = [Date.now(), CHUNK, JSON.stringify(schools)];
  const { results: runs } = await db
    .prepare(RUNS_TO_REMEMBER)
    .bind(...bound)
    .all();
  // Before they go: what is remembered twice is remembered once.
  if (runs.length) await env.DB.batch(textsOf(runs).map((text) => env.DB.prepare(REMEMBER).bind(text)));
  const results = await db.batch(statements.map((sql) => db.prepare(sql).bind(...bound)));
  return results.some(({ meta }) => meta.changes >= CHUNK);
}

/** What became of schools in the shards. */
export interface InShards {
  /** Whether there may be more that is too old. */
  isLeft: boolean;
  /** For how many days nothing will be too old of those that are there. */
  days: Map<string, number>;
}

/** The same of these schools where their logs lie in shards. */
export async function retainInShards(env: Env, schools: readonly string[]): Promise<InShards> {
  const left: boolean[] = [];
  const days = new Map<string, number>();
  for (const shard of schools.length ? shardsOf(env).values() : []) {
    await refreshSchools(env, shard, schools);
    const { results } = await shard
      .prepare(LOOKS_IN_LOG)
      .bind(Date.now(), JSON.stringify(schools))
      .all<{ id: string; isOld: number; days: number }>();
    // What a log left where it was before counts too.
    for (const one of results) days.set(one.id, Math.min(one.days, days.get(one.id) ?? one.days));
    const old = results.flatMap(({ id, isOld }) => (isOld ? id : []));
    if (old.length) left.push(await deletes(env, shard, LOG_DELETIONS, old));
  }
  return { isLeft: left.includes(true), days };
}

const THERE = "select json_group_array(id) as ids from schools where id in (select value from json_each(?1))";

/** Tells a shard how long these schools keep their logs by now, where nothing was written since. */
async function refreshSchools(env: Env, shard: D1Database, schools: readonly string[]): Promise<void> {
  const ids = await shard.prepare(THERE).bind(JSON.stringify(schools)).first<string>("ids");
  const known = ids === null || ids === "[]" ? [] : await knownOfSchools(env, ids);
  if (known.length) await shard.batch(learningSchools(shard, known));
}
