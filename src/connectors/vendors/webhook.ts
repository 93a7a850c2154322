import * as z from "zod";
import { defineConnector } from "../ports";
import { sendSigned, signingSecret } from "../secrets/signed";

export const webhook = defineConnector({
  name: "webhook",
  channel: "webhook",
  label: "Webhooks",
  description: "Posts to the address a step names, signed after Standard Webhooks.",
  settings: z.strictObject({
    send_in_test: z.boolean().optional().meta({
      title: "Send in test mode",
      description: "Of a school in test mode: webhooks of its steps are really sent, and not only kept.",
    }),
    // Of the school's own making, in the place of ours: both are signed with while they change over.
    secret: signingSecret.optional(),
    previous_secret: signingSecret.optional(),
  }),
  servesUnchosen: true,
  host: (_, { url }) => url,
  send: (parcel, _settings, tools) => sendSigned(parcel, tools, parcel.content),
});
