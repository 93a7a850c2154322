import {
  isOfEarlier,
  isSchoolGone,
  isStoredByLater,
  notFound,
  ofEarlier,
  Problem,
  storedByLater,
} from "../../base/errors/errors";
import { refusalOf } from "../../calls/reaching/again";

/*
 * What was thrown, as a refusal: ours as it is, and what the platform throws where that says nothing worse than to come
 * back. The rest are faults of ours.
 */

const GONE = notFound("school");
const UNMIGRATED = new Problem(
  "unavailable",
  "This installation is not set up: the migrations of the database DB are not applied. " +
    "`npx wrangler d1 migrations apply DB` does that, with --local on this machine and --remote where it is deployed.",
);

/** It may be, and whoever asks for it again may have it twice. */
const MAYBE_DONE = new Problem(
  "unavailable",
  "It may be done already, though not all of it could be told: look before you ask for it again.",
  undefined,
  5,
);

/**
 * The refusal that an error is, or null for a fault of ours.
 * @param isDone whether the request had done something by then
 */
export function problemOf(error: unknown, isDone = false): Problem | null {
  if (error instanceof Problem) return error;
  if (isSchoolGone(error)) return GONE;
  if (isStoredByLater(error)) return storedByLater();
  if (isOfEarlier(error)) return ofEarlier();
  const refusal = refusalOf(error);
  if (refusal) return isDone ? MAYBE_DONE : refusal;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/^D1_ERROR: no such (?:table|column)/.test(cause.message)) return UNMIGRATED;
  }
  return null;
}
