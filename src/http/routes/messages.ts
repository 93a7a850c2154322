import * as z from "zod";
import { previewMessage } from "../../automations/preview";
import { sendTestMessage } from "../../automations/test-message";
import { email } from "../../catalogue/account/email";
import { html, line, shortLine, text } from "../../catalogue/fields";
import { defineRoute, ok } from "../route";

/** Messages before they are sent. */
export const messageRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/messages/preview",
    scope: "read",
    summary: "Render a message for a user, and name the variables without a value.",
    description:
      "`user` left out: an example learner. `kind` is of a mail, which is shown in the school's frame. Its links are nobody's.",
    body: z.strictObject({
      subject: line.optional(),
      body: html,
      user: z.string().min(1).max(300).optional(),
      kind: z.enum(["transactional", "marketing", "collaborators"]).optional(),
      fact: z
        .strictObject({ type: z.string().max(128), data: z.record(z.string(), z.unknown()).default({}) })
        .optional(),
    }),
    limitBytes: 256 * 1024,
    answers: () => ({
      200: z.object({
        subject: z.string().optional(),
        body: z.string(),
        text: z.string(),
        unknown_variables: z.array(z.string()),
      }),
    }),
    handle: async ({ env, school, body }) => ok(await previewMessage(env, school, body)),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/messages/test",
    scope: "write",
    summary: "Send one mail to a collaborator, as a learner would get it.",
    description:
      "`user` is whom it is rendered for; left out, an example learner. To collaborators of the school alone. A test school keeps it; without a connector it is `not_sent`. The log of deliveries has none of it.",
    body: z.strictObject({
      to: email,
      subject: line.min(1),
      body: html,
      text: text.optional(),
      kind: z.enum(["transactional", "marketing"]).default("transactional"),
      from_name: shortLine(128).optional(),
      reply_to: email.optional(),
      user: z.string().min(1).max(300).optional(),
    }),
    limitBytes: 256 * 1024,
    answers: () => ({
      200: z.object({
        status: z.enum(["sent", "captured", "not_sent", "suppressed", "failed"]),
        to: z.string(),
        subject: z.string(),
        html: z.string(),
        error: z.string().nullable(),
      }),
    }),
    handle: async ({ env, school, body }) => ok(await sendTestMessage(env, school, body)),
  }),
];
