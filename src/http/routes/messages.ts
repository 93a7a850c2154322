import { z } from "zod";
import { previewMessage } from "../../automations/preview";
import { html, line } from "../../catalogue/fields";
import { defineRoute, ok } from "../route";

/** Messages before they are sent. */
export const messageRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/messages/preview",
    scope: "read",
    summary: "Render a message for a user, and name the variables without a value.",
    body: z.strictObject({
      subject: line.optional(),
      body: html,
      user: z.string().min(1).max(300),
      fact: z
        .strictObject({ type: z.string().max(128), data: z.record(z.string(), z.unknown()).default({}) })
        .optional(),
    }),
    limitBytes: 256 * 1024,
    answers: {
      200: z.object({
        subject: z.string().optional(),
        body: z.string(),
        text: z.string(),
        unknown_variables: z.array(z.string()),
      }),
    },
    handle: async ({ env, school, body }) => ok(await previewMessage(env, school, body)),
  }),
];
