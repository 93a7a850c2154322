import { DIGITS, TIME_DIGITS } from "../engine/identity";
import { EVIDENCE_DAYS, evidenceSince, KEEPS_EVIDENCE, KEPT_DAYS, keptSince, schoolClock } from "../world/kept";

/*
 * What schools keep for a time only. Which schools have any of it that is too old is one look for many of them, from which
 * only those that have are gone over: `schools` stands in it for each school. `?1`: the clock on the wall, ms.
 */

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

const SCHOOL_CLOCK = schoolClock("?1");
/** Before when a school keeps nothing. */
const SINCE = keptSince(SCHOOL_CLOCK);
/** For what is written down by the clock on the wall, in test schools too. */
const REAL_TIME = keptSince("?1");
/** The day from which on it is known what was used, by the clock on the wall. */
export const USAGE_SINCE = `date(?1 / 1000, 'unixepoch', '-${DAY_COUNTS_DAYS} days')`;

/** The schools `?3` that are gone over, in whose order their rows are found: left to itself, the database goes through a table. */
const ASKED = "json_each(?3) as asked cross join schools on schools.id = asked.value";

/** Rows of a table that one school keeps no more. */
interface Old {
  table: string;
  /** What tells a school's rows apart. */
  key: string;
  /** What a row is called: `few` where a school has few of them, which no index sorts by age. */
  as?: "few";
  /** Of which a row is old, by that name; `schools` is its school. */
  where: string;
}

const nameOf = (old: Pick<Old, "as">): string => old.as ?? "one";
const keyOf = (old: Old): string => old.key.replaceAll(/\w+/g, `${nameOf(old)}.$&`);

/** Deletes rows of a table by their key, at most `?2`, of some schools in one statement. */
const deleting = ({ table, key }: Pick<Old, "table" | "key">, old: string): string =>
  `delete from ${table} where (school, ${key}) in (${old} limit ?2)`;
const oldRows = (old: Old): string => `select ${nameOf(old)}.school, ${keyOf(old)} from ${ASKED}
  cross join ${old.table} as ${nameOf(old)} on ${nameOf(old)}.school = schools.id and ${old.where}`;
const deletingOld = (old: Old): string => deleting(old, oldRows(old));

/** Whether a school has such. */
const has = (old: Pick<Old, "table" | "where" | "as">): string =>
  `exists (select 1 from ${old.table} as ${nameOf(old)} where ${nameOf(old)}.school = schools.id and ${old.where})`;

/** What ids made at a moment or later come after: `idsFrom` in SQL. */
const idsFrom = (prefix: "run" | "dlv", at: string): string => {
  const digits = Array.from(
    { length: TIME_DIGITS },
    (_, place) => `substr('${DIGITS}', 1 + (max(0, ${at}) >> ${5 * (TIME_DIGITS - 1 - place)}) % 32, 1)`,
  );
  return `'${prefix}_' || ${digits.join(" || ")}`;
};

/** What has an id of ours, which sorts by when it began: only what began before is looked at. */
interface OldById {
  table: string;
  prefix: "run" | "dlv";
  where: (since: string) => string;
}
const RUNS: OldById = { table: "runs", prefix: "run", where: (since) => `one.ended_at < ${since}` };
const DELIVERIES: OldById = {
  table: "deliveries",
  prefix: "dlv",
  where: (since) => `one.created_at < ${since} and one.status <> 'queued'`,
};

const begunBefore = ({ table, prefix, where }: OldById, whose = "true", what = "one.id"): string =>
  `with kept as materialized (select schools.id as school, ${SINCE} as since from ${ASKED} and ${whose}),
    ids as materialized (select school, since, ${idsFrom(prefix, "since")} as first from kept)
  select one.school, ${what} from ids cross join ${table} as one on one.school = ids.school and one.id < ids.first
    where ${where("since")}`;
const deletingBegun = (old: OldById): string => deleting({ table: old.table, key: "id" }, begunBefore(old));
const hasBegun = ({ table, prefix, where }: OldById): string =>
  has({ table, where: `one.id < ${idsFrom(prefix, SINCE)} and ${where(SINCE)}` });

const DAY_COUNTS: Old = {
  table: "day_counts",
  key: "day, automation",
  where: `one.day < date(${SCHOOL_CLOCK} / 1000, 'unixepoch', '-${DAY_COUNTS_DAYS} days')`,
};
const USAGE: Old = { table: "usage", key: "day", where: `one.day < ${USAGE_SINCE}` };
const AUDIT: Old = { table: "audit", key: "id", where: `one.at < ${REAL_TIME}` };
const JOBS: Old = {
  table: "jobs",
  key: "id",
  where: `one.created_at < ${REAL_TIME} and one.status not in ('queued', 'running')`,
};
const PAST_MEMBERS: Old = {
  table: "past_members",
  key: "kind, value, user",
  where: `one.at < ${evidenceSince(SCHOOL_CLOCK)}`,
};
const DEAD_LETTERS: Old = {
  table: "dead_letters",
  key: "user, kind, subject",
  as: "few",
  where: `${KEPT_DAYS} < ${DEAD_LETTER_DAYS} and few.at < ${REAL_TIME}`,
};
const UNMAPPED: Old = { table: "unmapped", key: "format, name", as: "few", where: `few.last_at < ${REAL_TIME}` };

/**
 * What a school was is kept as long as its users' journals, which are told again by it when they go, and as evidence is;
 * and longer by what journals may be late. A row is needed for the stamps before its own; the newest that is old enough stays, and says from which stamp on the past is known:
 * so the oldest go first, by the key. Stamps grow with time, so the look for the first that is too new begins at the oldest and meets only what is due.
 */
const HISTORY: Old = {
  table: "school_history",
  key: "stamp, kind, id",
  where: `one.stamp < (select max(old.stamp) from school_history as old where old.school = schools.id
    and old.stamp < coalesce((select new.stamp from school_history as new where new.school = schools.id
      and new.at >= ${SCHOOL_CLOCK} - ${DAY_MS} * (${LATE_JOURNAL_DAYS} + max(${EVIDENCE_DAYS}, ${MIN_JOURNAL_DAYS}))
      order by new.stamp limit 1), ${Number.MAX_SAFE_INTEGER}))`,
};
export const OLD_HISTORY = oldRows(HISTORY);

const OLD_JOBS = oldRows(JOBS);
const OLD_PARTS = `select one.school, one.job, one.file, one.user, one.n from (${OLD_JOBS}) as old
  cross join evidence_parts as one on one.school = old.school and one.job = old.id`;
const OLD_WITHOUT_PARTS = `${OLD_JOBS} and not exists
  (select 1 from evidence_parts as part where part.school = one.school and part.job = one.id)`;

/**
 * Whose runs go, where evidence is kept longer than they are. In the order of the statement that deletes them, and of
 * these schools alone: whatever that takes of theirs is among it.
 */
export const RUNS_TO_REMEMBER = `select school, 'automation' as kind, automation as value, user, max(ended_at) as at from (
    ${begunBefore(RUNS, KEEPS_EVIDENCE, "one.automation, one.user, one.ended_at")} limit ?2)
  group by school, automation, user`;

/** What of the log is kept for a time only, in the main database and in shards. */
export const LOG_DELETIONS = [
  deletingBegun(RUNS),
  deletingBegun(DELIVERIES),
  deletingOld(DAY_COUNTS),
  deletingOld(USAGE),
];
const HAS_OLD_LOG = [hasBegun(RUNS), hasBegun(DELIVERIES), has(DAY_COUNTS), has(USAGE)].join("\n    or ");

/** What else is. */
export const DELETIONS = [
  deletingOld(AUDIT),
  deleting({ table: "job_chunks", key: "job" }, OLD_JOBS),
  deleting({ table: "evidence_parts", key: "job, file, user, n" }, OLD_PARTS),
  deletingOld(PAST_MEMBERS),
  deleting(JOBS, OLD_WITHOUT_PARTS),
  deletingOld(HISTORY),
  deletingOld(DEAD_LETTERS),
  deletingOld(UNMAPPED),
];
const HAS_OLD = [AUDIT, JOBS, PAST_MEMBERS, HISTORY, DEAD_LETTERS, UNMAPPED].map(has).join("\n    or ");

/** What is settled meanwhile may be older by then than what began since. */
const COMES_OLD = [
  ...[hasBegun(RUNS), hasBegun({ ...DELIVERIES, where: (since) => `one.created_at < ${since}` })],
  ...[DAY_COUNTS, USAGE].map(has),
].join("\n    or ");
const SOON = [AUDIT, { ...JOBS, where: `one.created_at < ${REAL_TIME}` }, PAST_MEMBERS, HISTORY, DEAD_LETTERS, UNMAPPED]
  .map(has)
  .join("\n    or ");

/** For so many days a school is let alone where nothing will be too old by then: for less it is asked, which costs less than to say so. */
const LET_ALONE_DAYS = [30, 7, 1];
/** Less than it keeps anything: what comes meanwhile is not too old by then. */
const daysOf = (most: number): string => `max(1, min(${most}, ${KEPT_DAYS} - 1))`;
const letAlone = (isOld: string): string =>
  LET_ALONE_DAYS.map((most) => {
    const by = isOld.replaceAll("?1", `(?1 + ${DAY_MS} * ${daysOf(most)})`);
    return `when not (${by}) then ${daysOf(most)}`;
  }).join("\n    ");

/** Which of some schools have something that they keep no more, and for how many days the others are let alone: `?1` is real time. */
const looking = (schools: string, isOld: string, isSoon: string, more = ""): string =>
  `select schools.id, ${isOld} as isOld${more}, case ${letAlone(isSoon)} else 0 end as days from ${schools}`;
/** Of those whose moment has come: behind `(?2, ?3)`, up to `(?4, ?5)`, `?6` of them. */
export const looks = (isAway: string): string =>
  looking(
    `(select school, at from school_ages indexed by school_ages_by_time
      where at <= ?1 and (at, school) > (?2, ?3) and (at, school) <= (?4, ?5) order by at, school limit ?6) as due
    cross join schools on schools.id = due.school order by due.at, due.school`,
    `${HAS_OLD_LOG}\n    or ${HAS_OLD}`,
    `${COMES_OLD}\n    or ${SOON}\n    or ${isAway}`,
    `, ${isAway} as isAway, due.at`,
  );
/** The same in a shard of the log, of schools `?2`. */
export const LOOKS_IN_LOG = looking(
  "json_each(?2) as asked cross join schools on schools.id = asked.value",
  HAS_OLD_LOG,
  COMES_OLD,
);
