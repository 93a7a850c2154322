import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import { loadSchool } from "../../world/snapshot";
import { addToCancelled } from "../cancelled";
import type { JobScene, ListWork } from "../define";
import { workOf } from "../kinds";
import { goOnSplitting, splitAgain, splitOf } from "../ranges/split";
import { askedOf, claimJob, type JobProgress, type JobRow, positionOf, releaseJob, saveProgress } from "../store";
import { goOver, type Needed, type NextPage, PAGE_COSTS_ITEMS, PAGE_MS, type PageOptions, roomOfPage } from "./items";
import { LATE_MS, LATE_SINCE_MS, MAX_PAGE_TRIES, pauseMs } from "./patience";
import { takeSteps } from "./step-page";

/** Does one page of a job, if nobody else does. Items that fail are reported and passed over. */
export async function doPage(
  env: Env,
  schoolId: string,
  jobId: string,
  { deadline = Date.now() + PAGE_MS, room = roomOfPage(), isSpread = false }: PageOptions = {},
): Promise<NextPage> {
  room.items -= PAGE_COSTS_ITEMS;
  const row = await claimJob(env, schoolId, jobId);
  if (!row) return null;
  try {
    const { stamp, params } = askedOf(row);
    const school = await loadSchool(env, schoolId, { minStamp: stamp });
    if (!school || school.suspended) {
      // Of a deleted school the rows go too; a suspended one's jobs are looked at again by cron.
      await releaseJob(env, row);
      return null;
    }
    const work = workOf(row.kind, params);
    if (!work) return await end(env, row, "This kind of job is not known any more.");
    const scene = { env, school, job: jobId };
    if ("step" in work) return await takeSteps(scene, row, work, deadline, room);
    const split = splitOf(row);
    if (split) return await goOnSplitting(scene, row, work, split, deadline);
    return await advance(scene, row, work, { deadline, room, isSpread });
  } catch (error) {
    return await fail(env, row, error);
  }
}

async function end(env: Env, row: JobRow, message: string): Promise<NextPage> {
  await saveProgress(env, row, { status: "failed", position: null, done: row.done, faults: [{ message }] });
  return null;
}

const FAILED = "It failed for a fault of ours, again and again.";

/** A page that cannot even be begun: another try may do, but not for ever. */
async function fail(env: Env, row: JobRow, error: unknown): Promise<NextPage> {
  log("error", "job.page_failed", { school: row.school, subject: row.id, error });
  const split = splitOf(row);
  if (split) return split.tries < MAX_PAGE_TRIES ? splitAgain(env, row, split) : end(env, row, FAILED);
  const { tries, ...position } = positionOf(row);
  if (tries >= MAX_PAGE_TRIES) return end(env, row, FAILED);
  const progress: JobProgress = {
    status: "queued",
    position: { ...position, tries: tries + 1 },
    done: row.done,
    faults: [],
  };
  const saved = await saveProgress(env, row, progress);
  return saved ? { delayMs: pauseMs(tries + 1) } : null;
}

async function advance(scene: JobScene, row: JobRow, work: ListWork, needed: Needed): Promise<NextPage> {
  const begun = positionOf(row);
  if (begun.late && Date.now() < row.createdAt + LATE_MS) {
    // Too early, by a doubled message: the one that is meant is on its way.
    await releaseJob(scene.env, row);
    return null;
  }
  const { position, taken, faults, found, isBlocked, isEnd } = await goOver(scene, work, begun, needed);
  const more = begun.late ? 0 : taken;
  const latecomers = isEnd && !begun.late && scene.school.mode === "live" ? work.latecomersFrom : undefined;
  if (latecomers) Object.assign(position, { after: latecomers(row.createdAt - LATE_SINCE_MS), late: true });
  const status = isEnd && !latecomers ? "done" : "queued";
  const saved = await saveProgress(scene.env, row, { status, position, done: row.done + more, faults, found });
  if (!saved) await addToCancelled(scene.env, row, { claimedAt: row.touchedAt, done: more, faults, found });
  if (!saved || status === "done") return null;
  if (isBlocked) return { delayMs: pauseMs(position.tries) };
  return { delayMs: latecomers ? Math.max(0, row.createdAt + LATE_MS - Date.now()) : 0 };
}
