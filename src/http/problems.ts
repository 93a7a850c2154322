import { isSchoolGone, notFound, Problem } from "../base/errors";

/*
 * What was thrown, as a refusal: ours as it is, and what the platform throws where that says nothing worse than to come
 * back. The rest are faults of ours.
 */

const BUSY = new Problem("unavailable", "Too much at once. Try again.", undefined, 1);
const GONE = notFound("school");
const UNMIGRATED = new Problem("unavailable", "The database is not laid out for this Worker: GET /health says more.");

/** The refusal that an error is, or null for a fault of ours. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (isSchoolGone(error)) return GONE;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    // The platform says that it is overloaded, or that another try may do.
    if ("overloaded" in cause || "retryable" in cause || /overloaded|too much load/i.test(cause.message)) return BUSY;
    if (/^D1_ERROR: no such (?:table|column)/.test(cause.message)) return UNMIGRATED;
  }
  return null;
}
