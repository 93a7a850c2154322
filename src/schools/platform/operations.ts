import type { Env } from "../../base/env";
import { logsOf } from "../../db/log";
import { appliedMigration } from "../../db/migrated";
import { MENDED_AFTER_MS, PASSES, PAST_MS, QUOTA_NEAR } from "../../world/problems";

/* How schools do, for whoever runs the installation: counted by indexes, a thousand of each at most. */

export interface Operations {
  /** Deliveries on their way out, and users whose next step is overdue. */
  queued: number;
  overdue: number;
  /** Jobs that are not done. */
  jobs: number;
  deadLetters: number;
  /** What is wrong with it as a whole, by code: `lms_broken`, `email_failing`, `quota_used_up`. */
  connections: string[];
}

const MOST = 1_000;
const OVERDUE_MS = 60_000;

const counted = (from: string) => `(select count(*) from (select 1 from ${from} limit ${MOST}))`;

/** `?1`: ids of schools, `?2`: the time, ms. */
export const OPERATIONS = `select schools.id as school,
    ${counted(
      `users indexed by users_by_wake where school = schools.id
        and next_wake <= coalesce(schools.now, ?2) - ${OVERDUE_MS}`,
    )} as overdue,
    ${counted("dead_letters indexed by dead_letters_of_school where school = schools.id")} as deadLetters,
    (select json_group_array(code) from school_problems where school = schools.id and at >= ?2 - ${PAST_MS}
      and not (coalesce(worked_at, 0) > at)
      and code <> '${QUOTA_NEAR}' and (code <> '${PASSES}' or at >= ?2 - ${MENDED_AFTER_MS})) as connections
  from json_each(?1) as asked cross join schools on schools.id = asked.value`;

/** `?1`: ids of schools. */
export const QUEUED = `select asked.value as school,
    ${counted("deliveries indexed by deliveries_queued where school = asked.value and status = 'queued'")} as n
  from json_each(?1) as asked`;

/** Unfinished ones are few, of all schools together. */
export const JOBS = `select school, count(*) as n from jobs indexed by jobs_unfinished
  where status in ('queued', 'running') group by school`;

interface Row extends Omit<Operations, "connections" | "jobs" | "queued"> {
  school: string;
  connections: string;
}

async function queuedIn(env: Env, schools: readonly string[]): Promise<Map<string, number>> {
  const found = await Promise.all(
    [...(await logsOf(env, schools))].map(([log, ids]) =>
      log.prepare(QUEUED).bind(JSON.stringify(ids)).all<{ school: string; n: number }>(),
    ),
  );
  return new Map(found.flatMap(({ results }) => results.map(({ school, n }) => [school, n] as const)));
}

/** How these schools do, by their ids. */
export async function operationsOf(env: Env, schools: readonly string[]): Promise<Map<string, Operations>> {
  const [rows, jobs, queued] = await Promise.all([
    env.DB.prepare(OPERATIONS).bind(JSON.stringify(schools), Date.now()).all<Row>(),
    env.DB.prepare(JOBS).all<{ school: string; n: number }>(),
    queuedIn(env, schools),
  ]);
  const unfinished = new Map(jobs.results.map(({ school, n }) => [school, n]));
  return new Map(
    rows.results.map(({ school, connections, ...row }) => {
      // A list of our own codes, made by the statement.
      const codes = JSON.parse(connections) as string[];
      return [
        school,
        { ...row, queued: queued.get(school) ?? 0, connections: codes, jobs: unfinished.get(school) ?? 0 },
      ];
    }),
  );
}

export interface Release {
  /** Of the deployed Worker; null: it runs where none is told. */
  version: string | null;
  /** When that was deployed; null likewise. */
  at: string | null;
  /** The last migration that is applied. */
  migration: string | null;
}

/** What runs. */
export async function releaseOf(env: Env): Promise<Release> {
  const { RELEASE } = env;
  return {
    version: RELEASE ? RELEASE.tag || RELEASE.id : null,
    at: RELEASE?.timestamp || null,
    migration: await appliedMigration(env),
  };
}
