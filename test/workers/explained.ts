import { env as bindings } from "cloudflare:workers";
import { env } from "./live";

/*
 * For tests: how D1 finds the rows of every statement that was prepared, whoever prepared it. Plans go by the schema and
 * by `sqlite_stat1` alone, never by what a table holds, so one look at each is enough.
 */

/** The directory, the log, and what else has a row for each user, change or job of a school. */
export const LONG_TABLES = [
  ...(["users", "user_marks", "user_words", "activity", "self_enrolments", "learnworlds_seen"] as const),
  ...(["runs", "live_runs", "deliveries", "audit", "jobs", "job_chunks", "job_ranges"] as const),
  ...(["past_members", "evidence_parts"] as const),
];

/** What may read all that a school has of something, as it is prepared without quotes, and why. */
const EXCEPTIONS: readonly (readonly [why: string, sql: RegExp])[] = [
  [
    "of deliveries that failed, were not sent or were captured, so many at most, by an index of those alone",
    /from deliveries indexed by deliveries_(failed|not_sent|suppressed|captured)_by_id where \(.*\)( as deliveries)? order by (deliveries\.)?id( asc| desc)? limit \?/,
  ],
  [
    "which statuses, channels or automations there are of something, one after the other over all between (src/db/lists/merged.ts)",
    /^select distinct .* from (deliveries indexed by deliveries_of|live_runs indexed by live_runs_waiting_of) where \(?\S+ = \?( and live_runs\.status = 'waiting'\))? limit \?$/,
  ],
  [
    "of evidence packs so many at most, by an index of those alone",
    /from jobs indexed by jobs_evidence where \(.*\)( as jobs)? order by jobs\.id (asc|desc) limit \?/,
  ],
  [
    "among so many of the next rows what fits is looked for (src/db/lists/look.ts)",
    /as fits from (\w+)( indexed by \w+)? where .* order by (\1\.)?id (asc|desc) limit \?$/,
  ],
  ["a test's own count of what is left of a school", /^select count\(\*\) as n from \w+ where school = \?$/],
  [
    "the first page of a list, which ends at its limit",
    /from (\w+)( indexed by \w+)? where \1\.school = \?(\) as \1)? order by [^()]*limit \?/,
  ],
  [
    "how many there are, for people, up to a number (src/schools/costs/totals.ts)",
    /^select count\(\*\) as n from \(select .* limit \?2\)$/,
  ],
  ["whether a school has over a thousand users", /^select 1 from users indexed by .* limit 1 offset \?2$/],
  ["what of a school is on its way, up to a thousand", /from deliveries indexed by deliveries_queued where/],
  [
    "of a deleted school, of which all goes, a page at a time",
    /^delete from (\w+) where .* from \1 where \1\.school = \? limit \?\)$/,
  ],
  [
    "of a log that lies elsewhere now, of which all goes, a page at a time (src/schools/platform/log-move.ts)",
    /^delete from (\w+) where .* from \1 where school = \?1 limit 500\)$/,
  ],
  [
    "the total of a job that goes through all of them, or of a guess at them",
    /^select count\(\*\) (from users where users\.school = \?|as n from users)$/,
  ],
  [
    "an erasure that was cut off after the object forgot what was its user's",
    /^(delete|select 'automation' as kind, .*) from (runs|deliveries) where school = \?1 and user = \?2( group by automation)?$/,
  ],
  ["an export or erasure: jobs name users in what they tell", /json_each\(errors\)/],
  ["what a pause holds up, by indexes of that alone", /indexed by (live_runs_paused|deliveries_queued)/],
  ["jobs that take out a deleted segment's members", /dropSegment/],
  [
    "a school's unfinished jobs: it has as many as retention leaves of jobs",
    /^select id from jobs where \(jobs\.school = \? and jobs\.status in/,
  ],
  ["pieces of files, which are there only while their jobs run", /^delete from job_chunks where job < \?/],
];

const normal = (sql: string): string => sql.replaceAll(/["`]/g, "").replaceAll(/\s+/g, " ").trim();

/** Databases without today's tables: what is asked of them is looked at in the main one. */
const UNLIKE: ReadonlySet<D1Database> = new Set([bindings.UNMIGRATED, bindings.UPGRADED]);

const prepared = new Map<string, D1Database>();
const explained = new Set<string>();

/** Whether a test has prepared it, not what it tests. Drizzle prepares behind an `await`, where nobody is seen. */
function isOfATest(): boolean {
  const frames = (new Error().stack ?? "").split("\n").slice(3);
  const first = frames.find((frame) => !/node_modules|vitest|cloudflare|<anonymous>/.test(frame));
  return first !== undefined && /\.test\.tsx?|\/test\/|test-/.test(first);
}

/** Has all that is prepared from now on remembered, in objects too. */
export function rememberStatements(): void {
  const prototype = Object.getPrototypeOf(env.DB) as D1Database & { remembers?: true };
  if (prototype.remembers) return;
  const { prepare } = prototype;
  prototype.remembers = true;
  prototype.prepare = function (sql: string) {
    if (!prepared.has(sql) && !isOfATest()) prepared.set(sql, this);
    return prepare.call(this, sql);
  };
}

/** What is read of a long table as a whole, or of all that a school has there: `<how> | <sql>`. */
export async function readsAll(sql: string, db: D1Database = env.DB): Promise<string[]> {
  const numbers = [...sql.matchAll(/\?(\d+)/g)].map(([, n]) => Number(n));
  const places = numbers.length ? Math.max(...numbers) : [...sql.matchAll(/\?/g)].length;
  const { results } = await db
    .prepare(`explain query plan ${sql}`)
    .bind(...Array<string>(places).fill("[]"))
    .all<{ detail: string }>();
  const aliases = new Map<string, string>(LONG_TABLES.map((table) => [table, table]));
  for (const [, table = "", alias = ""] of sql.matchAll(/["`]?(\w+)["`]?\s+as\s+["`]?(\w+)/gi))
    if (aliases.has(table)) aliases.set(alias, table);
  // What a part of the statement yields may be called as its table: going through that is no scan of the table, once.
  const yielded = results.flatMap(({ detail }) => /^CO-ROUTINE (\w+)/.exec(detail)?.[1] ?? []);
  return results.flatMap(({ detail }) => {
    const [, how, name = ""] = /^(SCAN|SEARCH) (\w+)/.exec(detail) ?? [];
    const isYielded = detail === `SCAN ${name}` ? yielded.indexOf(name) : -1;
    if (isYielded >= 0) {
      yielded.splice(isYielded, 1);
      return [];
    }
    if (!aliases.has(name) || detail.includes("VIRTUAL TABLE")) return [];
    return how === "SCAN" || /\(school=\?\)/.test(detail) ? [detail] : [];
  });
}

/** Statements not looked at before that read all of something. */
export async function newlyBad(): Promise<string[]> {
  const bad: string[] = [];
  for (const [sql, db] of prepared) {
    if (explained.has(sql)) continue;
    explained.add(sql);
    const text = normal(sql);
    if (!/^(select|with|insert|update|delete)\b/i.test(text) || EXCEPTIONS.some(([, one]) => one.test(text))) continue;
    for (const detail of await readsAll(sql, UNLIKE.has(db) ? env.DB : db)) bad.push(`${detail} | ${text}`);
  }
  return bad;
}
