import type { Env } from "../../base/env";
import { actions } from "../../catalogue";
import { channelOf } from "../../catalogue/channels";
import { STEPS as KINDS, lanesOf } from "../../catalogue/steps";
import { looksToldIn } from "../../connectors";
import { logOf } from "../../db/log";
import type { StepStats } from "../../definition/answers";
import { allSteps } from "../../definition/walk";
import { GOAL_STEP } from "../../engine/runs";
import type { RunStatus } from "../../engine/types";
import { SKIPPED_FOR } from "../../journal/tables/counts";
import type { School } from "../../world/snapshot";
import { readDefinition } from "../../world/upgrades";
import { automationRow } from "../document";
import { type DayFigures, daysOfAutomation } from "./days";

export interface Stats {
  runs: Record<RunStatus, number>;
  /** Those of the present version, in the order they stand. */
  steps: StepStats[];
  /** How many runs reached the automation's goal. */
  conversions: number;
  opens: (typeof OPENS)[number];
  days: DayFigures[];
}

const DAYS = 30;

const COUNTS = "select step, status, n from run_counts where school = ? and automation = ?";

const NONE: Required<Omit<StepStats, "step_id" | "opened" | "clicked" | "skipped_for">> = {
  entered: 0,
  done: 0,
  skipped: 0,
  failed: 0,
  waiting: 0,
  exited: 0,
  yes: 0,
  no: 0,
};
const NO_RUNS: Stats["runs"] = {
  queued: 0,
  running: 0,
  waiting: 0,
  held: 0,
  completed: 0,
  exited: 0,
  cancelled: 0,
  failed: 0,
};

/** Whether opens of an automation's mails are counted: not where nobody asked for it, or nobody tells the school. */
export const OPENS = ["counted", "not_told", "off"] as const;

const isMail = (type: string): boolean => {
  const sends = actions.get(type)?.sends;
  return sends !== undefined && channelOf(sends).isMail === true;
};

/** How many runs an automation had by status, and what became of them at each step. */
export async function statsOf(env: Env, school: School, automation: string): Promise<Stats> {
  const row = await automationRow(env, school.id, automation);
  const [{ results }, days] = await Promise.all([
    (await logOf(env, school.id))
      .prepare(COUNTS)
      .bind(school.id, automation)
      .all<{ step: string; status: string; n: number }>(),
    daysOfAutomation(env, school, automation, { count: DAYS, since: row.createdAt }),
  ]);
  const steps = allSteps(readDefinition(row.definition).then, lanesOf);
  // Who once told of some tells of others too, though nothing here says who it is.
  const isTold = looksToldIn(school) || results.some(({ status }) => status === "opened");
  const isTracked = school.settings.mail?.track === true && steps.some(({ type }) => isMail(type));
  const opens = isTracked ? (isTold ? "counted" : "not_told") : "off";
  const counted = new Map<string, Record<string, number>>();
  const reasons = new Map<string, Record<string, number>>();
  for (const { step, status, n } of results) {
    const reason = status.startsWith(SKIPPED_FOR) ? status.slice(SKIPPED_FOR.length) : null;
    if (reason === null) counted.set(step, { ...counted.get(step), [status]: n });
    else if (n > 0) reasons.set(step, { ...reasons.get(step), [reason]: n });
  }
  return {
    days,
    opens,
    conversions: counted.get(GOAL_STEP)?.done ?? 0,
    // Under an empty step stand the runs themselves, by their status.
    runs: { ...NO_RUNS, ...counted.get("") },
    steps: steps.map(({ id, type }) => {
      const { yes, no, ...counts } = {
        ...NONE,
        ...(opens === "counted" && isMail(type) ? { opened: 0, clicked: 0 } : {}),
        ...counted.get(id),
      };
      return {
        step_id: id,
        ...counts,
        skipped_for: reasons.get(id) ?? {},
        ...(KINDS.get(type)?.countsWays ? { yes, no } : {}),
      };
    }),
  };
}
