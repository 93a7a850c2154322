import * as z from "zod";
import { ownDeliveries, ownPlanned } from "../../../automations/own-messages";
import { pageOf, turnableListQuery } from "../../../db/lists/list";
import { isRecord } from "../../../definition/types";
import { changeChoices, faultsOfTopics, readChoices } from "../../../users/choices";
import { defineRoute, ok } from "../../route";

const message = {
  channel: z.string(),
  subject: z.string().nullable(),
  at: z.string().meta({ format: "date-time", description: "When it was, or is to be, sent." }),
};

const choices = z
  .object({
    marketing_consent: z.boolean(),
    cookies_accepted: z.boolean(),
    topics: z.array(z.object({ id: z.string(), name: z.string(), on: z.boolean() })).meta({
      description: "The school's kinds of mail, `settings.mail.topics`.",
    }),
  })
  .meta({ component: "Choices" });

/** What learners see and say of the messages to them. */
export const meRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/me/planned",
    scope: "user",
    summary: "What is to be sent to the token's user, as things stand.",
    description:
      "What waits for quiet hours or the cap, and what runs under way will send within 60 days if nothing else happens. Soonest first; subjects and times alone.",
    answers: () => ({ 200: pageOf(z.object(message)) }),
    handle: async ({ env, school, credential }) =>
      ok({ data: await ownPlanned(env, school, credential.user), next_cursor: null }),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/me/deliveries",
    scope: "user",
    summary: "What was sent to the token's user, and in plain words why.",
    description: "Subjects and times, never contents or addresses, automations, tags or segments.",
    query: turnableListQuery,
    answers: () => ({
      200: pageOf(
        z.object({
          id: z.string(),
          ...message,
          status: z.enum(["sent", "waits", "not_sent"]),
          why: z.string().nullable().meta({ description: "What it came of, in plain words." }),
        }),
      ),
    }),
    handle: async ({ env, school, credential, query }) => ok(await ownDeliveries(env, school, credential.user, query)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/me/consent",
    scope: "user",
    summary: "What the token's user has agreed to, and which kinds of mail they want.",
    answers: { 200: choices },
    handle: async ({ env, school, credential }) => ok((await readChoices(env, school, credential.user)).choices),
  }),
  defineRoute({
    method: "PATCH",
    path: "/v1/me/consent",
    scope: "user",
    summary: "Agree, or no longer, as the token's user.",
    description: "What is left out stays. It holds at once, for what waits too.",
    body: z.strictObject({
      marketing_consent: z.boolean().optional(),
      cookies_accepted: z.boolean().optional(),
      topics: z.record(z.string().max(64), z.boolean()).optional().meta({
        description: "By the id of a kind of mail: whether it is wanted.",
      }),
    }),
    faultsBeside: ({ school }, _, { topics }) => (isRecord(topics) ? faultsOfTopics(school, topics) : []),
    answers: { 200: choices },
    handle: async ({ env, school, credential, body }) => ok(await changeChoices(env, school, credential.user, body)),
  }),
];
