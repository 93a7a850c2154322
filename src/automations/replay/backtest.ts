import * as z from "zod";
import { once } from "../../base/cache";
import type { Env } from "../../base/env";
import { newId } from "../../base/ids";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { TriedCall } from "../../calls/what-if";
import { defineSteps } from "../../jobs/define";
import { everyUser } from "../../jobs/directory";
import { startJob } from "../../jobs/start";
import type { School } from "../../world/snapshot";
import { askAll, askPage } from "./ask";
import { DRAFT, type TriedAsked, triedAsked } from "./asked";
import { type Backtest, backtestDocument, Tally } from "./tally";

/* How often, and for whom, an automation would have started: the past of every user, told again with it. */

const ask = (env: Env, school: School, tried: TriedCall) => (user: string) =>
  userObject(env, school, user).backtest(referenceOf(school), tried);

/** How much of facts an answer tells of, and how much a job keeps. */
const MOST_ANSWERED = 4_000_000;
const MOST_KEPT = 400_000;

/** Answers at once where the school is not too large for that; else a job does. */
export async function backtest(
  env: Env,
  school: School,
  asked: TriedAsked,
): Promise<{ found: Backtest } | { jobId: string }> {
  const tried = await triedAsked(env, school, asked);
  const tally = Tally.of(school, { days: asked.days, since: tried.since }, MOST_ANSWERED);
  const scene = { env, school, job: newId("job_") };
  const isWhole = await askAll(scene, ask(env, school, tried), ({ answers, done }) => tally.add(answers, done));
  return isWhole
    ? { found: tally.document() }
    : { jobId: await startJob(env, school, backtestJob, { tried, days: asked.days }) };
}

const triedCall = once(() =>
  z.object({ id: z.string(), definition: z.string(), version: z.number(), since: z.number(), activeSince: z.number() }),
);

const STEP_USERS = 50;

export const backtestJob = defineSteps({
  name: "backtest",
  params: z.lazy(() => z.object({ tried: triedCall(), days: z.number() })),
  state: z.lazy(() => z.object({ after: z.string(), found: backtestDocument() })),
  about: ({ tried: { id } }) => (id === DRAFT ? null : { kind: "automation", id }),
  total: (scene) => everyUser.total(scene),
  step: async (scene, { tried, days }, state, most) => {
    const { env, school } = scene;
    const tally = Tally.of(school, { days, since: tried.since }, MOST_KEPT, state?.found);
    const limit = Math.min(most, STEP_USERS);
    const page = await askPage(scene, state?.after ?? null, limit, ask(env, school, tried));
    tally.add(page.answers, page.done);
    const found = tally.document();
    return {
      next: page.next === null ? null : { after: page.next, found },
      done: page.done,
      faults: page.faults,
      result: found,
    };
  },
});
