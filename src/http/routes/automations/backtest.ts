import * as z from "zod";
import { automationRow } from "../../../automations/document";
import { faultsOfTried } from "../../../automations/replay/asked";
import { backtest } from "../../../automations/replay/backtest";
import { findMissed, startMissed } from "../../../automations/replay/missed";
import { backtestDocument } from "../../../automations/replay/tally";
import { requireAccess } from "../../access/access";
import { handOf, whoOf } from "../../access/credentials";
import { alsoOfFaulty } from "../../reading/body";
import { accepted, defineRoute, ok } from "../../route";
import { flag, jobAnswer } from "../flag";
import { automationBody } from "./automations";

const days = z.int().min(1, "1 to 90 days").max(90, "1 to 90 days");
const onlyDays = z.strictObject({ days });

const tried = z
  .strictObject({
    automation: automationBody.optional(),
    automation_id: z.string().min(1).max(128).optional(),
    days,
  })
  .refine(({ automation, automation_id: id }) => automation !== undefined || id !== undefined, {
    message: "one of automation and automation_id is needed",
    path: ["automation"],
    when: alsoOfFaulty,
  });

const answers = () => ({ 200: z.lazy(backtestDocument), 202: jobAnswer });
const answer = (told: Awaited<ReturnType<typeof backtest>>) =>
  "jobId" in told ? accepted({ job_id: told.jobId }) : ok(told.found);

const query = z.object({
  enrol: flag.meta({ description: "Starts it for them; `count` is needed." }),
  count: z
    .string()
    .regex(/^\d{1,9}$/, "a count")
    .transform(Number)
    .optional()
    .meta({ description: "How many you were shown: 409 when they are more or fewer by now." }),
});
const askedMissed = query.refine(({ enrol, count }) => !enrol || count !== undefined, {
  message: "the count that you were shown is needed",
  path: ["count"],
});

/** An automation held against what has happened. */
export const backtestRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/automations/backtest",
    scope: "read",
    summary: "Tell how often, and for whom, an automation or a draft would have started, had it been on for some days.",
    description:
      "The past of every user is told again with it: conditions are judged on the user of that moment, what comes by " +
      "itself comes at its time, and what it does counts for what follows. Nothing is changed. A draft with an " +
      "`automation_id` stands in that one's place. Where users are too many to be asked before the answer a job " +
      "answers the same as its `result`.",
    body: tried,
    faultsBeside: ({ env, school }, part) => faultsOfTried(env, school, part),
    limitBytes: 512 * 1024,
    answers,
    handle: async ({ env, school, body }) => answer(await backtest(env, school, body)),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/automations/:id/backtest",
    scope: "read",
    summary: "The same of an automation that is saved.",
    body: onlyDays,
    answers,
    handle: async ({ env, school, params, body }) => {
      // It is the path that names it here.
      await automationRow(env, school.id, params.id);
      return answer(await backtest(env, school, { automation_id: params.id, days: body.days }));
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/automations/:id/missed",
    scope: ["read", "write"],
    summary:
      "Tell, by a job, who should have run in the last days and did not, and why; with `enrol` start it for them.",
    description:
      "Those for whom it would have started had it been on, who never ran it since, and whom today's conditions, " +
      "re-entry and limit let. With `enrol` (scope `write`) the run begins from the fact that was missed. Where users are " +
      "too many to be counted before the answer the job counts them first, and fails where the count has moved.",
    query: askedMissed,
    requires: (credential, sent) => {
      if (sent.query.enrol === "true") requireAccess({ scopes: ["write"] }, credential);
    },
    body: onlyDays,
    answers: { 202: jobAnswer },
    handle: async ({ env, school, params, query, body, credential }) => {
      const { enrol, count } = query;
      if (!enrol || count === undefined)
        return accepted({ job_id: await findMissed(env, school, params.id, body.days) });
      const asking = { who: whoOf(credential), hand: handOf(credential).id };
      return accepted({ job_id: await startMissed(env, school, params.id, { ...body, ...asking, count }) });
    },
  }),
];
