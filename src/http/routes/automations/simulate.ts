import * as z from "zod";
import { inventedUser } from "../../../automations/trying/invented";
import { faultsOfRehearsal, rehearse } from "../../../automations/trying/simulate";
import { attributes } from "../../../catalogue/account/attributes";
import { addDuration } from "../../../catalogue/dates/time";
import { duration, durationUpTo } from "../../../catalogue/options/fields";
import { alsoOfFaulty } from "../../reading/body";
import { defineRoute, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { automationBody } from "./automations";

const MAX_SPAN = "P5Y";
const data = z.record(z.string(), z.unknown());
const asked = z.strictObject({ type: z.string().min(1).max(128), data: data.default({}) });
const told = z.object({ type: z.string(), data });

const span = durationUpTo(
  "five years at most",
  (text) => addDuration(0, text, "UTC") <= addDuration(0, MAX_SPAN, "UTC"),
);

const assumption = z.strictObject({
  after: duration,
  event: asked.extend({ user: attributes.extend({ id: z.string().optional() }).optional() }),
});
const MOST_ASSUMED = 100;

const body = z
  .strictObject({
    automation: automationBody.optional(),
    automation_id: z.string().min(1).max(128).optional(),
    user: z.union([z.string().min(1).max(300), inventedUser]),
    fact: asked.optional(),
    for: span.default("P30D"),
    assume: z.array(assumption).max(MOST_ASSUMED).default([]),
  })
  .refine(({ automation, automation_id: id }) => (automation === undefined) !== (id === undefined), {
    message: "one of automation and automation_id",
    path: ["automation"],
    when: alsoOfFaulty,
  });

const simulation = z.object({
  matched: z.boolean(),
  fact: told,
  trace: z.array(
    z.object({
      at: timeOut,
      fact: told,
      matched: z.boolean(),
      stopped_by: z.string().optional(),
      path: z.string().optional(),
      expected: z.unknown().optional(),
      seen: z.unknown().optional(),
    }),
  ),
  steps: z.array(z.object({ at: timeOut, step_id: z.string(), type: z.string(), status: z.string(), would: data })),
  ends: z.object({ at: timeOut, status: z.string(), reason: z.string().nullable() }).nullable(),
});

/** Trying an automation without doing anything. */
export const simulateRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/automations/simulate",
    scope: "read",
    summary: "Tell what an automation would do to a user. Nothing is changed or sent.",
    description:
      "The automation is tried alone, on a user or on one only thought of, from a fact (the first trigger's when none is given) on. " +
      "Events of `assume` happen on the way. `would` is what a step changes and what it would send, rendered.",
    body,
    faultsBeside: ({ env, school }, { automation, automation_id: id, user, fact }, given) => {
      const all = Array.isArray(given.assume) ? given.assume.slice(0, MOST_ASSUMED) : [];
      const assume = all.map((one) => assumption.safeParse(one).data ?? null);
      return faultsOfRehearsal(env, school, { automation: automation ?? id, user, fact: fact ?? null, assume });
    },
    limitBytes: 512 * 1024,
    answers: { 200: simulation },
    handle: async ({ env, school, body: { automation, automation_id, user, fact, for: time, assume } }) => {
      const found = await rehearse(env, school, {
        automation: automation ?? automation_id ?? "",
        user,
        fact: fact ?? null,
        span: time,
        assume,
      });
      return ok({
        ...found,
        trace: found.trace.map((one) => ({ ...one, at: rfc3339(one.at) })),
        steps: found.steps.map((one) => ({ ...one, at: rfc3339(one.at) })),
        ends: found.ends && { ...found.ends, at: rfc3339(found.ends.at) },
      });
    },
  }),
];
