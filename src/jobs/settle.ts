import { and, eq, inArray } from "drizzle-orm";
import type { Env } from "../base/env";
import { database } from "../db/client";
import { jobs } from "../db/schema";
import type { School } from "../world/snapshot";
import { doPage, keepPace } from "./page";

const LONGEST_MS = 20_000;

/** Finishes a test school's jobs before its clock moves, as they were asked for at the earlier time. */
export async function settleJobs(env: Env, school: School): Promise<void> {
  const waiting = await database(env.DB)
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.school, school.id), inArray(jobs.status, ["queued", "running"])));
  const deadline = Date.now() + LONGEST_MS;
  for (const { id } of waiting) {
    let begun = Date.now();
    let next = await doPage(env, school.id, id);
    while (next?.delayMs === 0 && begun < deadline) {
      await keepPace(env, begun);
      begun = Date.now();
      next = await doPage(env, school.id, id);
    }
  }
}
