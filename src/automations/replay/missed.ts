import * as z from "zod";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { newId } from "../../base/ids";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { TriedCall } from "../../calls/what-if";
import { requireStanding } from "../../db/deleting/held";
import { CannotRead, defineSteps, type JobScene } from "../../jobs/define";
import { everyUser } from "../../jobs/directory";
import { startJob } from "../../jobs/start";
import type { School } from "../../world/snapshot";
import { automationRow } from "../document";
import { askAll, askPage } from "./ask";
import { sinceOf, triedRow } from "./asked";
import { missedDocument, noneMissed, withMissed } from "./missed-document";

/* Who should have run and did not: by the past told again with the automation on, and what it would do today. */

const ask = (env: Env, school: School, tried: TriedCall) => (user: string) =>
  userObject(env, school, user).missed(referenceOf(school), tried);

/** Looks for them by a job, whose result tells of them; answers with its id. */
export async function findMissed(env: Env, school: School, id: string, days: number): Promise<string> {
  const row = await automationRow(env, school.id, id);
  requireStanding("automation", id, row);
  const tried = triedRow(row, sinceOf(school, days));
  return startJob(env, school, missedJob, { tried, days, start: null }, { inline: true });
}

const moved = (count: number): Problem =>
  new Problem("conflict", `It is ${count} by now: look at who they are, and say that count.`);

/** Who asks for it: for the audit log, and as the giver of what is given. */
interface Asking {
  who: string;
  hand: string | null;
}

/**
 * Starts it for them, by a job. Where there are too many users to be asked before the answer, the job counts them first,
 * and ends there where the count has moved.
 * @param count of those who were shown; 409 when they are more or fewer by now
 */
export async function startMissed(
  env: Env,
  school: School,
  id: string,
  { days, count, who, hand }: { days: number; count: number } & Asking,
): Promise<string> {
  const row = await automationRow(env, school.id, id);
  requireStanding("automation", id, row);
  if (!row.active) throw new Problem("conflict", "The automation is inactive.");
  const tried = triedRow(row, sinceOf(school, days));
  let found = 0;
  const scene = { env, school, job: newId("job_") };
  const isWhole = await askAll(scene, ask(env, school, tried), ({ answers }) => {
    found += answers.filter(({ told }) => told.missed).length;
  });
  if (isWhole && found !== count) throw moved(found);
  const start = { hand, count: isWhole ? null : count };
  const entry = { school: school.id, who, what: "automation.missed_started", subject: id };
  return startJob(env, school, missedJob, { tried, days, start }, { inline: true, entry });
}

const STEP_USERS = 50;

const state = z.lazy(() => z.object({ after: z.string().nullable(), counts: z.boolean(), found: missedDocument() }));

export const missedJob = defineSteps({
  name: "missed",
  params: z.lazy(() =>
    z.object({
      tried: z.object({
        ...{ id: z.string(), definition: z.string() },
        ...{ version: z.number(), since: z.number(), activeSince: z.number() },
      }),
      days: z.number(),
      /** Null: it is only told who they are. `count`: they are to be so many; null: they have been counted. */
      start: z.object({ hand: z.string().nullable(), count: z.number().nullable() }).nullable(),
    }),
  ),
  state,
  about: ({ tried: { id } }) => ({ kind: "automation", id }),
  total: (scene) => everyUser.total(scene),
  step: async (scene, { tried, days, start }, at, most) => {
    const { env, school } = scene;
    const {
      after,
      counts,
      found: before,
    } = at ?? {
      after: null,
      counts: start === null || start.count !== null,
      found: noneMissed(days, tried.since),
    };
    const isMissed = ask(env, school, tried);
    const perform = counts ? isMissed : async (user: string) => begin(scene, tried, start?.hand ?? null, user);
    const page = await askPage(scene, after, Math.min(most, STEP_USERS), perform);
    const found = withMissed(before, tried.since, page.answers);
    const stepped = { done: counts && start ? 0 : page.done, took: page.done, faults: page.faults, result: found };
    if (page.next !== null) return { ...stepped, next: { after: page.next, counts, found } };
    if (!counts || !start) return { ...stepped, next: null };
    if (found.count !== start.count) throw new CannotRead(moved(found.count).detail, null);
    return { ...stepped, next: { after: null, counts: false, found: noneMissed(days, tried.since) } };
  },
});

/** Starts it for a user from the fact that it missed, where it still would. */
async function begin({ env, school, job }: JobScene, tried: TriedCall, hand: string | null, user: string) {
  const told = await ask(env, school, tried)(user);
  if (!told?.missed) return told;
  const origin = { by: "hand", id: hand } as const;
  const input = { kind: "enrol", automation: tried.id, fact: told.missed.fact, origin } as const;
  await userObject(env, school, user).change(referenceOf(school), input, { creates: false, once: job });
  return told;
}
