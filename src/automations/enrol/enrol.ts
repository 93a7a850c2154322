import pMap from "p-map";
import type { Env } from "../../base/env";
import { type Fault, invalid, Problem } from "../../base/errors/errors";
import { namedAt } from "../../base/errors/faults";
import { pages } from "../../base/pages";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { AuditEntry } from "../../db/audit";
import { requireStanding } from "../../db/deleting/held";
import { startJob } from "../../jobs/start";
import { getSegment } from "../../segments/find";
import { readUser } from "../../users/change";
import { listedAmong } from "../../users/finding/listed";
import type { School } from "../../world/snapshot";
import { automationRow } from "../document";
import { candidatesJob, countJob, enrolJob, type Meant, meantAfter } from "./job";

export type Whom = Meant & { dry_run?: boolean | undefined };

const PAGE = 500;
const AT_ONCE = 16;

/** So many are asked for whom it would start before the answer; where there are more, a job asks. */
const MOST_ASKED = 1_000;

/** The users meant, in pages. */
async function* usersMeant(env: Env, school: string, whom: Whom): AsyncGenerator<string[]> {
  if ("users" in whom) {
    for (let from = 0; from < whom.users.length; from += PAGE) yield whom.users.slice(from, from + PAGE);
    return;
  }
  yield* pages(PAGE, (after) => meantAfter(env, school, whom, after, PAGE));
}

/** The users meant, up to `most` of them or a few more. */
async function firstMeant(env: Env, school: string, whom: Whom, most: number): Promise<string[]> {
  const found: string[] = [];
  for await (const page of usersMeant(env, school, whom)) {
    found.push(...page);
    if (found.length >= most) break;
  }
  return found;
}

/** So many unknown users are told of. */
const MOST_UNKNOWN = 100;

/** What is named of those meant and is not there. Tags and courses are the LMS's: of those nobody could say that. */
export async function faultsOfWhom(env: Env, school: School, whom: Partial<Record<string, unknown>>): Promise<Fault[]> {
  const { segment, users } = whom;
  if (typeof segment === "string") return (await namedAt("/segment", getSegment(env, school.id, segment))).faults;
  if (!Array.isArray(users)) return [];
  const named = users.flatMap((user: unknown, index) => (typeof user === "string" ? [{ user, index }] : []));
  const listed = await listedAmong(
    env,
    school.id,
    named.map(({ user }) => user),
  );
  // Who has just come is known by their object before the directory has heard.
  const unlisted = named.filter(({ user }) => !listed.has(user)).slice(0, MOST_UNKNOWN);
  const faults = await pMap(
    unlisted,
    async ({ user, index }) => (await namedAt(`/users/${index}`, readUser(env, school, user))).faults,
    { concurrency: AT_ONCE },
  );
  return faults.flat();
}

/**
 * Counts for whom an automation would start now, and starts it for them by a job unless it is only asked. Where there are
 * many candidates the job does both, and tells it: `count` is null.
 * @param hand who asks: an email, or the id of a key
 */
export async function enrolUsers(
  env: Env,
  school: School,
  id: string,
  { dry_run: isDry = false, ...given }: Whom,
  hand: string | null,
  entry: AuditEntry | null,
): Promise<{ count: number; jobId: null } | { count: number | null; jobId: string }> {
  const whom: Meant = "users" in given ? { users: [...new Set(given.users)] } : given;
  const row = await automationRow(env, school.id, id);
  requireStanding("automation", id, row);
  const faults = await faultsOfWhom(env, school, whom);
  if (faults.length) throw invalid(faults);
  if (!row.active) throw new Problem("conflict", "The automation is inactive.");
  const candidates = await firstMeant(env, school.id, whom, MOST_ASKED + 1);
  if (candidates.length > MOST_ASKED) {
    const asked = { automation: id, hand, whom, isDry };
    return { count: null, jobId: await startJob(env, school, isDry ? countJob : candidatesJob, asked, { entry }) };
  }
  const would = await pMap(candidates, (user) => userObject(env, school, user).wouldStart(referenceOf(school), id), {
    concurrency: AT_ONCE,
  });
  const starting = candidates.filter((_, index) => would[index]);
  if (isDry) return { count: starting.length, jobId: null };
  const jobId = await startJob(env, school, enrolJob, { automation: id, hand, users: starting }, { entry });
  return { count: starting.length, jobId };
}
