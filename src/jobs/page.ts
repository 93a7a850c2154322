import { type Env, variablesOf } from "../base/env";
import { Problem } from "../base/errors";
import { log } from "../base/log";
import { isOverloaded, isTransient } from "../calls/again";
import { loadSchool } from "../world/snapshot";
import { FOUND, type JobScene, type ListWork, type Task } from "./define";
import { workOf } from "./kinds";
import { Hangs, MAX_PAGE_TRIES, MAX_TRIES, pauseMs, within } from "./patience";
import { takeSteps } from "./step-page";
import {
  askedOf,
  claimJob,
  type JobFault,
  type JobProgress,
  type JobRow,
  type Position,
  positionOf,
  releaseJob,
  saveProgress,
} from "./store";

/** Items of a page, and how many of them are asked at once. */
const PAGE_ITEMS = 200;
const AT_ONCE = 12;
/** The same after a page that was cut short, since there was too much at once or it did not work. */
const CAREFULLY = 3;
/**
 * How long a page goes on, and how long it waits for one item: together well within the lease. Short, because messages
 * behind it in the same batch of the queue have to wait.
 */
const PAGE_MS = 3_000;
const ITEM_MS = 10_000;
const NO_ANSWER = "It gave no answer within 10 s, and was passed over.";
/**
 * A job may miss users of its first seconds: the directory lags, and other isolates may still judge by definitions
 * that are some seconds old. So users known since `LATE_SINCE_MS` before it began are gone over once more, `LATE_MS`
 * after it began.
 */
const LATE_MS = 15_000;
const LATE_SINCE_MS = 60_000;

/**
 * Users a second that one job goes through at most. The platform bounds how fast objects are called to life. Locally
 * each has three files open for some 20 s, and opening one takes longer the more are open.
 */
const RATE = { platform: 500, local: 120 };

/** Waits after a page, in the queue's time, until the next may begin: nobody stands behind it, a page is a batch. */
export async function keepPace(env: Env, begun: number): Promise<void> {
  const rate = variablesOf(env).LOCAL ? RATE.local : RATE.platform;
  await scheduler.wait(Math.max(0, (PAGE_ITEMS * 1_000) / rate - (Date.now() - begun)));
}

/** When the next page may begin; null when there is none, or somebody else does it. */
export type NextPage = { delayMs: number } | null;

/** What several pages in one invocation may do together: each takes of it. */
export interface PageRoom {
  items: number;
}

/** A page asks some queries of its own, as many as these items. */
const PAGE_COSTS_ITEMS = 3;

/** Does one page of a job, if nobody else does. Items that fail are reported and passed over. */
export async function doPage(
  env: Env,
  schoolId: string,
  jobId: string,
  {
    deadline = Date.now() + PAGE_MS,
    room = { items: PAGE_ITEMS + PAGE_COSTS_ITEMS },
  }: { deadline?: number; room?: PageRoom } = {},
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
    return await advance(scene, row, work, deadline, room);
  } catch (error) {
    return await fail(env, row, error);
  }
}

async function end(env: Env, row: JobRow, message: string): Promise<NextPage> {
  await saveProgress(env, row, { status: "failed", position: positionOf(row), done: row.done, faults: [{ message }] });
  return null;
}

/** A page that cannot even be begun: another try may do, but not for ever. */
async function fail(env: Env, row: JobRow, error: unknown): Promise<NextPage> {
  const { tries, ...position } = positionOf(row);
  log("error", "job.page_failed", { school: row.school, subject: row.id, error });
  if (tries >= MAX_PAGE_TRIES) return end(env, row, "It failed for a fault of ours, again and again.");
  const progress: JobProgress = {
    status: "queued",
    position: { ...position, tries: tries + 1 },
    done: row.done,
    faults: [],
  };
  const saved = await saveProgress(env, row, progress);
  return saved ? { delayMs: pauseMs(tries + 1) } : null;
}

async function advance(
  scene: JobScene,
  row: JobRow,
  work: ListWork,
  deadline: number,
  room: PageRoom,
): Promise<NextPage> {
  const begun = positionOf(row);
  if (begun.late && Date.now() < row.createdAt + LATE_MS) {
    // Too early, by a doubled message: the one that is meant is on its way.
    await releaseJob(scene.env, row);
    return null;
  }
  const most = Math.max(1, Math.min(PAGE_ITEMS, room.items));
  const tasks = await work.next(scene, begun.after, most);
  const faults: JobFault[] = [];
  const found: string[] = [];
  const atOnce = begun.tries > 0 ? CAREFULLY : AT_ONCE;
  let taken = 0;
  let blocked = false;
  while (taken < tasks.length && !blocked) {
    const group = tasks.slice(taken, taken + atOnce);
    const results = await performGroup(scene, group, begun.tries);
    if (results === null) blocked = true;
    else {
      faults.push(...results.faults);
      found.push(...results.found);
      taken += group.length;
    }
    if (Date.now() >= deadline) break;
  }
  room.items -= taken;
  await work.endPage?.(scene, [...new Set(tasks.slice(0, taken).map((task) => task.key))]);
  const position: Position = {
    after: tasks[taken - 1]?.cursor ?? begun.after,
    tries: blocked ? (taken > 0 ? 1 : begun.tries + 1) : 0,
    late: begun.late,
  };
  const done = row.done + (begun.late ? 0 : taken);
  const isEnd = !blocked && taken === tasks.length && tasks.length < most;
  const latecomers = isEnd && !begun.late && scene.school.mode === "live" ? work.latecomersFrom : undefined;
  if (latecomers) Object.assign(position, { after: latecomers(row.createdAt - LATE_SINCE_MS), late: true });
  const status = isEnd && !latecomers ? "done" : "queued";
  const saved = await saveProgress(scene.env, row, { status, position, done, faults, found });
  if (!saved || status === "done") return null;
  if (blocked) return { delayMs: pauseMs(position.tries) };
  return { delayMs: latecomers ? Math.max(0, row.createdAt + LATE_MS - Date.now()) : 0 };
}

/** What became of an item: nothing to say, what is wrong with it, that it counts, or that it is to be done again. */
type Result = null | JobFault | typeof FOUND | "blocked";

/** Does some items side by side; null: the platform is to blame for a failure, and they are to be done again. */
async function performGroup(
  scene: JobScene,
  group: readonly Task[],
  tries: number,
): Promise<{ faults: JobFault[]; found: string[] } | null> {
  const results = new Map<Task, Result>();
  const byKey = Map.groupBy(group, (task) => task.key);
  await Promise.all(
    [...byKey.values()].map(async (tasks) => {
      let hangs = false;
      for (const task of tasks) {
        // One object that hangs holds up its page once, not once for each of its lines.
        const result: Result = hangs ? { ...task.place, message: NO_ANSWER } : await perform(scene, task, tries);
        results.set(task, result);
        hangs = isFault(result) && result.message === NO_ANSWER;
      }
    }),
  );
  const faults: JobFault[] = [];
  const found: string[] = [];
  for (const task of group) {
    const result = results.get(task) ?? null;
    if (result === "blocked") return null;
    if (isFault(result)) faults.push(result);
    else if (result === FOUND) found.push(task.key);
  }
  return { faults, found };
}

const isFault = (result: Result): result is JobFault => typeof result === "object" && result !== null;

async function perform(scene: JobScene, task: Task, tries: number): Promise<Result> {
  try {
    const outcome = await within(ITEM_MS, task.perform());
    return typeof outcome === "string" ? { ...task.place, message: outcome } : outcome;
  } catch (error) {
    if (error instanceof Problem) return { ...task.place, message: error.detail };
    if (error instanceof Hangs) return { ...task.place, message: NO_ANSWER };
    // Where there is too much at once that is nobody's fault, and may last: an item is not given up for it so soon.
    if (isTransient(error) && tries < (isOverloaded(error) ? MAX_PAGE_TRIES : MAX_TRIES)) return "blocked";
    log("error", "job.item_failed", { school: scene.school.id, subject: scene.job, error });
    return { ...task.place, message: "It failed for a fault of ours, and was passed over." };
  }
}
