import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import { admitFor } from "../calls/school-gate";
import { LmsError, type LmsReads, lmsOf, toolsFor } from "../connectors";
import { CannotRead } from "../jobs/define";
import { connectorsOf } from "../world/connectors";
import type { School } from "../world/snapshot";

/** What a school's LMS can be asked for, a page at a time. */
export interface LmsReader {
  label: string;
  courses: Reading<"courses">;
  groups: Reading<"groups">;
  users: Reading<"users">;
  enrolments(course: string, after: string | null): ReturnType<LmsReads<unknown>["enrolments"]>;
  /** Left out: it suspends nobody in a course. */
  isSuspended?(course: string, user: string): Promise<boolean>;
}
type Reading<What extends "courses" | "groups" | "users"> = (
  after: string | null,
) => ReturnType<LmsReads<unknown>[What]>;

/** The LMS that a school has connected and that can be read; 409 where there is none. */
export async function readerOf(env: Env, school: School): Promise<LmsReader> {
  const chosen = lmsOf(await connectorsOf(env, school));
  const reads = chosen?.port.reads;
  if (!chosen || !reads) {
    const how = chosen ? `${chosen.label} tells us nothing` : "no LMS is connected";
    throw new Problem("conflict", `${how}: connect Moodle or LearnWorlds (settings.connectors.lms) to read from it.`);
  }
  const { label, settings } = chosen;
  const tools = toolsFor(env, chosen.port.rate, admitFor(env, school));
  return {
    label,
    courses: (after) => reads.courses(settings, tools, after),
    groups: (after) => reads.groups(settings, tools, after),
    users: (after) => reads.users(settings, tools, after),
    enrolments: (course, after) => reads.enrolments(settings, tools, course, after),
    ...(reads.isSuspended
      ? { isSuspended: async (course, user) => (await reads.isSuspended?.(settings, tools, course, user)) ?? false }
      : {}),
  };
}

const saidBy = ({ label }: LmsReader, { message }: LmsError): string => `${label}: ${message}`;

/** What was read, for whoever waits for an answer; 502 where the LMS gives none. */
export const forAnswer = <T>(reader: LmsReader, read: Promise<T>): Promise<T> =>
  read.catch((error: unknown) => {
    if (!(error instanceof LmsError)) throw error;
    const { retryAfterMs } = error.failure;
    const seconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1_000);
    throw new Problem("lms_failed", saidBy(reader, error), undefined, seconds);
  });

/** The same for a job, which comes again; of what is not to be had by itself alone, the reason, in words. */
export const forJob = <T>(reader: LmsReader, read: Promise<T>): Promise<T | { not: string }> =>
  read.catch((error: unknown) => {
    if (!(error instanceof LmsError)) throw error;
    const { retry, retryAfterMs, broken } = error.failure;
    if (broken) throw new CannotRead(saidBy(reader, error), null);
    if (retry) throw new CannotRead(saidBy(reader, error), { afterMs: retryAfterMs ?? 0 });
    return { not: saidBy(reader, error) };
  });

/** The same of what nothing goes on without. */
export async function neededForJob<T extends object>(reader: LmsReader, read: Promise<T>): Promise<T> {
  const found = await forJob(reader, read);
  if ("not" in found) throw new CannotRead(found.not, null);
  return found;
}
