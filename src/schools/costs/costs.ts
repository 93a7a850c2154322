import type { Env } from "../../base/env";
import { everyLog } from "../../db/log";
import { costOf, type Used } from "./prices";

/** What was used in a month of the calendar in UTC, and what it costs by list price. */
export interface MonthCost extends Used {
  /** "2026-11" */
  month: string;
  dollars: number;
}

/** Stands for all schools together, those deleted since too. */
export const ALL_SCHOOLS = "";

const NOTHING: Used = { events: 0, tellings: 0, runs: 0, deliveries: 0 };

/** By their key: two months of rows of each school asked for. */
export const COSTS = `select school, substr(day, 1, 7) as month, sum(events) as events, sum(tellings) as tellings,
    sum(runs) as runs, sum(deliveries) as deliveries
  from json_each(?1) as asked cross join usage on usage.school = asked.value and usage.day >= ?2 group by 1, 2`;

/** This month and the last, by the clock on the wall. */
function months(now: number): string[] {
  const date = new Date(now);
  return [0, -1].map((ago) =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ago)).toISOString().slice(0, 7),
  );
}

/** What schools have cost so far this month, and cost in the last, this month first. */
export async function costsOf(env: Env, schools: readonly string[]): Promise<Map<string, MonthCost[]>> {
  const wanted = months(Date.now());
  // Runs and deliveries are counted where the log was when they were.
  const parts = await Promise.all(
    everyLog(env).map((log) =>
      log
        .prepare(COSTS)
        .bind(JSON.stringify(schools), `${wanted.at(-1)}-01`)
        .all<Used & { school: string; month: string }>(),
    ),
  );
  const found = new Map<string, Used>();
  for (const { school, month, ...used } of parts.flatMap(({ results }) => results)) {
    const key = JSON.stringify([school, month]);
    const { events, tellings, runs, deliveries } = found.get(key) ?? NOTHING;
    found.set(key, {
      events: events + used.events,
      tellings: tellings + used.tellings,
      runs: runs + used.runs,
      deliveries: deliveries + used.deliveries,
    });
  }
  return new Map(
    schools.map((school) => [
      school,
      wanted.map((month) => {
        const used = found.get(JSON.stringify([school, month])) ?? NOTHING;
        return { month, ...used, dollars: costOf(used) };
      }),
    ]),
  );
}
