import type { LogBatch } from "../../calls/batch";
import type { LoggedRun, StepLog } from "../../engine/types";
import { keptSince, schoolClock } from "../../world/kept";
import { type LogStatement, statement } from "./statement";

/*
 * How many runs there are of each kind is counted as they are written, in the same transaction: what a row that stands
 * there counted for goes, what the one that replaces it counts for comes. Nobody ever counts the log.
 *
 * Counted is what ended, whatever becomes of its row (retention and erasure leave the counts, which are about nobody),
 * and what is live. A live run of somebody erased will never end: it counts for nothing any more.
 *
 * What did nothing counts beside that for why, as `skipped:no_consent`; but that all was so already (`already_held`): it is
 * what most steps of returning learners come to, and a counter of its own would be a row a batch more.
 */

export const SKIPPED_FOR = "skipped:";
/** The catalogue's own words alone: what others said could be about somebody, and the counts are about nobody. */
const REASON = /^(?!already_)[a-z_]{1,64}$/;
const isReason = (text: string): string =>
  `${text} <> '' and length(${text}) <= 64 and ${text} not glob '*[^a-z_]*' and ${text} not glob 'already_*'`;

/**
 * What rows `(school, automation, id, status, steps, n)` of a table count for, each n times: once under its status with
 * an empty step; at every step, and in each round of a `repeat`, it came to once as entered, and for each entry of its
 * log there, of what did nothing for why, too.
 */
const countedFor = (rows: string): string => {
  const steps = `${rows}, json_each(${rows}.steps) as step`;
  return `select school, automation, '' as step, status, n from ${rows}
    union all select school, automation, step, 'entered', n
      from (select distinct school, automation, ${rows}.id, n, step.value->>'step_id' as step, step.value->>'round'
        from ${steps})
    union all select school, automation, step.value->>'step_id', step.value->>'status', n from ${steps}
    union all select school, automation, step.value->>'step_id', step.value->>'$.detail.branch', n from ${steps}
      where step.value->>'$.detail.branch' in ('yes', 'no')
    union all select school, automation, step.value->>'step_id',
        '${SKIPPED_FOR}' || (step.value->>'$.detail.reason'), n
      from ${steps} where step.value->>'status' = 'skipped' and ${isReason("(step.value->>'$.detail.reason')")}`;
};

const summed = (rows: string): string => `select school, automation, step, status, sum(n) as n
  from (${countedFor(rows)}) where true group by 1, 2, 3, 4 having sum(n) <> 0`;

/**
 * A deleted automation's counts are gone, whatever its runs still come to: also where another was made under its id since.
 */
export const hasAutomation = (rows: string): string => `exists
  (select 1 from automations where automations.school = ${rows}.school and automations.id = ${rows}.automation
    and automations.created_at <= ${rows}.started_at)`;

/**
 * Whether a run ended before all that its school keeps. Told of for the first time it would be deleted at once; mostly it
 * was counted and deleted long ago, and its object has forgotten that D1 heard of it.
 */
export const isTooOld = (read: Readonly<Record<"school" | "endedAt" | "realNow", string>>): string =>
  `exists (select 1 from schools where schools.id = ${read.school}
    and ${read.endedAt} < ${keptSince(schoolClock(read.realNow))})`;

/** Of the log of a run, what it counts for. */
const counting = ({ step_id, status, round, detail }: StepLog): Partial<StepLog> => {
  const { branch, reason } = detail ?? {};
  const told = {
    ...(branch === "yes" || branch === "no" ? { branch } : {}),
    ...(status === "skipped" && typeof reason === "string" && REASON.test(reason) ? { reason } : {}),
  };
  return { step_id, status, ...(round ? { round } : {}), ...(Object.keys(told).length ? { detail: told } : {}) };
};

const TOLD = { school: "told.school", endedAt: "told.ended_at", realNow: "told.real_now" };

/** Stands before the runs are written, and passes over those that D1 has as new or newer: told twice is counted once. */
export const COUNTS: LogStatement = statement(
  ({ school, seq, ended, live }: LogBatch, realNow) =>
    [...ended, ...live].map((run: LoggedRun) => ({ school, seq, realNow, ...run })),
  {
    school: ({ school }) => school,
    id: ({ id }) => id,
    automation: ({ automation }) => automation,
    status: ({ status }) => status,
    startedAt: ({ startedAt }) => startedAt,
    endedAt: ({ endedAt }) => endedAt,
    realNow: ({ realNow }) => realNow,
    steps: ({ steps }) => JSON.stringify(steps.map(counting)),
    seq: ({ seq }) => seq,
  },
  (read) => `insert into run_counts (school, automation, step, status, n)
    with told as materialized (
      select ${read.school} as school, ${read.id} as id, ${read.automation} as automation, ${read.status} as status,
        ${read.startedAt} as started_at, ${read.endedAt} as ended_at, ${read.realNow} as real_now,
        ${read.steps} as steps, max(${read.seq}) as seq
      from json_each(?) group by 1, 2),
    changed as materialized (
      select told.*, coalesce(live_runs.status, runs.status) as status_before,
        coalesce(live_runs.steps, runs.steps) as steps_before
      from told
        left join runs on runs.school = told.school and runs.id = told.id
        left join live_runs on live_runs.school = told.school and live_runs.automation = told.automation
          and live_runs.id = told.id
      where told.seq > max(coalesce(runs.seq, -1), coalesce(live_runs.seq, -1)) and ${hasAutomation("told")}
        and (coalesce(live_runs.status, runs.status) is not null or not ${isTooOld(TOLD)})),
    moved as materialized (
      select school, automation, id, status, steps, 1 as n from changed
      union all select school, automation, id, status_before, steps_before, -1 from changed
        where status_before is not null)
    ${summed("moved")}
    on conflict (school, automation, step, status) do update set n = run_counts.n + excluded.n`,
);

const uncounting = (which: string): string => `with gone as materialized (
        select school, automation, id, status, steps, -1 as n from live_runs indexed by live_runs_by_user
        where school = ? and user = ? and ${which} and ${hasAutomation("live_runs")})
      update run_counts set n = run_counts.n + less.n from (${summed("gone")}) as less
        where run_counts.school = less.school and run_counts.automation = less.automation
          and run_counts.step = less.step and run_counts.status = less.status`;

/** Takes back what a user's live runs count for, before they go; `below`: those told of changes before that one. */
export const uncountLive = (db: D1Database, school: string, user: string, below: number): D1PreparedStatement =>
  db.prepare(uncounting("seq < ?")).bind(school, user, below);

const NOT_THERE = "id not in (select value from json_each(?))";

/** Takes away a user's live runs but those of these ids, with what they count for. */
export const dropLiveBut = (db: D1Database, school: string, user: string, live: readonly string[]) =>
  [
    uncounting(NOT_THERE),
    `delete from live_runs indexed by live_runs_by_user where school = ? and user = ? and ${NOT_THERE}`,
  ].map((text) => db.prepare(text).bind(school, user, JSON.stringify(live)));
