import * as z from "zod";
import { once } from "../../base/cache";
import { attributes } from "../../catalogue/account/attributes";
import { CHANGES, cause, changeTypes } from "../../catalogue/facts/changes";
import { pushUser } from "../../catalogue/messages/actions";
import { type JsonSchema, jsonSchemaOf } from "../../catalogue/options/json-schema";
import { presentedUser } from "../../catalogue/shown/present";
import { sendWebhook } from "../../catalogue/tracking/actions";
import { componentOf } from "./cards";
import { type Components, refTo } from "./components";

/*
 * What we call: each body, and the headers by which it is verified (Standard Webhooks).
 */

const time = z.string().meta({ format: "date-time" });

/** The user as an event brings one. */
export const eventUser = (): JsonSchema =>
  jsonSchemaOf(attributes.extend({ id: z.string().min(1).max(128).optional() }), "input");

const step = once(() =>
  z.object({
    run: z.object({ id: z.string(), automation_id: z.string(), step_id: z.string() }),
    user: presentedUser,
    fact: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()), at: time }),
  }),
);

const push = once(() =>
  z.object({
    type: z.literal(pushUser.type),
    timestamp: time,
    data: z.object({
      user: z.object({ id: z.string(), push_tokens: z.array(z.string()) }),
      title: z.string(),
      body: z.string(),
      url: z.string().nullish(),
    }),
  }),
);

const test = once(() =>
  z.object({
    type: z.literal("webhook.test"),
    timestamp: time,
    data: z.object({ school: z.string() }),
  }),
);

const change = (type: keyof typeof CHANGES) =>
  z.object({
    type: z.literal(`change.${type}`),
    timestamp: time,
    id: z.string(),
    user: z.string(),
    seq: z.number().int().meta({ description: "Grows with each change of the user." }),
    at: time,
    cause,
    data: CHANGES[type],
  });

const HEADERS = [
  ["webhook-id", "The same on every attempt: a receiver knows a second one by it."],
  ["webhook-timestamp", "Of this attempt, Unix seconds. Refuse what is more than five minutes off."],
  ["webhook-signature", "`v1,` and the HMAC-SHA-256 of `<id>.<timestamp>.<body>`; several, parted by blanks."],
].map(([name, description]) => ({ name, in: "header", required: true, description, schema: { type: "string" } }));

/** The `webhooks` of the document. */
export function webhooksOf(components: Components): Record<string, JsonSchema> {
  const called = (name: string, summary: string, schema: JsonSchema, description?: string): JsonSchema => ({
    post: {
      operationId: `webhook_${name.replaceAll(".", "_")}`,
      tags: ["webhooks"],
      summary,
      ...(description ? { description } : {}),
      security: [],
      parameters: HEADERS,
      requestBody: { required: true, content: { "application/json": { schema } } },
      responses: {
        "2XX": { description: "Taken." },
        "4XX": { description: "Not taken: tried again for a day, ever more seldom; 410 is final." },
      },
    },
  });
  const body = (schema: z.ZodType, name: string) =>
    components.name(name, components.place(jsonSchemaOf(schema, "output"), name));
  const changes = changeTypes.map((type) => [type, body(change(type), componentOf(type, "Change"))] as const);
  const batch: JsonSchema = {
    type: "object",
    properties: {
      type: { type: "string", const: "change.batch" },
      timestamp: { type: "string", format: "date-time" },
      data: { type: "array", items: refTo("Change") },
    },
    required: ["type", "timestamp", "data"],
  };
  components.name("Change", {
    description: "A change that we made ourselves, whatever made it.",
    oneOf: changes.map(([, ref]) => ref),
    discriminator: {
      propertyName: "type",
      mapping: Object.fromEntries(changes.map(([type, ref]) => [`change.${type}`, ref.$ref])),
    },
  });
  return {
    [sendWebhook.type]: called(
      sendWebhook.type,
      "A step of an automation calls its address.",
      body(step(), "StepWebhook"),
      "Where the step has a `body` of its own, that is sent in the place of this one.",
    ),
    ...Object.fromEntries(
      changes.map(([type, ref]) => [
        `change.${type}`,
        called(`change.${type}`, "We changed something: `connectors.lms`.", ref),
      ]),
    ),
    "change.batch": called(
      "change.batch",
      "Several changes of one user: `connectors.lms.batch`.",
      components.name("ChangeBatch", batch),
    ),
    [pushUser.type]: called(
      pushUser.type,
      "A push notification to hand on: `connectors.push`.",
      body(push(), "PushWebhook"),
    ),
    "webhook.test": called("webhook.test", "`POST /v1/webhooks/test`.", body(test(), "TestWebhook")),
  };
}
