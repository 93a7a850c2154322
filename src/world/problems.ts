import { and, eq, gte, not, sql } from "drizzle-orm";
import { remembering } from "../base/cache";
import type { Env } from "../base/env";
import type { ChannelName } from "../catalogue/channels";
import { type Database, database } from "../db/client";
import { schoolProblems } from "../db/schema";
import type { School } from "./snapshot";

/*
 * What is wrong with a school as a whole: one thing, shown once, however many deliveries meet it. An isolate says so, or
 * that all is well, at most once a minute: the rest costs nothing.
 */

/** A way out that has nothing behind it, or that does not get through. */
export type WayProblemCode = `${ChannelName}_${"not_set_up" | "failing"}`;
/** That most of the quota was used: nothing is wrong yet, so it stands among the warnings. */
export const QUOTA_NEAR = "quota_nearly_used";
export type ProblemCode = "lms_broken" | "quota_used_up" | typeof QUOTA_NEAR | WayProblemCode;

/** All that may be said of a channel. */
export const wayProblems = (channel: ChannelName): WayProblemCode[] => [`${channel}_not_set_up`, `${channel}_failing`];

export interface SchoolProblem {
  message: string;
  /** ms since 1970. */
  since: number;
  at: number;
  /** How often it was met since then, at least. */
  count: number;
}

const AGAIN_MS = 60_000;
/** What works now may be another part of what is broken: it counts as mended when it was not met for so long. */
export const MENDED_AFTER_MS = 10 * 60_000;

/** When it was last said to be so, and to be well; and how often it was met and is not said yet. */
interface Said {
  metAt: number;
  wellAt: number;
  met: number;
}
const said = remembering((): Said => ({ metAt: 0, wellAt: 0, met: 0 }), { entries: 1_000 });

type Whose = Pick<School, "id" | "epoch" | "stamp">;

/** With other settings it is another connection, whose first word counts. */
const saidOf = ({ id, epoch, stamp }: Whose, code: ProblemCode): Said => said(JSON.stringify([id, epoch, stamp, code]));

/** Notes how something that can be wrong was met. @param message what is wrong; null: nothing is */
export async function noteProblem(env: Env, school: Whose, code: ProblemCode, message: string | null): Promise<void> {
  const now = Date.now();
  const last = saidOf(school, code);
  const which = message === null ? "wellAt" : "metAt";
  if (message !== null) last.met += 1;
  if (now - last[which] < AGAIN_MS) return;
  const count = last.met;
  last[which] = now;
  if (message !== null) last.met = 0;
  try {
    await (message === null
      ? noteWell(env, school.id, code, now)
      : noteMet(env, school.id, code, { message, at: now, count }));
  } catch (error) {
    last[which] = 0;
    if (message !== null) last.met += count;
    throw error;
  }
}

/** How often this isolate has met something that it has not said yet. */
export const metUnsaid = (school: Whose, code: ProblemCode): number => saidOf(school, code).met;

async function noteMet(
  env: Env,
  school: string,
  code: ProblemCode,
  { message, at, count }: Omit<SchoolProblem, "since">,
): Promise<void> {
  await database(env.DB)
    .insert(schoolProblems)
    .values({ school, code, message, since: at, at, count })
    .onConflictDoUpdate({
      target: [schoolProblems.school, schoolProblems.code],
      set: {
        message,
        at,
        since: sql`iif(${isMended(at)}, ${at}, ${schoolProblems.since})`,
        count: sql`iif(${isMended(at)}, ${count}, ${schoolProblems.count} + ${count})`,
      },
    });
}

async function noteWell(env: Env, school: string, code: ProblemCode, now: number): Promise<void> {
  await database(env.DB).update(schoolProblems).set({ workedAt: now }).where(which(school, code));
}

/** What is over by itself: nobody says that it is well. */
export const PASSES = "quota_used_up" satisfies ProblemCode;
/** Whoever looks the next day is to see that it came near. */
const NEAR_FOR_MS = 86_400_000;

/** It has passed, or worked since, and was not met for a while. */
const isMended = (now: number) =>
  sql`((coalesce(${schoolProblems.workedAt}, 0) > ${schoolProblems.at} or ${schoolProblems.code} = ${PASSES})
      and ${schoolProblems.at} < ${now - MENDED_AFTER_MS}
    or ${schoolProblems.code} = ${QUOTA_NEAR} and ${schoolProblems.at} < ${now - NEAR_FOR_MS})`;

const which = (school: string, code: ProblemCode) =>
  and(eq(schoolProblems.school, school), eq(schoolProblems.code, code));

/** Notes that it was asked about and found well: what is met from then on is met anew. */
export async function forgetProblem(env: Env, school: Whose, code: ProblemCode): Promise<void> {
  Object.assign(saidOf(school, code), { metAt: 0, wellAt: 0, met: 0 });
  await forgettingProblem(database(env.DB), school.id, code);
}

/** Forgets what was wrong. */
export const forgettingProblem = (db: Database, school: string, code: ProblemCode) =>
  db.delete(schoolProblems).where(which(school, code));

const PROBLEM = {
  message: schoolProblems.message,
  since: schoolProblems.since,
  at: schoolProblems.at,
  count: schoolProblems.count,
};

export const findProblem = async (env: Env, school: string, code: ProblemCode): Promise<SchoolProblem | null> =>
  (await database(env.DB)
    .select(PROBLEM)
    .from(schoolProblems)
    .where(and(which(school, code), not(isMended(Date.now()))))
    .get()) ?? null;

/** What was met for the last time so long ago is of the past, though nothing has shown since that it works. */
export const PAST_MS = 7 * 86_400_000;

/** All that is wrong with a school and was met lately, by code. */
export const findProblems = (env: Env, school: string): Promise<(SchoolProblem & { code: string })[]> =>
  database(env.DB)
    .select({ code: schoolProblems.code, ...PROBLEM })
    .from(schoolProblems)
    .where(
      and(eq(schoolProblems.school, school), gte(schoolProblems.at, Date.now() - PAST_MS), not(isMended(Date.now()))),
    )
    .orderBy(schoolProblems.code);
