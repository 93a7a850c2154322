import * as z from "zod";
import { pushUser } from "../../catalogue/messages/actions";
import { urlOption } from "../options";
import { defineConnector } from "../ports";
import { sendSigned } from "../secrets/signed";

export const pushWebhook = defineConnector({
  name: "webhook",
  channel: "push",
  label: "Webhook",
  description: `Hands push notifications to a service of yours, as a Standard Webhook of type ${pushUser.type}.`,
  settings: z.strictObject({ url: urlOption }),
  host: ({ url }) => url,
  send: (parcel, settings, tools) =>
    sendSigned(parcel, tools, {
      url: settings.url,
      body: {
        type: pushUser.type,
        timestamp: new Date(parcel.at).toISOString(),
        data: { user: { id: parcel.user.id, push_tokens: parcel.user.pushTokens }, ...parcel.content },
      },
    }),
});
