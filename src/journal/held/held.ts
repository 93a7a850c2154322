import type { Env } from "../../base/env";
import { textsOf } from "../../base/json";
import type { LoggedIds } from "../../calls/user";
import { addressKey } from "../../catalogue/account/email";
import { logOf, openLogOf } from "../../db/log";
import { uncountLive } from "../tables/counts";
import { KEPT_ANSWERS } from "./answers";
import { eraseParts, erasePast, MARKS, readParts, readPast, rememberRuns } from "./evidence";
import type { Erased, Held, Whose } from "./whose";

/*
 * What D1 holds of a user, table by table: the one list that the export, the erasure and the test of both go by. All
 * else in D1 is the school's own, its vocabulary too, and the file of a job while the job runs.
 */

/**
 * Where rows of activity stand: those without a subject by the times in the user's line, the others by an index. As one
 * list, since of a union the database makes a scan of the table.
 */
const activityOf = (line: string): string => `activity where (school, scope, at, user, subject) in (
  select ?1, value->>0, value->>1, ?2, value->>2 from json_each((
    select json_group_array(json_array(scope, at, subject)) from (
      select 'school' as scope, seen_at as at, '' as subject from ${line}
      union all select 'app', app_seen_at, '' from ${line}
      union all select scope, at, subject from activity indexed by activity_by_subject
        where school = ?1 and user = ?2 and subject <> ''))))`;

const LINE = "users where school = ?1 and id = ?2";
const ownIn = (table: string, index = ""): string => `${table} ${index} where school = ?1 and user = ?2`;
const BELOW = "and seq < ?3";

/** The words of the user's line: they are its own, so that none is looked for in vain. */
const WORDS = `users, json_each('[' || replace(json_quote(replace(search, char(10), ' ')), ' ', '","') || ']') as word
  join user_words on user_words.school = ?1 and user_words.word = word.value and user_words.user = ?2
  where users.school = ?1 and users.id = ?2`;

/**
 * The tables whose rows are each of one user, with what finds them, school `?1` and user `?2`; `older`: those that tell of
 * a change before `?3`, where rows have the `seq` they tell of. What is found by another table goes before that does.
 */
const USERS_ROWS = {
  user_marks: { all: MARKS, older: null },
  roster_records: { all: ownIn("roster_records"), older: null },
  activity: { all: activityOf(LINE), older: activityOf(`${LINE} ${BELOW}`) },
  live_runs: counted(ownIn("live_runs", "indexed by live_runs_by_user")),
  learnworlds_seen: { all: ownIn("learnworlds_seen"), older: null },
  unmapped_messages: { all: ownIn("unmapped_messages", "indexed by unmapped_messages_by_user"), older: null },
  dead_letters: { all: ownIn("dead_letters"), older: null },
  users: counted(LINE),
} as const;

function counted(all: string) {
  return { all, older: `${all} ${BELOW}` };
}

/** What takes a user's rows in the main database away; `below`: where they are counted, those that tell of changes before that one. */
export const erasingRows = (db: D1Database, school: string, user: string, below: number): D1PreparedStatement[] =>
  Object.entries(USERS_ROWS).flatMap(([table, { all, older }]) => {
    if (table === "live_runs") return [];
    return older === null
      ? db.prepare(`delete from ${all}`).bind(school, user)
      : db.prepare(`delete from ${older}`).bind(school, user, below);
  });

/** The same of live runs, where the log lies. */
export const erasingLive = (log: D1Database, school: string, user: string, below: number): D1PreparedStatement =>
  log.prepare(`delete from ${USERS_ROWS.live_runs.older}`).bind(school, user, below);

/** What takes a user's line out of the directory, with all that it is found by. */
export const erasingLine = (db: D1Database, school: string, user: string): D1PreparedStatement[] =>
  (["user_marks", "roster_records", "activity", "users"] as const).map((table) =>
    db.prepare(`delete from ${USERS_ROWS[table].all}`).bind(school, user),
  );

/** What takes away all that a user's line is found by but the line itself: what of it still holds is written anew. */
export const erasingFinds = (db: D1Database, school: string, user: string): D1PreparedStatement[] => [
  ...(["user_marks", "roster_records"] as const).map((table) =>
    db.prepare(`delete from ${USERS_ROWS[table].all}`).bind(school, user),
  ),
  db
    .prepare("delete from activity indexed by activity_by_subject where school = ? and user = ? and subject <> ''")
    .bind(school, user),
];

/**
 * Rows of the log, `?1` the school, `?2` the user, `?3` ids: they are found by what the user's object knows, and those
 * of before objects kept it by an index of their own. A list of ids, since of an `or`, and of whole keys put together by a
 * `union`, the database makes a scan.
 */
const loggedWhere = (table: keyof LoggedIds): string => `where school = ?1 and id in (
    select value from json_each(?3)
    union all select id from ${table} indexed by ${table}_unkept where school = ?1 and user = ?2 and unkept = 1
  ) and user = ?2`;
const loggedIn = (table: keyof LoggedIds): string => `${table} ${loggedWhere(table)}`;

const LOGGED = ["runs", "deliveries"] as const;

/** What gives rows of the log to another user. */
export const movingLog = (
  db: D1Database,
  { school, id, logged }: Pick<Whose, "school" | "id" | "logged">,
  to: string,
): D1PreparedStatement[] =>
  LOGGED.flatMap((table) =>
    inTexts(logged[table]).map((ids) =>
      db.prepare(`update ${table} set user = ?4 ${loggedWhere(table)}`).bind(school, id, ids, to),
    ),
  );

/**
 * What gives the rest of a user's rows to another. A place by a key that both had is free again; of what LearnWorlds told
 * of the one nothing follows for the other.
 */
export const movingRows = (db: D1Database, school: string, from: string, to: string): D1PreparedStatement[] => [
  db.prepare("update or ignore self_enrolments set user = ?3 where school = ?1 and user = ?2").bind(school, from, to),
  db.prepare("delete from self_enrolments where school = ?1 and user = ?2").bind(school, from),
  db.prepare("delete from learnworlds_seen where school = ?1 and user = ?2").bind(school, from),
  db
    .prepare(
      "update unmapped_messages indexed by unmapped_messages_by_user set user = ?3 where school = ?1 and user = ?2",
    )
    .bind(school, from, to),
  db.prepare("update forgettings set user = '' where school = ?1 and user = ?2").bind(school, from),
];

/** What takes rows of the log away; `below`: those that tell of changes before that one. */
export const erasingLog = (
  db: D1Database,
  { school, id, logged }: Pick<Whose, "school" | "id" | "logged">,
  below: number,
): D1PreparedStatement[] =>
  LOGGED.flatMap((table) =>
    inTexts(logged[table]).map((ids) =>
      db.prepare(`delete from ${loggedIn(table)} and seq < ?4`).bind(school, id, ids, below),
    ),
  );

/** Ids as texts that D1 takes; one at least. */
const inTexts = (ids: readonly string[]): string[] => (ids.length ? textsOf(ids) : ["[]"]);

const loggedOf = (table: keyof LoggedIds): Held => ({
  isInLog: true,
  read: (db, { school, id, logged }) =>
    inTexts(logged[table]).map((ids) => db.prepare(`select * from ${loggedIn(table)}`).bind(school, id, ids)),
  erase: (db, { school, id, logged }) =>
    inTexts(logged[table]).map((ids) => db.prepare(`delete from ${loggedIn(table)}`).bind(school, id, ids)),
});

const rowsOf = (table: keyof typeof USERS_ROWS): Held => {
  const { all } = USERS_ROWS[table];
  return {
    read: (db, { school, id }) => [db.prepare(`select * from ${all}`).bind(school, id)],
    erase: (db, { school, id }) => [db.prepare(`delete from ${all}`).bind(school, id)],
  };
};

const DONE_BY_HAND = `audit indexed by audit_by_subject
  where school = ?1 and subject = ?2 and what >= 'user.' and what < 'user/'`;

const SUPPRESSED = "suppressions where school = ?1 and key in (select value from json_each(?2))";
const keysOfEmails = ({ emails }: Whose): string => JSON.stringify(emails.map(addressKey));

/** Jobs that name users at all in what they tell: most that ended well do not. */
const TELLING = "jobs indexed by jobs_telling";
const TELLS = "school = ?1 and (errors <> '[]' or found is not null)";

const held = {
  // Before the marks, which tell of what the user is in.
  past_members: {
    read: readPast,
    erase: erasePast,
  },
  evidence_parts: { read: readParts, erase: eraseParts },
  user_marks: rowsOf("user_marks"),
  roster_records: rowsOf("roster_records"),
  activity: rowsOf("activity"),
  runs: loggedOf("runs"),
  live_runs: { isInLog: true, ...rowsOf("live_runs") },
  deliveries: loggedOf("deliveries"),
  learnworlds_seen: rowsOf("learnworlds_seen"),
  unmapped_messages: rowsOf("unmapped_messages"),
  dead_letters: rowsOf("dead_letters"),
  // Go with the line that they are made of.
  user_words: {
    read: (db, { school, id }) => [db.prepare(`select distinct user_words.* from ${WORDS}`).bind(school, id)],
    erase: () => [],
  },
  users: rowsOf("users"),
  self_enrolments: {
    read: (db, { school, id }) => [db.prepare(`select * from ${ownIn("self_enrolments")}`).bind(school, id)],
    erase: (db, { school, id }) => [db.prepare(`delete from ${ownIn("self_enrolments")}`).bind(school, id)],
  },
  forgettings: {
    read: (db, { school, id }) => [db.prepare(`select * from ${ownIn("forgettings")}`).bind(school, id)],
    // Where it had come to stays, and those are reminded again whose last visit was then.
    erase: (db, { school, id }) => [
      db.prepare("update forgettings set user = '' where school = ?1 and user = ?2").bind(school, id),
    ],
  },
  // What was done by hand to the user. That they were erased stays, by a pseudonym.
  audit: {
    read: (db, { school, id }) => [db.prepare(`select * from ${DONE_BY_HAND}`).bind(school, id)],
    erase: (db, { school, id }) => [db.prepare(`delete from ${DONE_BY_HAND}`).bind(school, id)],
  },
  // Of an address that somebody else has too it is known no more either: whoever erases asks for that.
  suppressions: {
    read: (db, whose) => [db.prepare(`select * from ${SUPPRESSED}`).bind(whose.school, keysOfEmails(whose))],
    erase: (db, whose) => [db.prepare(`delete from ${SUPPRESSED}`).bind(whose.school, keysOfEmails(whose))],
  },
  idempotency: KEPT_ANSWERS,
  jobs: {
    read: (db, { school, id }) => [
      db
        .prepare(
          `select jobs.id, kind, created_at, value as error from ${TELLING} cross join json_each(errors)
             where ${TELLS} and value ->> 'user' = ?2
           union all select jobs.id, kind, created_at, null from ${TELLING} cross join json_each(found, '$.users')
             where ${TELLS} and value = ?2`,
        )
        .bind(school, id),
    ],
    erase: (db, { school, id }) => [
      db
        .prepare(
          `update ${TELLING} set
             errors = (select json_group_array(json(value)) from json_each(errors) where value ->> 'user' is not ?2),
             found = case when found is not null then json_set(found, '$.users',
               (select json_group_array(value) from json_each(found, '$.users') where value <> ?2)) end
           where ${TELLS} and (exists (select 1 from json_each(errors) where value ->> 'user' = ?2)
             or exists (select 1 from json_each(found, '$.users') where value = ?2))`,
        )
        .bind(school, id),
    ],
  },
} satisfies Record<string, Held>;

/** Tables of D1 that hold something of users. */
export type HeldTable = keyof typeof held;
export const HELD: Readonly<Record<HeldTable, Held>> = held;

/** All rows that D1 holds of a user, by table. */
export async function readHeld(env: Env, whose: Whose): Promise<Record<string, Record<string, unknown>[]>> {
  const log = await logOf(env, whose.school);
  const readFrom = async (db: D1Database, tables: readonly (readonly [string, Held])[]) => {
    const statements = tables.map(([, held]) => held.read(db, whose));
    const results = await db.batch<Record<string, unknown>>(statements.flat());
    return tables.map(([table, { part }], index) => {
      const read = results.splice(0, statements[index]?.length ?? 0);
      const rows = read.flatMap((one) => one.results);
      return [table, part ? rows.flatMap((row) => part(row, whose)) : rows] as const;
    });
  };
  const tables = Object.entries(HELD);
  // What lies together is read at one moment.
  if (log === env.DB) return Object.fromEntries(await readFrom(log, tables));
  const [inLog, others] = await Promise.all([
    readFrom(log, tables.filter(isInLog)),
    readFrom(env.DB, tables.filter(isElsewhere)),
  ]);
  return Object.fromEntries([...inLog, ...others]);
}

const isInLog = ([, held]: readonly [string, Held]): boolean => held.isInLog === true;
const isElsewhere = (one: readonly [string, Held]): boolean => !isInLog(one);

/**
 * Erases all of it in one transaction, or of a log that lies elsewhere that first. After a crash everything is still
 * there, also the row that a second try finds the user by.
 */
export async function eraseHeld(env: Env, whose: Erased): Promise<void> {
  const log = await openLogOf(env, whose.school);
  const erasing = (db: D1Database, tables: readonly (readonly [string, Held])[]) =>
    tables.flatMap(([, held]) => held.erase(db, whose));
  const tables = Object.entries(HELD);
  if (whose.presences === null) await rememberRuns(env.DB, log, whose, "live_runs indexed by live_runs_by_user");
  const uncounting = uncountLive(log, whose.school, whose.id, Number.MAX_SAFE_INTEGER);
  if (log === env.DB) return void (await log.batch([uncounting, ...erasing(log, tables)]));
  await log.batch([uncounting, ...erasing(log, tables.filter(isInLog))]);
  await env.DB.batch(erasing(env.DB, tables.filter(isElsewhere)));
}

/**
 * Erases a user's log whose object has forgotten it already: an erasure that was cut off between the two. It reads all
 * of the school's, as no index finds them.
 */
export async function eraseForgotten(
  env: Env,
  gone: Pick<Erased, "school" | "id" | "pseudonym" | "at">,
): Promise<void> {
  const { school, id: user } = gone;
  const log = await openLogOf(env, school);
  await rememberRuns(env.DB, log, gone, "runs");
  const from = (table: keyof LoggedIds) => log.prepare(`delete from ${ownIn(table)}`).bind(school, user);
  await log.batch([from("runs"), from("deliveries")]);
}
