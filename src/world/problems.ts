import { and, eq, lt } from "drizzle-orm";
import { remembering } from "../base/cache";
import type { Env } from "../base/env";
import { type Database, database } from "../db/client";
import { schoolProblems } from "../db/schema";

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

interface Said {
  message: string | null;
  at: number;
}
const said = remembering((): Said => ({ message: null, at: 0 }), { entries: 1_000 });

/** Notes how something that can be wrong was met. @param message what is wrong; null: nothing is */
export async function noteProblem(
  env: Env,
  { id, epoch }: { id: string; epoch: number },
  code: ProblemCode,
  message: string | null,
): Promise<void> {
  const now = Date.now();
  const last = said(JSON.stringify([id, epoch, code]));
  if (last.message === message && now - last.at < AGAIN_MS) return;
  last.message = message;
  last.at = now;
  const db = database(env.DB);
  if (message === null) {
    const isOver = and(which(id, code), lt(schoolProblems.at, now - MENDED_AFTER_MS));
    await db.delete(schoolProblems).where(isOver);
  } else {
    const row = { school: id, code, message, since: now, at: now };
    const key = [schoolProblems.school, schoolProblems.code];
    await db
      .insert(schoolProblems)
      .values(row)
      .onConflictDoUpdate({ target: key, set: { message, at: now } });
  }
}

const which = (school: string, code: ProblemCode) =>
  and(eq(schoolProblems.school, school), eq(schoolProblems.code, code));

/** Forgets what was wrong: it was mended, or asked about and found well. */
export const forgettingProblem = (db: Database, school: string, code: ProblemCode) =>
  db.delete(schoolProblems).where(which(school, code));

export const findProblem = async (env: Env, school: string, code: ProblemCode): Promise<SchoolProblem | null> =>
  (await database(env.DB)
    .select({ message: schoolProblems.message, since: schoolProblems.since, at: schoolProblems.at })
    .from(schoolProblems)
    .where(which(school, code))
    .get()) ?? null;
