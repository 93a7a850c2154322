import { and, asc, eq, inArray } from "drizzle-orm";
import type { Env } from "../../base/env";
import { database } from "../../db/client";
import { jobs } from "../../db/schema";
import type { School } from "../../world/snapshot";
import { doRangePage } from "../ranges/page";
import { keepPace } from "./items";
import { doPage } from "./page";

const LONGEST_MS = 20_000;
/** An item is some three queries and a call: so many are well under what an invocation has of each. */
const MAX_ITEMS = 250;
const MAX_JOBS = 100;

/**
 * Goes on with a test school's jobs before its clock moves, as they were asked for at the earlier time.
 * @returns false where more of them is left than one request may do
 */
export async function settleJobs(env: Env, school: School): Promise<boolean> {
  const waiting = await database(env.DB)
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.school, school.id), inArray(jobs.status, ["queued", "running"])))
    .orderBy(asc(jobs.id))
    .limit(MAX_JOBS + 1);
  const deadline = Date.now() + LONGEST_MS;
  const room = { items: MAX_ITEMS };
  for (const { id } of waiting.slice(0, MAX_JOBS)) {
    let isLeft = true;
    let page = doPage;
    while (isLeft) {
      const begun = Date.now();
      if (room.items <= 0 || begun >= deadline) return false;
      const next = await page(env, school.id, id, { room });
      if (next?.lanes) page = next.goesOn ? doPage : doRangePage;
      // One that is put off goes on by the queue.
      isLeft = next?.delayMs === 0;
      if (isLeft) await keepPace(env, begun);
    }
  }
  return waiting.length <= MAX_JOBS;
}
