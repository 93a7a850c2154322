import type { Env } from "../../base/env";
import { STEPS as KINDS, lanesOf } from "../../catalogue/steps";
import type { StepStats } from "../../definition/answers";
import { allSteps } from "../../definition/walk";
import type { RunStatus } from "../../engine/types";
import { readDefinition } from "../../world/upgrades";
import { automationRow } from "../document";

export interface Stats {
  runs: Record<RunStatus, number>;
  /** Those of the present version, in the order they stand. */
  steps: StepStats[];
}

const RUNS = "select status, count(*) as count from runs where school = ?1 and automation = ?2 group by status";

const STEPS = `select
    step.value->>'step_id' as step_id,
    count(distinct runs.id) as entered,
    sum(step.value->>'status' = 'done') as done,
    sum(step.value->>'status' = 'skipped') as skipped,
    sum(step.value->>'status' = 'failed') as failed,
    sum(step.value->>'status' = 'waiting') as waiting,
    sum(step.value->>'status' = 'exited') as exited,
    sum(coalesce(step.value->>'$.detail.branch' = 'yes', 0)) as yes,
    sum(coalesce(step.value->>'$.detail.branch' = 'no', 0)) as no
  from runs, json_each(runs.steps) as step
  where runs.school = ?1 and runs.automation = ?2
  group by 1`;

const NONE: Omit<Required<StepStats>, "step_id"> = {
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

/** How many runs an automation had by status, and what became of them at each step. */
export async function statsOf(env: Env, school: string, automation: string): Promise<Stats> {
  const row = await automationRow(env, school, automation);
  const [runs, steps] = await Promise.all([
    env.DB.prepare(RUNS).bind(school, automation).all<{ status: RunStatus; count: number }>(),
    env.DB.prepare(STEPS).bind(school, automation).all<Required<StepStats>>(),
  ]);
  const counted = new Map(steps.results.map((one) => [one.step_id, one]));
  return {
    runs: { ...NO_RUNS, ...Object.fromEntries(runs.results.map(({ status, count }) => [status, count])) },
    steps: allSteps(readDefinition(row.definition).then, lanesOf).map(({ id, type }) => {
      const { step_id: _, yes, no, ...counts } = counted.get(id) ?? { ...NONE, step_id: id };
      return { step_id: id, ...counts, ...(KINDS.get(type)?.countsWays ? { yes, no } : {}) };
    }),
  };
}
