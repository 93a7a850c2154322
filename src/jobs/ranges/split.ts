import * as z from "zod";
import type { Env } from "../../base/env";
import { readJson } from "../../base/json";
import type { Edge, JobScene, ListWork } from "../define";
import type { NextPage } from "../pages/items";
import { LATE_MS, LATE_SINCE_MS, pauseMs } from "../pages/patience";
import { type JobRow, type Position, releaseJob } from "../store";
import { freeRanges, LANES } from "./store";

/*
 * A job over many users is split into ranges of the list it goes through, which are gone over side by side
 * (docs/decisions/0029-jobs-in-ranges.md). Where a range ends is found by going on from the last end, a bounded read each;
 * the first are gone over while the others are being found.
 */

/** What has more users or lines than this is split, and about so many a range has. */
export const SPLIT_ABOVE = 5_000;
export const RANGE_ITEMS = 2_500;
/** So many ranges are found in one invocation, at most. */
const EDGES_A_PAGE = 20;

const split = z.object({
  split: z.object({
    /** The end of the last range that was found, how many were, and of how many users or lines. */
    after: z.string().nullable(),
    made: z.int(),
    items: z.int(),
    isOver: z.boolean(),
    /** How often the next were looked for, and that failed. */
    tries: z.int(),
  }),
});
type Split = z.infer<typeof split>["split"];

const cursorOf = (one: Split): string => JSON.stringify({ split: one } satisfies z.input<typeof split>);

/** The cursor of a job that is to be split. A release before knows no place by it, and leaves the job alone. */
export const UNSPLIT = cursorOf({ after: null, made: 0, items: 0, isOver: false, tries: 0 });

/** How far the ranges of a job are found; null: it has none. */
export const splitOf = ({ cursor }: Pick<JobRow, "cursor">): Split | null =>
  cursor?.startsWith('{"split"') ? readJson(split, cursor).split : null;

/** Finds the next ranges of a claimed job, or sees to it that all that may be are gone over. */
export async function goOnSplitting(
  scene: JobScene,
  row: JobRow,
  work: ListWork,
  begun: Split,
  deadline: number,
): Promise<NextPage> {
  const { env } = scene;
  let { isOver } = begun;
  if (isOver) await releaseJob(env, row);
  else {
    const found = await findRanges(scene, row, work, begun, deadline);
    if (!(await saveRanges(env, row, found))) return null;
    isOver = found.split.isOver;
  }
  const lanes = await missingLanes(env, row);
  return lanes > 0 || !isOver ? { delayMs: 0, lanes, goesOn: !isOver } : null;
}

/** Has a page done again that failed before it found any; null: another did it. */
export async function splitAgain(env: Env, row: JobRow, before: Split): Promise<NextPage> {
  const tries = before.tries + 1;
  const saved = await saveRanges(env, row, { before, split: { ...before, tries }, ranges: [] });
  return saved ? { delayMs: pauseMs(tries), lanes: 0, goesOn: true } : null;
}

/** How many more messages are to go over ranges of a job. */
export async function missingLanes(env: Env, { school, id }: Pick<JobRow, "school" | "id">): Promise<number> {
  const { running, free } = await freeRanges(env, school, id);
  return Math.max(0, Math.min(LANES - running, free));
}

type NewRange = [n: number, until: string | null, cursor: string, from: number];

interface Found {
  before: Split;
  split: Split;
  ranges: NewRange[];
}

async function findRanges(scene: JobScene, row: JobRow, work: ListWork, begun: Split, deadline: number) {
  const split = { ...begun, tries: 0 };
  const ranges: NewRange[] = [];
  const now = Date.now();
  const add = (until: string | null, { after, late }: Pick<Position, "after" | "late">, from: number) =>
    ranges.push([split.made++, until, JSON.stringify({ after, tries: 0, late } satisfies Position), from]);
  do {
    const { until, items }: Edge = (await work.edge?.(scene, split.after, RANGE_ITEMS)) ?? { until: null, items: 0 };
    add(until, { after: split.after, late: false }, now);
    split.items += items;
    split.after = until;
  } while (split.after !== null && ranges.length < EDGES_A_PAGE && Date.now() < deadline);
  split.isOver = split.after === null;
  if (split.isOver && scene.school.mode === "live" && work.latecomersFrom)
    add(null, { after: work.latecomersFrom(row.createdAt - LATE_SINCE_MS), late: true }, row.createdAt + LATE_MS);
  return { before: begun, split, ranges } satisfies Found;
}

/** Where the job still stands where it was read, as it is claimed: pages of its ranges touch its row meanwhile. */
const STANDS = "school = ?1 and id = ?2 and status in ('queued', 'running') and cursor = ?3";
const ADD_RANGES = `insert into job_ranges (school, job, n, status, until, cursor, touched_at)
  select ?1, ?2, value ->> 0, 'queued', value ->> 1, value ->> 2, value ->> 3 from json_each(?4)
  where exists (select 1 from jobs where ${STANDS})`;
const MOVE = `update jobs set status = 'queued', cursor = ?4, total = max(total, ?5), touched_at = ?6 where ${STANDS}`;

/** Keeps ranges and the place behind them; false: it has ended, or another page found them. */
async function saveRanges({ DB }: Env, { school, id }: JobRow, { before, split, ranges }: Found): Promise<boolean> {
  const whose = [school, id, cursorOf(before)] as const;
  const [, moved] = await DB.batch([
    DB.prepare(ADD_RANGES).bind(...whose, JSON.stringify(ranges)),
    DB.prepare(MOVE).bind(...whose, cursorOf(split), split.items, Date.now()),
  ]);
  return (moved?.meta.changes ?? 0) > 0;
}
