import * as z from "zod";
import { url } from "../../../catalogue/options/fields";
import { rotateWebhookSecret } from "../../../schools/keys/webhook-secret";
import { testWebhook } from "../../../schools/webhook-test";
import { webhookSecretsOf } from "../../../world/secrets/webhook-secrets";
import { whoOf } from "../../access/credentials";
import { created, defineRoute, ok } from "../../route";

const secret = z.object({ secret: z.string().meta({ description: "whsec_ and 24 to 64 bytes in base64." }) });

/** What webhooks are signed with, and a try. */
export const webhookRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/webhook-secret",
    scope: "admin",
    summary: "Get the secret that webhooks are signed with.",
    description: "Receivers check `webhook-signature` with it, by any library of Standard Webhooks.",
    answers: { 200: secret },
    handle: async ({ env, school }) => ok({ secret: (await webhookSecretsOf(env, school))[0] ?? "" }),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/webhook-secret",
    scope: "admin",
    summary: "Make a new secret for webhooks.",
    description: "The one before signs beside it for 24 hours: each webhook then has both signatures.",
    answersSecret: true,
    answers: { 201: secret },
    handle: async ({ env, school, credential }) =>
      created({ secret: await rotateWebhookSecret(env, school.id, whoOf(credential)) }),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/webhooks/test",
    scope: "admin",
    summary: "Send a signed test to an address, now.",
    description:
      "The address is held to the same rules as that of a step. `status` is null where there was no answer, and `body` " +
      "then says why. A school in test mode sends after `settings.connectors.webhook.send_in_test: true` alone (409).",
    body: z.strictObject({ url }),
    answers: () => ({
      200: z.object({ status: z.number().int().nullable(), ms: z.number().int(), body: z.string() }),
    }),
    handle: async ({ env, school, body }) => ok(await testWebhook(env, school, body.url)),
  }),
];
