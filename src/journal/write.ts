import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import type { LogBatch } from "../calls/batch";
import { isLive } from "../engine/runs";
import { USERS_ROWS } from "./held";

/** Words of the vocabulary that this isolate has written, by school: they need not be written again. */
const written = new Map<string, Set<string>>();
const MAX_WORDS = 50_000;
const wordKey = (kind: string, value: string): string => `${kind} ${value}`;
export const isKnownWord = (school: string, kind: string, value: string): boolean =>
  written.get(school)?.has(wordKey(kind, value)) ?? false;

/** Forgets which words were written: the school was deleted. */
export const forgetWords = (school: string): void => void written.delete(school);

function noteWords({ school, words }: LogBatch): void {
  let known = written.get(school);
  if (!known || known.size > MAX_WORDS) {
    known = new Set();
    written.set(school, known);
  }
  for (const [kind, value] of words) known.add(wordKey(kind, value));
}

/*
 * One statement a table, its rows handed over as one JSON text: D1 takes 100 parameters a statement, and each statement
 * costs a turn of its single thread. Keys are natural, so writing a batch twice is writing it once.
 */
const rowsOf = (count: number): string => Array.from({ length: count }, (_, n) => `value->>${n}`).join(", ");

/**
 * Inserts rows, or replaces those that are not newer. Each has the key first, then the columns, the last of which is
 * `seq`.
 */
const upsert = (table: string, key: readonly string[], columns: readonly string[]): string =>
  `insert into ${table} (${[...key, ...columns].join(", ")})
  select ${rowsOf(key.length + columns.length)} from json_each(?) where true
  on conflict (${key.join(", ")}) do update set ${columns.map((name) => `${name} = excluded.${name}`).join(", ")}
  where excluded.seq >= ${table}.seq`;

const RUNS = upsert(
  "runs",
  ["school", "id"],
  [
    "automation",
    "version",
    "user",
    "status",
    "reason",
    "synchronous",
    '"trigger"',
    "event_id",
    "started_at",
    "ended_at",
    "wake_at",
    "steps",
    "logged_at",
    "seq",
  ],
);
const DELIVERIES = upsert(
  "deliveries",
  ["school", "id"],
  [
    "run",
    "automation",
    "step",
    "user",
    "channel",
    "status",
    "recipients",
    "content",
    "attempts",
    "idempotency_key",
    "created_at",
    "logged_at",
    "seq",
  ],
);
const USERS = upsert(
  "users",
  ["school", "id"],
  ["created_at", "email", "email_key", "username", "registered_at", "search", "next_wake", "seq"],
);
const WORDS = `insert or ignore into vocabulary (school, kind, key, value) select ${rowsOf(4)} from json_each(?)`;

/**
 * Marks and activity are written as differences: only where the user's row, written just before, is not newer. Rows:
 * school, user, seq, …
 */
const CURRENT = "value->>2 >= (select seq from users where users.school = value->>0 and users.id = value->>1)";
const MARKS_REMOVED = `delete from user_marks where (school, user, kind, value) in
  (select value->>0, value->>1, value->>3, value->>4 from json_each(?) where ${CURRENT})`;
const MARKS_ADDED = `insert or ignore into user_marks (school, user, kind, value)
  select value->>0, value->>1, value->>3, value->>4 from json_each(?) where ${CURRENT}`;
const ACTIVITY_REMOVED = `delete from activity where (school, user, scope, subject) in
  (select value->>0, value->>1, value->>3, value->>4 from json_each(?) where ${CURRENT})`;
const ACTIVITY = `insert or replace into activity (school, user, scope, subject, at)
  select value->>0, value->>1, value->>3, value->>4, value->>5 from json_each(?) where ${CURRENT}`;

/**
 * Whoever changes an automation finds its live runs in the log, which lags: it misses a run that is written just after.
 * So the writer looks too, and cron's next round wakes the users of live runs that their automation has left behind.
 */
const OVERTAKEN = `update users set next_wake = 0 where (school, id) in (
  select value->>0, value->>1 from json_each(?)
  left join automations on automations.school = value->>0 and automations.id = value->>2
  where automations.id is null or move_version > value->>3 or exit_revision > value->>4
    or (value->>5 = 'held' and active = 1))`;

const pair = (key: string): [string, string] => {
  // Written by the object as JSON [kind, value] or [scope, subject].
  const [first, second] = JSON.parse(key) as [string, string];
  return [first, second];
};

/** Writes what objects had for D1, many users in one transaction. */
export async function writeLog(env: Env, batches: readonly LogBatch[]): Promise<void> {
  const realNow = Date.now();
  const rows = (of: (batch: LogBatch) => unknown[][]): unknown[][] => batches.flatMap(of);
  const directory = (of: (known: NonNullable<LogBatch["directory"]>, batch: LogBatch) => unknown[][]): unknown[][] =>
    rows((batch) => (batch.directory ? of(batch.directory, batch) : []));
  const differences = (of: (known: NonNullable<LogBatch["directory"]>) => unknown[][]): unknown[][] =>
    directory((known, { school, user, seq }) => of(known).map((rest) => [school, user, seq, ...rest]));
  const tables: [sql: string, rows: unknown[][]][] = [
    [
      RUNS,
      rows(({ school, user, seq, runs }) =>
        runs.map((run) => [
          school,
          run.id,
          run.automation,
          run.version,
          user,
          run.status,
          run.reason,
          run.synchronous ? 1 : 0,
          JSON.stringify(run.trigger),
          run.eventId,
          run.startedAt,
          run.endedAt,
          run.waiting?.wakeAt ?? null,
          JSON.stringify(run.steps),
          realNow,
          seq,
        ]),
      ),
    ],
    [
      DELIVERIES,
      rows(({ school, user, seq, deliveries }) =>
        deliveries.map((one) => [
          school,
          one.id,
          one.run,
          one.automation,
          one.step,
          user,
          one.channel,
          one.status,
          JSON.stringify(one.to),
          JSON.stringify(one.content),
          JSON.stringify(one.attempts),
          one.key,
          one.createdAt,
          realNow,
          seq,
        ]),
      ),
    ],
    [
      WORDS,
      rows(({ school, words }) =>
        words.map(([kind, value]) => [school, kind, kind === "tag" ? value.toLowerCase() : value, value]),
      ),
    ],
    [
      USERS,
      directory((known, { school, user, seq }) => [
        [
          school,
          user,
          known.createdAt,
          known.email,
          known.email?.trim().toLowerCase() ?? null,
          known.username,
          known.registeredAt,
          [user, known.email, known.username].filter(Boolean).join("\n").toLowerCase(),
          known.nextWake,
          seq,
        ],
      ]),
    ],
    [
      OVERTAKEN,
      rows(({ school, user, runs }) =>
        runs.filter(isLive).map((run) => [school, user, run.automation, run.version, run.revision, run.status]),
      ),
    ],
    [MARKS_REMOVED, differences((known) => known.marksRemoved.map(pair))],
    [MARKS_ADDED, differences((known) => known.marksAdded.map(pair))],
    [ACTIVITY_REMOVED, differences((known) => known.activityRemoved.map(pair))],
    [ACTIVITY, differences((known) => known.activity.map(([key, at]) => [...pair(key), at]))],
  ];
  const statements = tables.flatMap(([sql, values]) => textsOf(values).map((text) => env.DB.prepare(sql).bind(text)));
  if (statements.length) await env.DB.batch(statements);
  for (const batch of batches) noteWords(batch);
}

/** Takes a user out of the directory and the log; `below`: only what was told of changes before that one. */
export async function eraseLog(env: Env, school: string, user: string, below = Number.MAX_SAFE_INTEGER): Promise<void> {
  await env.DB.batch(
    Object.entries(USERS_ROWS).map(([table, { column, isCounted }]) => {
      const sql = `delete from ${table} where school = ? and ${column} = ?`;
      return isCounted
        ? env.DB.prepare(`${sql} and seq < ?`).bind(school, user, below)
        : env.DB.prepare(sql).bind(school, user);
    }),
  );
}

/** Gives a lead's log to the user who took it over. */
export async function moveLog(env: Env, school: string, from: string, to: string): Promise<void> {
  await env.DB.batch([
    env.DB.prepare("update runs set user = ?3 where school = ?1 and user = ?2").bind(school, from, to),
    env.DB.prepare("update deliveries set user = ?3 where school = ?1 and user = ?2").bind(school, from, to),
  ]);
}
