import { and, eq, not, sql } from "drizzle-orm";
import { remembering } from "../base/cache";
import type { Env } from "../base/env";
import { type Database, database } from "../db/client";
import { schoolProblems } from "../db/schema";
import type { School } from "./snapshot";

/*
 * What is wrong with a school as a whole: one thing, shown once, however many deliveries meet it. An isolate says so, or
 * that all is well, at most once a minute: the rest costs nothing.
 */

export type ProblemCode = "lms_broken";

export interface SchoolProblem {
  message: string;
  /** ms since 1970. */
  since: number;
  at: number;
}

const AGAIN_MS = 60_000;
/** What works now may be another part of what is broken: it counts as mended when it was not met for so long. */
export const MENDED_AFTER_MS = 10 * 60_000;

/** When it was last said to be so, and to be well. */
interface Said {
  metAt: number;
  wellAt: number;
}
const said = remembering((): Said => ({ metAt: 0, wellAt: 0 }), { entries: 1_000 });

type Whose = Pick<School, "id" | "epoch" | "stamp">;

/** With other settings it is another connection, whose first word counts. */
const saidOf = ({ id, epoch, stamp }: Whose, code: ProblemCode): Said => said(JSON.stringify([id, epoch, stamp, code]));

/** Notes how something that can be wrong was met. @param message what is wrong; null: nothing is */
export async function noteProblem(env: Env, school: Whose, code: ProblemCode, message: string | null): Promise<void> {
  const now = Date.now();
  const last = saidOf(school, code);
  const which = message === null ? "wellAt" : "metAt";
  if (now - last[which] < AGAIN_MS) return;
  last[which] = now;
  try {
    await (message === null ? noteWell(env, school.id, code, now) : noteMet(env, school.id, code, message, now));
  } catch (error) {
    last[which] = 0;
    throw error;
  }
}

async function noteMet(env: Env, school: string, code: ProblemCode, message: string, now: number): Promise<void> {
  const key = [schoolProblems.school, schoolProblems.code];
  await database(env.DB)
    .insert(schoolProblems)
    .values({ school, code, message, since: now, at: now })
    .onConflictDoUpdate({
      target: key,
      set: { message, at: now, since: sql`iif(${isMended(now)}, ${now}, ${schoolProblems.since})` },
    });
}

async function noteWell(env: Env, school: string, code: ProblemCode, now: number): Promise<void> {
  await database(env.DB).update(schoolProblems).set({ workedAt: now }).where(which(school, code));
}

/** It has worked since it was last met, and was not met for a while. */
const isMended = (now: number) =>
  sql`(coalesce(${schoolProblems.workedAt}, 0) > ${schoolProblems.at} and ${schoolProblems.at} < ${now - MENDED_AFTER_MS})`;

const which = (school: string, code: ProblemCode) =>
  and(eq(schoolProblems.school, school), eq(schoolProblems.code, code));

/** Notes that it was asked about and found well: what is met from then on is met anew. */
export async function forgetProblem(env: Env, school: Whose, code: ProblemCode): Promise<void> {
  Object.assign(saidOf(school, code), { metAt: 0, wellAt: 0 });
  await forgettingProblem(database(env.DB), school.id, code);
}

/** Forgets what was wrong. */
export const forgettingProblem = (db: Database, school: string, code: ProblemCode) =>
  db.delete(schoolProblems).where(which(school, code));

export const findProblem = async (env: Env, school: string, code: ProblemCode): Promise<SchoolProblem | null> =>
  (await database(env.DB)
    .select({ message: schoolProblems.message, since: schoolProblems.since, at: schoolProblems.at })
    .from(schoolProblems)
    .where(and(which(school, code), not(isMended(Date.now()))))
    .get()) ?? null;
