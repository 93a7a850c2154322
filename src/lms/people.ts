import { pMapSettled } from "p-map";
import * as z from "zod";
import type { Env } from "../base/env";
import { log } from "../base/reports/log";
import type { LmsAnswer, LmsAsked } from "../calls/lms";
import { isTransient } from "../calls/reaching/again";
import { referenceOf, userObject } from "../calls/reaching/stub";
import { DIFFERENCES, type DifferenceKind } from "../catalogue/enrolment/drift";
import { tellUsers } from "../journal/tell";
import { userId } from "../users/events/event";
import { theirsOf } from "../world/naming/ids";
import type { School } from "../world/snapshot";

/*
 * People of a course, each asked of their object: it alone knows what they have, and what is on its way.
 */

export const said = z.object({
  role: z.string().nullable(),
  suspended: z.boolean(),
  expiresAt: z.number().nullable().optional(),
});
/** Somebody, with what the LMS says of the enrolment; null: it has none. */
export const person = z.object({ user: z.string(), theirs: said.nullable() });
export type Person = z.output<typeof person>;

export interface Compared extends Person, LmsAnswer {
  /** Why it is not known, or was not mended. */
  fault?: string;
}

const AT_ONCE = 12;
const FAILED = "It failed for a fault of ours, and was passed over.";
const NO_ID = "The LMS calls somebody by an id that is none here.";

/** What differs of each; with `mend` it is mended, and D1 told. */
export async function comparePeople(
  env: Env,
  school: School,
  people: readonly Person[],
  { course, ...rest }: Pick<LmsAsked, "course" | "since" | "mend">,
): Promise<Compared[]> {
  const asked = { course, others: await theirsOf(env, school.id, "course")(course), ...rest };
  const compare = async (one: Person): Promise<Compared> => {
    if (!userId.safeParse(one.user).success)
      return { ...one, kind: one.theirs?.suspended === false ? "unknown" : null, ours: null, fault: NO_ID };
    const object = userObject(env, school, one.user);
    return { ...one, ...(await object.compareWithLms(referenceOf(school), { ...asked, theirs: one.theirs })) };
  };
  const results = await pMapSettled(people, compare, { concurrency: AT_ONCE });
  const compared = results.flatMap((result, n): Compared[] => {
    const one = people[n];
    if (result.status === "fulfilled") return [result.value];
    // It is all done again: what is once made equal is equal.
    if (isTransient(result.reason)) throw result.reason;
    log("error", "lms.not_compared", { school: school.id, error: result.reason });
    return one ? [{ ...one, kind: null, ours: null, fault: FAILED }] : [];
  });
  const mended = compared.filter((one) => one.mended);
  if (mended.length && school.mode === "live")
    await tellUsers(
      env,
      mended.map(({ user }) => ({ school: school.id, epoch: school.epoch, user })),
    );
  return compared;
}

/** From when on what changes here may be newer than what the LMS says; a test school's clock is its own. */
export const sinceNow = (school: School): number | null => (school.mode === "live" ? Date.now() - SLACK_MS : null);
/** Clocks differ, and word of a change takes its time. */
const SLACK_MS = 5_000;

// ---- How many ----

const count = z.number();
export const counts = z.object({
  here: count,
  there: count,
  missing_here: count,
  missing_there: count,
  differing: count,
  unknown: count,
  on_its_way: count,
});
export type Counts = z.output<typeof counts>;

export const noCounts = (here: number): Counts => ({
  here,
  there: 0,
  missing_here: 0,
  missing_there: 0,
  differing: 0,
  unknown: 0,
  on_its_way: 0,
});

/** So many more. */
export function withCompared(before: Counts, compared: readonly Compared[]): Counts {
  const after = { ...before };
  for (const { kind } of compared) if (kind) after[kind] += 1;
  return after;
}

export const isDifference = (one: Compared): one is Compared & { kind: DifferenceKind } =>
  one.kind !== null && one.kind !== "on_its_way";

export const differsIn = (of: Counts): boolean => DIFFERENCES.some((kind) => of[kind] > 0);
