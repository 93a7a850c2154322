import { and, eq } from "drizzle-orm";
import * as z from "zod";
import { readJson } from "../base/json";
import { database } from "../db/client";
import { jobChunks } from "../db/schema";
import type { JobScene } from "../jobs/define";
import type { Named } from "./ours";
import { type Person, person } from "./people";

/*
 * What a job has read of a course, in the pieces in which it came, and what differs, until all of it is known: nothing is
 * changed by half a list. It goes with the job.
 */

/** Where each kind of list begins, by the number of its first piece. */
const FROM = { named: 0, differing: 1_000_000, again: 2_000_000 } as const;
type List = keyof typeof FROM;

const list = z.array(person);

/** Keeps a piece, in the place of what stands there. */
export async function stage({ env, school, job }: JobScene, of: List, n: number, people: readonly Person[]) {
  const body = JSON.stringify(people);
  await database(env.DB)
    .insert(jobChunks)
    .values({ school: school.id, job, n: FROM[of] + n, body })
    .onConflictDoUpdate({ target: [jobChunks.school, jobChunks.job, jobChunks.n], set: { body } });
}

export async function staged({ env, school, job }: JobScene, of: List, n: number): Promise<Person[]> {
  const row = await database(env.DB)
    .select({ body: jobChunks.body })
    .from(jobChunks)
    .where(and(eq(jobChunks.school, school.id), eq(jobChunks.job, job), eq(jobChunks.n, FROM[of] + n)))
    .get();
  return row ? readJson(list, row.body) : [];
}

export const unstage = ({ env, school, job }: JobScene) =>
  database(env.DB)
    .delete(jobChunks)
    .where(and(eq(jobChunks.school, school.id), eq(jobChunks.job, job)));

export const NAMED = `select value ->> 'user' from job_chunks, json_each(body)
  where school = ? and job = ? and n >= ? and n < ?`;

/** Whom the LMS has named, as the database reads it. */
export const namedIn = ({ school, job }: JobScene, of: "named" | "again"): Named => ({
  sql: NAMED,
  bound: [school.id, job, FROM[of], FROM[of] + FROM.differing],
});

/** Those of some users whom the LMS has named. */
export async function whoOfThemIs(
  scene: JobScene,
  of: "named" | "again",
  users: readonly string[],
): Promise<Set<string>> {
  const { sql, bound } = namedIn(scene, of);
  const { results } = await scene.env.DB.prepare(`select value as user from json_each(?) where value in (${sql})`)
    .bind(JSON.stringify(users), ...bound)
    .all<{ user: string }>();
  return new Set(results.map(({ user }) => user));
}
