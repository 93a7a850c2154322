import * as z from "zod";
import { rowOf } from "../../../automations/runs/deliveries";
import { meantUser } from "../../../automations/trying/known-user";
import { previewMessage } from "../../../automations/trying/preview";
import { faultsOfReceiver, sendTestMessage } from "../../../automations/trying/test-message";
import { email } from "../../../catalogue/account/email";
import { topicId } from "../../../catalogue/messages/topic";
import { html, line, shortLine, text } from "../../../catalogue/options/fields";
import { faultsOfTopic, writeToUser } from "../../../users/write-to";
import { handOf } from "../../access/credentials";
import { created, defineRoute, ok } from "../../route";
import { deliveryDocument, toDeliveryDocument } from "../runs/deliveries";

const mail = {
  subject: line.min(1),
  body: html,
  text: text.optional(),
  kind: z.enum(["transactional", "marketing"]).default("transactional"),
  from_name: shortLine(128).optional(),
  reply_to: email.optional(),
};

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
    faultsBeside: async ({ env, school, now }, { user }) => (await meantUser(env, school, user, now)).faults,
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
      ...mail,
      user: z.string().min(1).max(300).optional(),
    }),
    faultsBeside: async ({ env, school, now }, { to, user }) => [
      ...(to === undefined ? [] : faultsOfReceiver(school, to)),
      ...(await meantUser(env, school, user, now)).faults,
    ],
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
  defineRoute({
    method: "POST",
    path: "/v1/users/:id/mails",
    scope: "write",
    summary: "Write a mail to a user by hand.",
    description:
      "As a step sends one, variables, frame, consent, kinds of mail, suppression and quiet hours included; no run " +
      "sends it. The same `id` with the same mail is once: 200. 409 where the user has no address.",
    body: z.strictObject({
      id: z.string().min(1).max(128).optional().meta({ description: "The caller's own; one of the user's events." }),
      ...mail,
      topic: topicId.optional().meta({ description: "The kind of mail, of those in the mail settings." }),
    }),
    faultsBeside: ({ school }, { topic }) => faultsOfTopic(school, topic),
    limitBytes: 256 * 1024,
    audits: { what: "user.written_to", onlyAs: 201 },
    answers: { 200: deliveryDocument, 201: deliveryDocument },
    handle: async ({ env, school, params, body, credential, trace }) => {
      const { id, ...mail } = body;
      const { isNew, delivery } = await writeToUser(env, school, params.id, {
        ...{ id, mail, origin: handOf(credential) },
        ...(trace === null ? {} : { trace }),
      });
      const document = toDeliveryDocument(rowOf(school.id, params.id, delivery));
      return isNew ? created(document) : ok(document);
    },
  }),
];
