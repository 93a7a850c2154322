import { z } from "zod";
import { urlOption } from "../options";
import { defineConnector } from "../ports";
import { sendSigned } from "../signed";

/** The LMS keeps what our answers say. */
export const lmsNone = defineConnector({
  name: "none",
  channel: "lms",
  label: "None",
  description: "The LMS reads our answers, or is told by webhook steps.",
  settings: z.strictObject({}),
  host: () => null,
  send: async () => ({ ok: true, captured: true }),
});

export const lmsWebhook = defineConnector({
  name: "webhook",
  channel: "lms",
  label: "Webhook",
  description: "Every change an action made, as a Standard Webhook of type action.<action type>.",
  settings: z.strictObject({ url: urlOption }),
  host: ({ url }) => url,
  send: (parcel, settings, tools) =>
    sendSigned(parcel, tools, {
      url: settings.url,
      body: {
        type: `action.${parcel.content.type.replace(/^action\./, "")}`,
        timestamp: new Date(parcel.at).toISOString(),
        data: { user: { id: parcel.user.id }, ...parcel.content.data },
      },
    }),
});
