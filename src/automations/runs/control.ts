import * as z from "zod";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { openObject, readJson } from "../../base/json";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import { subjectOf } from "../../catalogue/kinds";
import { STEPS } from "../../catalogue/steps";
import type { Run, StepLog } from "../../engine/types";
import { linkOf } from "../../engine/work";
import { tellUser } from "../../journal/tell";
import { withPrograms } from "../../world/programs";
import type { School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import type { RunRow } from "./find";

/** Shows at once in the log what was done to a run by hand. */
const tell = (env: Env, school: School, user: string): Promise<void> => tellUser(env, school, user, { exact: false });

/** Ends a live run, or its wait; 409 where there is nothing to end. */
export async function controlRun(env: Env, school: School, row: RunRow, what: "cancel" | "skip"): Promise<void> {
  const done = await userObject(env, school, row.user).control(referenceOf(school), row.id, what);
  if (!done) throw new Problem("conflict", what === "cancel" ? "The run has ended." : "The run waits for nothing.");
  await tell(env, school, row.user);
}

const storedTrigger = z.object({
  type: z.string(),
  data: openObject,
  at: z.number(),
  order: z.number(),
});

/** Lets a failed run go on from its failed step, on the version it began on; 409 where it did not fail. */
export async function retryRun(env: Env, school: School, row: RunRow): Promise<void> {
  if (row.status !== "failed") throw new Problem("conflict", "The run did not fail.");
  if (row.reason === "undone") throw new Problem("conflict", "The run was undone: it does not go on.");
  const world = await withPrograms(env, school, await loadWorld(env, school), [row]);
  const automation = world.byId.get(row.automation);
  if (!automation) throw new Problem("conflict", "Its automation is deleted.");
  const program =
    automation.program.version === row.version ? automation.program : world.program(row.automation, row.version);
  // Written by writeLog from the engine's own steps.
  const steps = JSON.parse(row.steps) as StepLog[];
  const place = program?.places.get(steps.at(-1)?.step_id ?? "");
  if (place === undefined) throw new Problem("conflict", "Its failed step is not there any more.");
  const trigger = readJson(storedTrigger, row.trigger);
  const run: Run = {
    id: row.id,
    automation: row.automation,
    version: row.version,
    revision: automation.revision,
    status: "failed",
    synchronous: row.synchronous,
    trigger,
    eventId: row.eventId,
    ...(row.trace === null ? {} : { trace: row.trace }),
    subject: subjectOf(trigger),
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    reason: row.reason,
    place,
    round: steps.at(-1)?.round ?? 0,
    waiting: null,
    waited: steps.some((step) => STEPS.get(step.type)?.waits),
    chain: [linkOf(row)],
    lineage: [row.automation],
    heard: [],
    steps,
  };
  const done = await userObject(env, school, row.user).retryRun(referenceOf(school), run);
  if (!done) throw new Problem("conflict", "It goes on already, or its user has as many live runs as one may.");
  await tell(env, school, row.user);
}
