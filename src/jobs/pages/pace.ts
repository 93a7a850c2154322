import * as z from "zod";
import { readOptionalJson } from "../../base/json";

/* How fast a job goes. */

/** What is "of late": from one to two of these, so that a page more or less tells little. */
const LATELY_MS = 30_000;

const pace = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** What of a job's row tells it. */
interface Going {
  done: number;
  total: number;
  pace: string | null;
  createdAt: number;
}

/** In SQL, what `pace` of a job becomes that has come to `done`: the older of its moments was the newer for long enough. */
export const paceAt = (now: number | string, done: number | string): string =>
  `case when pace is null then json_array(created_at, 0, ${now}, ${done})
    when ${now} - (pace ->> 2) >= ${LATELY_MS} then json_array(pace ->> 2, pace ->> 3, ${now}, ${done})
    else pace end`;

/**
 * The moment that "of late" is counted from. While it goes on, the newer one is renewed at least with the first page behind
 * its half a minute: where it is older, what was done since is of late; and where it is too old for that, nothing was.
 */
function momentBefore(row: Going, now: number): [at: number, done: number] {
  const [at, done, newer, doneThen] = readOptionalJson(pace, row.pace) ?? [row.createdAt, 0, now, row.done];
  if (now - newer >= 3 * LATELY_MS) return [newer, row.done];
  return now - newer >= LATELY_MS ? [newer, doneThen] : [at, done];
}

/** Users or lines a second of late, of a job that goes on; null: it has not begun. */
export function latelyOf(row: Going, now: number): number | null {
  const [at, done] = momentBefore(row, now);
  return row.done === 0 ? null : Math.round(((row.done - done) * 10_000) / Math.max(1, now - at)) / 10;
}

/** When it would end if it went on as of late, real time, ms; null: that cannot be said. */
export function endOf(row: Going, now: number): number | null {
  const lately = latelyOf(row, now);
  const left = row.total - row.done;
  return lately && left > 0 ? now + Math.round((left * 1_000) / lately) : null;
}
