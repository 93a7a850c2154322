import type { Env } from "../base/env";
import { invalid, Problem } from "../base/errors/errors";
import { schoolObject } from "../calls/reaching/stub";
import type { SchoolEpoch } from "../calls/user";
import { decodeCursor, encodeCursor } from "../db/lists/list";
import { hash53 } from "../engine/identity";

/** How often it is looked whether there is a change. */
const LOOK_MS = 1_000;

export interface FeedRequest {
  /** A cursor; undefined: from the oldest change that is kept. */
  after?: string | undefined;
  limit: number;
  /** How long to wait for a change where there is none. */
  waitMs: number;
  /** Whoever asked has gone. */
  signal: AbortSignal;
}

/** What waiting goes by. */
export interface Timer {
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

const realTime: Timer = { now: () => Date.now(), sleep: (ms) => scheduler.wait(ms) };

export interface Feed {
  /** Changes, each as JSON. */
  changes: string[];
  /** Where to read on. */
  cursor: string;
}

/**
 * Reads on in a school's changes, and waits for one where it is asked to: here, not in the school's object, which is
 * asked each second and holds nothing open. 410 for a cursor older than what is kept, 422 for none of this feed.
 */
export async function readFeed(
  env: Env,
  school: SchoolEpoch,
  { after, limit, waitMs, signal }: FeedRequest,
  { now, sleep }: Timer = realTime,
): Promise<Feed> {
  const object = schoolObject(env, school);
  const until = now() + waitMs;
  let place = after === undefined ? null : placeIn(school, after);
  for (;;) {
    const page = await object.read({ after: place, limit });
    if (page === "gone") throw GONE;
    if (page === "unknown") throw unknownCursor();
    place = page.next;
    const answer = { changes: page.changes, cursor: encodeCursor([school.epoch, place, markOf(school)]) };
    if (page.changes.length) return answer;
    // Those erased have left a gap that is longer than a page.
    if (!page.isEnd) continue;
    const leftMs = until - now();
    if (leftMs <= 0 || signal.aborted) return answer;
    await sleep(Math.min(LOOK_MS, leftMs));
  }
}

const GONE = new Problem(
  "gone",
  "What stood behind this cursor is kept no longer. Read from the oldest, without `after`.",
);
const unknownCursor = (): Problem => invalid([{ path: "/after", message: "not a cursor of this feed" }]);

/** Who follows several schools, and mixes up their cursors, would pass over changes without a word. */
const markOf = ({ id }: SchoolEpoch): string => hash53(id).toString(36);

/** The place that a cursor names. Of an earlier school of the same id nothing is kept. */
function placeIn(school: SchoolEpoch, cursor: string): number {
  const { epoch } = school;
  // Those given out by a release before bear no mark.
  const [of, place, mark = markOf(school)] = decodeCursor(cursor, [2, 3], "/after");
  if (!isCount(of) || !isCount(place) || of > epoch || mark !== markOf(school)) throw unknownCursor();
  if (of < epoch) throw GONE;
  return place;
}

const isCount = (part: unknown): part is number => Number.isSafeInteger(part) && Number(part) >= 0;
