import { sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { platformMail } from "../../connectors/mail/platform";
import { database } from "../../db/client";
import { findProblems, metUnsaid, QUOTA_NEAR } from "../../world/problems";
import { nowOf, type School } from "../../world/snapshot";
import { type Backlog, findBacklog, LATE_MS } from "./backlog";
import { findLateness, type LatenessOf } from "./lateness";
import { findNext, type Next } from "./next";

/*
 * How a school does, for those who run it: what is wrong and since when, what waits, what comes next. It reads what it
 * answers, and counts no further than a thousand.
 */

export interface HealthProblem {
  /** `email_not_set_up`, `lms_broken`, `automation_stopped` … */
  code: string;
  /** In words, for an admin. */
  message: string;
  /** Real time, ms; null: nobody knows any more. */
  since: number | null;
  /** How many are concerned: automations, deliveries, users, messages; of a connection, how often it was met at least. */
  count: number;
  /** The automations it is about, the first of them. */
  automations?: string[];
}

export interface Health {
  problems: HealthProblem[];
  backlog: Backlog;
  /** Null in a test school, whose clock is its own. */
  lateness: LatenessOf | null;
  /** What happens next by itself, the first of it. */
  next: Next[];
  /** What may become a problem, and what keeps the owners from being told of problems. */
  warnings: string[];
}

const NOT_MAILED =
  "Owners are not mailed when something is wrong: whoever runs this installation has set no PLATFORM_EMAIL.";

/** A connection is failing once it was met so often: one hiccup of a server is mended by the next try. */
const OFTEN = 3;
const MOST = 1_000;
/** So many stopped automations are named. */
const NAMED = 10;

export async function healthOf(env: Env, school: School): Promise<Health> {
  const now = nowOf(school);
  const [noted, stopped, dead, backlog, lateness, next] = await Promise.all([
    findProblems(env, school.id),
    stoppedAutomations(env, school.id),
    deadLetters(env, school.id),
    findBacklog(env, school.id, now),
    school.mode === "live" ? findLateness(env, school.id, now) : null,
    findNext(env, school.id, now),
  ]);
  // Told of at most once a minute: those since are known here, of this isolate.
  for (const one of noted) if (one.code === "quota_used_up") one.count += metUnsaid(school, one.code);
  const isUsedUp = noted.some(({ code }) => code === "quota_used_up");
  const near = noted.filter(({ code }) => code === QUOTA_NEAR && !isUsedUp).map(({ message }) => message);
  const connections = noted
    .filter(({ code }) => code !== QUOTA_NEAR)
    .filter(({ code, count }) => !code.endsWith("_failing") || count >= OFTEN)
    .map(({ code, message, since, count }): HealthProblem => ({ code, message, since, count }));
  return {
    problems: [...stopped, ...connections, ...late(backlog, now), ...dead],
    backlog,
    lateness,
    next,
    warnings: [...near, ...(platformMail(env) ? [] : [NOT_MAILED])],
  };
}

async function stoppedAutomations(env: Env, school: string): Promise<HealthProblem[]> {
  const rows = await database(env.DB).all<{ id: string; name: string; at: number | null }>(
    sql`select id, name, (select at from audit indexed by audit_by_subject
        where school = ${school} and subject = one.id and what = 'automation.stopped' order by id desc limit 1) as at
      from automations as one indexed by automations_stopped
      where school = ${school} and stopped_by = 'failures' and active = 0 and delete_at is null limit ${MOST}`,
  );
  const [first] = rows;
  if (!first) return [];
  const message =
    rows.length === 1
      ? `“${first.name}” has stopped itself: too many of its steps failed within an hour.`
      : `${rows.length} automations have stopped themselves: too many of their steps failed within an hour.`;
  const times = rows.flatMap(({ at }) => at ?? []);
  return [
    {
      code: "automation_stopped",
      message,
      since: times.length ? Math.min(...times) : null,
      count: rows.length,
      automations: rows.slice(0, NAMED).map(({ id }) => id),
    },
  ];
}

async function deadLetters(env: Env, school: string): Promise<HealthProblem[]> {
  const row = await database(env.DB).get<{ n: number; since: number | null }>(
    sql`select count(*) as n, min(since) as since from (select since from dead_letters indexed by dead_letters_of_school
      where school = ${school} limit ${MOST})`,
  );
  if (!row?.n) return [];
  const { n: count, since } = row;
  const message =
    count === 1
      ? "One task was given up after many tries. Whoever runs this installation can have it tried again."
      : `${count} tasks were given up after many tries. Whoever runs this installation can have them tried again.`;
  return [{ code: "dead_letters", message, since, count }];
}

function late({ deliveries, waits }: Backlog, now: number): HealthProblem[] {
  const problem = (code: string, { oldest: since, count }: Backlog["waits"], before: number, message: string) =>
    since !== null && since < before ? [{ code, message, since, count }] : [];
  return [
    ...problem(
      "deliveries_late",
      deliveries,
      now - LATE_MS.deliveries,
      "Deliveries have been waiting to leave for more than an hour: what they go to may not answer.",
    ),
    ...problem(
      "waits_late",
      waits,
      now - LATE_MS.waits,
      "Learners’ next steps are overdue: there is more to do than is being done.",
    ),
  ];
}
