import type { Env } from "../../base/env";
import { localDate } from "../../catalogue/dates/time";
import { logOf } from "../../db/log";
import { nowOf, type School } from "../../world/snapshot";

/** What happened on a day, by the school's calendar. */
export interface DayFigures {
  /** "2026-11-27" */
  date: string;
  /** Runs begun. */
  runs: number;
  /** Mails that left, and those that failed, which are no part of them. */
  mails: number;
  failed: number;
  /** Of the mails that left that day: how many came back for good, then or since. */
  bounced: number;
}

/** So many rows of a school's days are summed: with very many automations its first days show nothing. */
const ROWS = 20_000;

export const SCHOOL_DAYS = `select day as date, sum(runs) as runs, sum(mails) as mails, sum(failed) as failed, sum(bounced) as bounced from
  (select day, runs, mails, failed, bounced from day_counts where school = ?1 and day >= ?2 and day <= ?3
    order by day desc limit ${ROWS}) group by day`;

/** Each day by itself: between two of them lie those of all other automations. */
export const AUTOMATION_DAYS = `select one.day as date, runs, mails, failed, bounced from json_each(?3) as wanted
  cross join day_counts as one on one.school = ?1 and one.day = wanted.value and one.automation = ?2`;

const DAY_MS = 86_400_000;

/** The last days of a school's calendar, today the last. */
function lastDays(school: School, count: number): string[] {
  const today = Date.parse(localDate(nowOf(school), school.settings.timezone));
  return Array.from({ length: count }, (_, n) => localDate(today + (n - count + 1) * DAY_MS, "UTC"));
}

function filled(dates: readonly string[], rows: readonly DayFigures[]): DayFigures[] {
  const found = new Map(rows.map((row) => [row.date, row]));
  return dates.map((date) => found.get(date) ?? { date, runs: 0, mails: 0, failed: 0, bounced: 0 });
}

/** What happened in a school on each of its last days. */
export async function daysOfSchool(env: Env, school: School, count: number): Promise<DayFigures[]> {
  const dates = lastDays(school, count);
  const { results } = await (await logOf(env, school.id))
    .prepare(SCHOOL_DAYS)
    .bind(school.id, dates[0], dates.at(-1))
    .all<DayFigures>();
  return filled(dates, results);
}

/** The same of one automation. @param since what another of its id did before is not its own, ms */
export async function daysOfAutomation(
  env: Env,
  school: School,
  automation: string,
  { count, since }: { count: number; since: number },
): Promise<DayFigures[]> {
  const born = localDate(since, school.settings.timezone);
  const dates = lastDays(school, count);
  const own = JSON.stringify(dates.filter((date) => date >= born));
  const { results } = await (await logOf(env, school.id))
    .prepare(AUTOMATION_DAYS)
    .bind(school.id, automation, own)
    .all<DayFigures>();
  return filled(dates, results);
}
