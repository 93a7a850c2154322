import { z } from "zod";
import { defineConnector } from "../ports";
import { sendSigned, signingSecret } from "../signed";

export const webhook = defineConnector({
  name: "webhook",
  channel: "webhook",
  label: "Webhooks",
  description: "Posts to the address a step names, signed after Standard Webhooks.",
  /** Read into `parcel.school.webhookSecrets` (see `webhookSecrets`); both are signed with while they change over. */
  settings: z.strictObject({ secret: signingSecret.optional(), previous_secret: signingSecret.optional() }),
  host: (_, { url }) => url,
  send: (parcel, _settings, tools) => sendSigned(parcel, tools, parcel.content),
});
