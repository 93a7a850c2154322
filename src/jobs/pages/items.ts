import { type Env, variablesOf } from "../../base/env";
import { isOfEarlier, isStoredByLater, Problem } from "../../base/errors/errors";
import { log } from "../../base/reports/log";
import { isOverloaded, isTransient } from "../../calls/reaching/again";
import { FOUND, type JobScene, type ListWork, type Task } from "../define";
import type { JobFault, Position } from "../store";
import { Hangs, MAX_PAGE_TRIES, MAX_TRIES, within } from "./patience";

/* What a page does of a job that goes through a list, or of a range of it. */

/** Items of a page, and how many of them are asked at once. */
export const PAGE_ITEMS = 200;
const AT_ONCE = 12;
/** The same after a page that was cut short, since there was too much at once or it did not work. */
const CAREFULLY = 3;
/** How long a page goes on. Short, because messages behind it in the same batch of the queue have to wait. */
export const PAGE_MS = 3_000;
/** A page asks some queries of its own, as many as these items. */
export const PAGE_COSTS_ITEMS = 3;
/** How long a page waits for one item: with the time of a page well within the lease. */
const ITEM_MS = 10_000;
const NO_ANSWER = "It gave no answer within 10 s, and was passed over.";

/**
 * Users a second that a job goes through at most: what is not in ranges by its one chain of pages, else by all that go over
 * ranges side by side, each its part. The platform bounds how fast objects are called to life. Locally each has three
 * files open for some 20 s, and opening one takes longer the more are open; and one page is done at a time.
 */
const RATE = { platform: 2_000, local: 120 };

/** How long a page of one of so many chains takes at least, ms. */
export const paceOf = (isLocal: boolean, chains: number): number =>
  (PAGE_ITEMS * 1_000) / (isLocal ? RATE.local : RATE.platform / chains);

/**
 * Waits after a page, in the queue's time, until the next may begin: nobody stands behind it, a page is a batch.
 * @param chains of the job, of which this one is one
 */
export async function keepPace(env: Env, begun: number, chains = 1): Promise<void> {
  await scheduler.wait(Math.max(0, paceOf(variablesOf(env).LOCAL, chains) - (Date.now() - begun)));
}

/**
 * Locally all objects share a thread with whoever else asks: done in one go, a page would keep events waiting for a second.
 * So it is spread over the time that it takes at least. On the platform nobody stands behind it.
 */
async function spread(env: Env, begun: number, taken: number): Promise<void> {
  if (variablesOf(env).LOCAL) await scheduler.wait(Math.max(0, (taken * 1_000) / RATE.local - (Date.now() - begun)));
}

/** What several pages in one invocation may do together: each takes of it. */
export interface PageRoom {
  items: number;
}

/** What a page may take, unless told otherwise. */
export const roomOfPage = (): PageRoom => ({ items: PAGE_ITEMS + PAGE_COSTS_ITEMS });

export interface PageOptions {
  deadline?: number;
  room?: PageRoom;
  /** Nobody waits for it: it may be spread over the time that a page has. */
  isSpread?: boolean;
}

export type Needed = PageOptions & Required<Pick<PageOptions, "deadline" | "room">>;

/** When the next page of a job may begin; null when there is none, or somebody else does it. */
export type NextPage = {
  delayMs: number;
  /** Of a job in ranges: how many messages are to have its ranges gone over. */
  lanes?: number;
  /** Of the same: it has a next page of its own too. */
  goesOn?: boolean;
} | null;

/** How far a page came. */
export interface Went {
  /** Where the next begins. */
  position: Position;
  taken: number;
  faults: JobFault[];
  found: string[];
  /** The platform is to blame that it was cut short. */
  isBlocked: boolean;
  isEnd: boolean;
}

/** Goes over the next items behind a place, as many as there are time and room for. */
export async function goOver(
  scene: JobScene,
  work: ListWork,
  begun: Position,
  { until = null, deadline, room, isSpread = false }: Needed & { until?: string | null },
): Promise<Went> {
  const start = Date.now();
  const most = Math.max(1, Math.min(PAGE_ITEMS, room.items));
  const tasks = await work.next(scene, begun.after, most, until);
  const faults: JobFault[] = [];
  const found: string[] = [];
  const atOnce = begun.tries > 0 ? CAREFULLY : AT_ONCE;
  let taken = 0;
  let isBlocked = false;
  while (taken < tasks.length && !isBlocked) {
    const group = tasks.slice(taken, taken + atOnce);
    const results = await performGroup(scene, group, begun.tries);
    if (results === null) isBlocked = true;
    else {
      faults.push(...results.faults);
      found.push(...results.found);
      taken += group.length;
    }
    if (Date.now() >= deadline) break;
    if (isSpread && taken < tasks.length) await spread(scene.env, start, taken);
  }
  room.items -= taken;
  await work.endPage?.(scene, [...new Set(tasks.slice(0, taken).map((task) => task.key))]);
  return {
    position: {
      after: tasks[taken - 1]?.cursor ?? begun.after,
      tries: isBlocked ? (taken > 0 ? 1 : begun.tries + 1) : 0,
      late: begun.late,
    },
    ...{ taken, faults, found, isBlocked },
    isEnd: !isBlocked && taken === tasks.length && tasks.length < most,
  };
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

/**
 * How often an item is tried that fails for this. Where there is too much at once, what is asked for cannot be had for a
 * while, or a release is being deployed, that is nobody's fault, and may last: it is not given up for it so soon.
 */
function triesFor(error: unknown): number {
  if (isOverloaded(error) || isStoredByLater(error) || isOfEarlier(error)) return MAX_PAGE_TRIES;
  if (error instanceof Problem) return error.kind === "unavailable" ? MAX_PAGE_TRIES : 0;
  return isTransient(error) ? MAX_TRIES : 0;
}

async function perform(scene: JobScene, task: Task, tries: number): Promise<Result> {
  try {
    const outcome = await within(ITEM_MS, task.perform());
    return typeof outcome === "string" ? { ...task.place, message: outcome } : outcome;
  } catch (error) {
    if (tries < triesFor(error)) return "blocked";
    if (error instanceof Problem) return { ...task.place, message: error.detail };
    if (error instanceof Hangs) return { ...task.place, message: NO_ANSWER };
    log("error", "job.item_failed", { school: scene.school.id, subject: scene.job, error });
    return { ...task.place, message: "It failed for a fault of ours, and was passed over." };
  }
}
