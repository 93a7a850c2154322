import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { admitFor } from "../calls/reaching/school-gate";
import { type LmsCourse, LmsError, type LmsPage, type LmsReads, lmsOf, toolsFor } from "../connectors";
import { CannotRead } from "../jobs/define";
import { startJob } from "../jobs/start";
import { type Learned, learnIds } from "../products/ids";
import { hasOthers, idsJob } from "../users/courses/ids-job";
import { connectorsOf } from "../world/connectors";
import { courseIdIn, theirsOf } from "../world/naming/ids";
import type { School } from "../world/snapshot";

/** What a school's LMS can be asked for, a page at a time. */
export interface LmsReader {
  label: string;
  /** By the ids that they have here. `doubled`, `isNews`: see `learnIds`. */
  courses(after: string | null): Promise<LmsPage<LmsCourse> & Omit<Learned, "oursOf">>;
  groups: Reading<"groups">;
  users: Reading<"users">;
  enrolments(course: string, after: string | null): ReturnType<LmsReads<unknown>["enrolments"]>;
  /** Left out: it suspends nobody in a course. */
  isSuspended?(course: string, user: string): Promise<boolean>;
}
type Reading<What extends "groups" | "users"> = (after: string | null) => ReturnType<LmsReads<unknown>[What]>;

/** The LMS that a school has connected and that can be read; 409 where there is none. */
export async function readerOf(env: Env, school: School): Promise<LmsReader> {
  const chosen = lmsOf(await connectorsOf(env, school));
  const reads = chosen?.port.reads;
  if (!chosen || !reads) {
    const how = chosen ? `${chosen.label} tells us nothing` : "no LMS is connected";
    throw new Problem("conflict", `${how}: connect Moodle or LearnWorlds (settings.connectors.lms) to read from it.`);
  }
  const { label, settings } = chosen;
  const tools = toolsFor(env, chosen.port.rate, admitFor(env, school), {
    theirsOf: theirsOf(env, school.id, "course"),
  });
  return {
    label,
    courses: async (after) => {
      const page = await reads.courses(settings, tools, after);
      const told = page.items.map(({ id, otherId }) => ({ id, other: otherId }));
      const { oursOf, ...learned } = await learnIds(env, school, "course", told);
      return { ...page, items: page.items.map((one) => ({ ...one, id: oursOf(one.id) })), ...learned };
    },
    groups: async (after) => {
      const page = await reads.groups(settings, tools, after);
      const ours = await courseIdIn(env, school);
      const items = page.items.map((one) => (one.course === undefined ? one : { ...one, course: ours(one.course) }));
      return { ...page, items };
    },
    users: (after) => reads.users(settings, tools, after),
    enrolments: (course, after) => reads.enrolments(settings, tools, course, after),
    ...(reads.isSuspended
      ? { isSuspended: async (course, user) => (await reads.isSuspended?.(settings, tools, course, user)) ?? false }
      : {}),
  };
}

/** Brings people together who are in a course by another id than it has here. @param isNews one has another since */
export async function callByOurIds(env: Env, school: School, isNews: boolean): Promise<void> {
  if (isNews || (await hasOthers(env, school.id))) await startJob(env, school, idsJob, {});
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
