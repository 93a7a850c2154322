import { and, asc, eq, gt } from "drizzle-orm";
import pMap from "p-map";
import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import { pages } from "../base/pages";
import { referenceOf, userObject } from "../calls/stub";
import { database } from "../db/client";
import { userMarks, users } from "../db/schema";
import { startJob } from "../jobs/start";
import type { School } from "../world/snapshot";
import { automationRow } from "./document";
import { enrolJob } from "./enrol-job";

export type Whom = ({ users: string[] } | { segment: string } | { tag: string } | { all: true }) & {
  dry_run?: boolean | undefined;
};

const PAGE = 500;
const AT_ONCE = 16;

/** The users meant, in pages. */
export async function* usersMeant(env: Env, school: string, whom: Whom): AsyncGenerator<string[]> {
  if ("users" in whom) {
    for (let from = 0; from < whom.users.length; from += PAGE) yield whom.users.slice(from, from + PAGE);
    return;
  }
  const db = database(env.DB);
  const mark =
    "segment" in whom
      ? (["segment", whom.segment] as const)
      : "tag" in whom
        ? (["tag", whom.tag.toLowerCase()] as const)
        : null;
  yield* pages(PAGE, async (after) => {
    const rows = mark
      ? await db
          .select({ id: userMarks.user })
          .from(userMarks)
          .where(
            and(
              eq(userMarks.school, school),
              eq(userMarks.kind, mark[0]),
              eq(userMarks.value, mark[1]),
              gt(userMarks.user, after),
            ),
          )
          .orderBy(asc(userMarks.user))
          .limit(PAGE)
      : await db
          .select({ id: users.id })
          .from(users)
          .where(and(eq(users.school, school), gt(users.id, after)))
          .orderBy(asc(users.id))
          .limit(PAGE);
    return rows.map((row) => row.id);
  });
}

/** Counts for whom an automation would start now, and starts it for them by a job unless it is only asked. */
export async function enrolUsers(
  env: Env,
  school: School,
  id: string,
  whom: Whom,
): Promise<{ count: number; jobId: string | null }> {
  const row = await automationRow(env, school.id, id);
  if (!row.active) throw new Problem("conflict", "The automation is inactive.");
  let count = 0;
  const starting: string[] = [];
  for await (const page of usersMeant(env, school.id, whom)) {
    const would = await pMap(page, (user) => userObject(env, school, user).wouldStart(referenceOf(school), id), {
      concurrency: AT_ONCE,
    });
    const chosen = page.filter((_, index) => would[index]);
    count += chosen.length;
    starting.push(...chosen);
  }
  if (whom.dry_run) return { count, jobId: null };
  return { count, jobId: await startJob(env, school, enrolJob, { automation: id, users: starting }) };
}
