import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import { forgetOldAnswers } from "../db/answers";
import { everyLog } from "../db/log";
import { DIGITS, TIME_DIGITS } from "../engine/identity";
import { sweepChunks } from "../jobs/resume";
import { knownOfSchools, learningSchools } from "../journal/shard";
import { READER_DAYS } from "../schools/sign-in/readers";
import { EVIDENCE_DAYS, evidenceSince, KEEPS_EVIDENCE, keptSince, schoolClock } from "../world/kept";

const CHUNK = 2_000;

const DAY_MS = 24 * 3_600_000;
/** Users' journals are kept so long at least. */
export const MIN_JOURNAL_DAYS = 7;
/** Whoever comes often is looked at for what is too old every eighth day only (durable-objects/waking.ts). */
const LATE_JOURNAL_DAYS = 14;
/** Messages that could not be mapped, to be replayed. */
export const UNMAPPED_DAYS = 7;
/** What was given up; a school that keeps its log for less keeps these so long. */
export const DEAD_LETTER_DAYS = 30;
/** What happened on each day, and what was used, in figures. */
export const DAY_COUNTS_DAYS = 400;

/** Before when a school keeps nothing. `?1`: the clock on the wall, ms. */
const SCHOOL_CLOCK = keptSince(schoolClock("?1"));
/** For what is written down by the clock on the wall, in test schools too. */
const REAL_TIME = keptSince("?1");

/** The day from which on it is known what was used, by the clock on the wall. */
const USAGE_SINCE = `date(?1 / 1000, 'unixepoch', '-${DAY_COUNTS_DAYS} days')`;

/** Schools by their ids: those behind one, up to another. */
export interface SchoolRange {
  after: string;
  through: string;
}
/** Behind every id. */
const LAST = "\u{10ffff}";
export const EVERY_SCHOOL: SchoolRange = { after: "", through: LAST };
export const IN_RANGE = "schools.id > ?3 and schools.id <= ?4";

/** Deletes rows of a table by their key, at most `?2`, of some schools in one statement. */
const deleting = (table: string, key: string, old: string) =>
  `delete from ${table} where (school, ${key}) in (${old} limit ?2)`;
/** School by school: left to itself, the database goes through all of the table. */
const oldOf = (table: string, key: string, where: string) =>
  `select one.school, ${key} from schools cross join ${table} as one on one.school = schools.id
    where ${IN_RANGE} and ${where}`;

/** What ids made at a moment or later come after: `idsFrom` in SQL. */
const idsFrom = (prefix: "run" | "dlv", at: string): string => {
  const digits = Array.from(
    { length: TIME_DIGITS },
    (_, place) => `substr('${DIGITS}', 1 + (max(0, ${at}) >> ${5 * (TIME_DIGITS - 1 - place)}) % 32, 1)`,
  );
  return `'${prefix}_' || ${digits.join(" || ")}`;
};

/** The same of what has an id of ours, which sorts by when it began: only what began before is looked at. */
const begunBefore = (table: string, prefix: "run" | "dlv", where: string, whose = IN_RANGE, what = "one.id") =>
  `with kept as materialized (select id as school, ${SCHOOL_CLOCK} as since from schools where ${whose}),
    ids as materialized (select school, since, ${idsFrom(prefix, "since")} as first from kept)
  select one.school, ${what} from ids cross join ${table} as one on one.school = ids.school and one.id < ids.first
    where ${where}`;

const OLD_JOBS = oldOf("jobs", "one.id", `one.created_at < ${REAL_TIME} and one.status not in ('queued', 'running')`);

/**
 * What a school was is kept as long as its users' journals, which are told again by it when they go, and as evidence is;
 * and longer by what journals may be late. A row is needed for the stamps before its own; the newest that is old enough stays, and says from which stamp on the past is known. Stamps
 * grow with time, so the look for the first that is too new begins at the oldest and meets only what is due.
 */
export const OLD_HISTORY = `select one.school, one.stamp, one.kind, one.id
  from schools cross join school_history as one on one.school = schools.id
  where ${IN_RANGE} and one.stamp < (select max(old.stamp) from school_history as old where old.school = schools.id
    and old.stamp < coalesce((select new.stamp from school_history as new where new.school = schools.id
      and new.at >= ${schoolClock("?1")} - ${DAY_MS} * (${LATE_JOURNAL_DAYS} + max(${EVIDENCE_DAYS}, ${MIN_JOURNAL_DAYS}))
      order by new.stamp limit 1), ${Number.MAX_SAFE_INTEGER}))
  order by schools.id, one.stamp`;

const IS_OLD_RUN = "one.ended_at < since";

/**
 * Whose runs go, where evidence is kept longer than they are. In the order of the statement that deletes them, and of
 * these schools alone: whatever that takes of theirs is among it.
 */
const RUNS_TO_REMEMBER = `select school, 'automation' as kind, automation as value, user, max(ended_at) as at from (
    ${begunBefore("runs", "run", IS_OLD_RUN, `${IN_RANGE} and ${KEEPS_EVIDENCE}`, "one.automation, one.user, one.ended_at")} limit ?2)
  group by school, automation, user`;
const REMEMBER = `insert into past_members (school, kind, value, user, at)
  select value->>'school', value->>'kind', value->>'value', value->>'user', value->>'at' from json_each(?) where true
  on conflict do update set at = max(at, excluded.at)`;

const OLD_PARTS = `select one.school, one.job, one.file, one.user, one.n from (${OLD_JOBS}) as old
  cross join evidence_parts as one on one.school = old.school and one.job = old.id`;
const OLD_WITHOUT_PARTS = `${OLD_JOBS} and not exists
  (select 1 from evidence_parts as part where part.school = one.school and part.job = one.id)`;

/** What of the log is kept for a time only, in the main database and in shards. */
export const LOG_DELETIONS = [
  deleting("runs", "id", begunBefore("runs", "run", IS_OLD_RUN)),
  deleting("deliveries", "id", begunBefore("deliveries", "dlv", "one.created_at < since and one.status <> 'queued'")),
  deleting(
    "day_counts",
    "day, automation",
    oldOf(
      "day_counts",
      "day, automation",
      `one.day < date(${schoolClock("?1")} / 1000, 'unixepoch', '-${DAY_COUNTS_DAYS} days')`,
    ),
  ),
  deleting("usage", "day", oldOf("usage", "day", `one.day < ${USAGE_SINCE}`)),
];

/** What else is. */
export const DELETIONS = [
  deleting("audit", "id", oldOf("audit", "one.id", `one.at < ${REAL_TIME}`)),
  deleting("job_chunks", "job", OLD_JOBS),
  deleting("evidence_parts", "job, file, user, n", OLD_PARTS),
  deleting(
    "past_members",
    "kind, value, user",
    oldOf("past_members", "one.kind, one.value, one.user", `one.at < ${evidenceSince(schoolClock("?1"))}`),
  ),
  deleting("jobs", "id", OLD_WITHOUT_PARTS),
  `delete from school_history where (school, stamp, kind, id) in (${OLD_HISTORY} limit ?2)`,
  deleting("unmapped_messages", "id", oldOf("unmapped_messages", "one.id", `one.at < ?1 - ${UNMAPPED_DAYS * DAY_MS}`)),
  deleting(
    "dead_letters",
    "user, kind, subject",
    oldOf("dead_letters", "user, kind, subject", `one.at < ${REAL_TIME}`),
  ),
  deleting("unmapped", "format, name", oldOf("unmapped", "one.format, one.name", `one.last_at < ${REAL_TIME}`)),
];

/** What is kept for all schools together. */
const SESSIONS = "delete from sessions where digest in (select digest from sessions where expires_at < ?1 limit ?2)";
const ATTEMPTS = "delete from attempts where key in (select key from attempts where until < ?1 limit ?2)";
const READERS = `delete from readers where person in
  (select person from readers indexed by readers_by_age where at < ?1 - ${READER_DAYS * DAY_MS} limit ?2)`;
const ALL_USAGE = `delete from usage where (school, day) in
  (select school, day from usage where school = '' and day < ${USAGE_SINCE} limit ?2)`;
const DEAD_LETTERS = `delete from dead_letters where (school, user, kind, subject) in (select school, user, kind, subject
  from dead_letters indexed by dead_letters_by_age where at < ?1 - ${DEAD_LETTER_DAYS * DAY_MS} limit ?2)`;

type Bound = readonly [now: number, most: number, after: string, through: string];

/** The same of logs, where they lie. */
async function retainIn(env: Env, log: D1Database, range: Bound): Promise<D1Result[]> {
  if (log !== env.DB) await refreshSchools(env, log, range);
  const { results: runs } = await log
    .prepare(RUNS_TO_REMEMBER)
    .bind(...range)
    .all();
  // Before they go: what is remembered twice is remembered once.
  if (runs.length) await env.DB.batch(textsOf(runs).map((text) => env.DB.prepare(REMEMBER).bind(text)));
  return log.batch([
    log.prepare(ALL_USAGE).bind(...range.slice(0, 2)),
    ...LOG_DELETIONS.map((sql) => log.prepare(sql).bind(...range)),
  ]);
}

const IDS = "select json_group_array(id) as ids from schools where id > ?1 and id <= ?2";

/** Tells a shard how long the schools of a range keep their logs by now, where nothing was written since. */
async function refreshSchools(env: Env, shard: D1Database, [, , after, through]: Bound): Promise<void> {
  const ids = await shard.prepare(IDS).bind(after, through).first<string>("ids");
  const known = await knownOfSchools(env, ids ?? "[]");
  if (known.length) await shard.batch(learningSchools(shard, known));
}

/**
 * Deletes what is older than its school keeps it, some at a time, so that D1's one thread stays free.
 * @returns whether there may be more of it
 */
export async function retain(env: Env, { after, through }: SchoolRange = EVERY_SCHOOL): Promise<boolean> {
  const now = Date.now();
  const range = [now, CHUNK, after, through] as const;
  const results = await env.DB.batch([
    ...[SESSIONS, ATTEMPTS, READERS, DEAD_LETTERS].map((sql) => env.DB.prepare(sql).bind(now, CHUNK)),
    ...DELETIONS.map((sql) => env.DB.prepare(sql).bind(...range)),
  ]);
  for (const log of everyLog(env)) results.push(...(await retainIn(env, log, range)));
  const counts = [
    ...results.map(({ meta }) => meta.changes),
    await forgetOldAnswers(env, CHUNK),
    await sweepChunks(env, CHUNK),
  ];
  return counts.some((count) => count >= CHUNK);
}
