import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import { loadSchool } from "../../world/snapshot";
import { addToCancelled } from "../cancelled";
import { workOf } from "../kinds";
import { goOver, type NextPage, PAGE_COSTS_ITEMS, PAGE_MS, type PageOptions, roomOfPage } from "../pages/items";
import { MAX_PAGE_TRIES, pauseMs } from "../pages/patience";
import { askedOf, findJob, isUnfinished, type JobRow, touchJob } from "../store";
import { missingLanes } from "./split";
import { claimRange, freeRanges, LANES, type Range, type RangeProgress, releaseRange, saveRange } from "./store";

/** How long who finds too much going on waits before looking again, at least, and how much longer at most. */
const BUSY_MS = 3_000;
const SPREAD_MS = 3_000;

/** Does a page of one of a job's ranges, whichever is free. */
export async function doRangePage(
  env: Env,
  schoolId: string,
  jobId: string,
  { deadline = Date.now() + PAGE_MS, room = roomOfPage(), isSpread = false }: PageOptions = {},
): Promise<NextPage> {
  room.items -= PAGE_COSTS_ITEMS;
  const range = await claimRange(env, schoolId, jobId);
  if (!range) return lookAgain(env, schoolId, jobId);
  const row = await findJob(env, schoolId, jobId);
  if (!row || !isUnfinished(row.status)) return null;
  try {
    const { stamp, params } = askedOf(row);
    const school = await loadSchool(env, schoolId, { minStamp: stamp });
    if (!school || school.suspended) {
      await releaseRange(env, row, range);
      return null;
    }
    const work = workOf(row.kind, params);
    if (!work || "step" in work) return await giveUp(env, row, range, "This kind of job is not known any more.");
    const scene = { env, school, job: jobId };
    const went = await goOver(scene, work, range.position, { until: range.until, deadline, room, isSpread });
    const { position, taken, faults, found, isBlocked, isEnd } = went;
    const delayMs = isBlocked ? pauseMs(position.tries) : 0;
    return await save(env, row, range, {
      status: isEnd ? "over" : "queued",
      // Latecomers were counted where they stand.
      ...{ position, faults, found, done: position.late ? 0 : taken, delayMs },
    });
  } catch (error) {
    return await fail(env, row, range, error);
  }
}

/** When to look for a free range again, where none could be claimed. */
async function lookAgain(env: Env, school: string, job: string): Promise<NextPage> {
  const { running, next } = await freeRanges(env, school, job);
  // Others go over as many of them as may be, or over the last.
  if (next === null || running >= LANES) return null;
  const waits = next - Date.now();
  if (waits > 0) return { delayMs: waits, lanes: 1 };
  // There is too much at once: it does not stand still, and cron need send no more messages.
  await touchJob(env, school, job);
  return { delayMs: BUSY_MS + Math.random() * SPREAD_MS, lanes: 1 };
}

const NOTHING = { done: 0, faults: [], found: [] };

async function save(
  env: Env,
  row: JobRow,
  range: Range,
  { delayMs, ...progress }: Omit<RangeProgress, "from"> & { delayMs: number },
): Promise<NextPage> {
  if (!(await saveRange(env, row, range, { ...progress, from: Date.now() + delayMs }))) {
    await addToCancelled(env, row, { claimedAt: range.touchedAt, ...progress });
    return null;
  }
  if (progress.status === "queued") return { delayMs, lanes: 1 };
  // Whose message was lost is made up for here: once a range, not once a page.
  const lanes = await missingLanes(env, row);
  return lanes > 0 ? { delayMs: 0, lanes } : lookAgain(env, row.school, row.id);
}

async function giveUp(env: Env, row: JobRow, range: Range, message: string): Promise<NextPage> {
  return save(env, row, range, {
    ...NOTHING,
    status: "failed",
    position: range.position,
    faults: [{ message }],
    delayMs: 0,
  });
}

/** A page that cannot even be begun: another try may do, but not for ever. The other ranges go on. */
async function fail(env: Env, row: JobRow, range: Range, error: unknown): Promise<NextPage> {
  const { tries, ...position } = range.position;
  log("error", "job.page_failed", { school: row.school, subject: row.id, error });
  if (tries >= MAX_PAGE_TRIES)
    return giveUp(env, row, range, "A part of it failed for a fault of ours, again and again.");
  const delayMs = pauseMs(tries + 1);
  return save(env, row, range, { ...NOTHING, status: "queued", position: { ...position, tries: tries + 1 }, delayMs });
}
