import * as z from "zod";
import { callVendor, judgeVendor, refusal } from "../calling/http";
import { urlOption } from "../options";
import { defineConnector } from "../ports";

export const gtm = defineConnector({
  name: "gtm",
  channel: "gtm",
  label: "Google Tag Manager",
  description: "Posts events to your server container; without one they wait for the learner's page.",
  settings: z.strictObject({ server_url: urlOption.optional() }),
  host: ({ server_url }) => server_url,

  async send(parcel, settings, tools) {
    if (!settings.server_url)
      return { ok: false, error: "no server container: the event waits for the page", retry: false };
    const refused = await refusal(settings.server_url, parcel, tools);
    if (refused) return refused;
    // Google has no API of its own here: a client in the container reads this body, whose form is ours.
    return judgeVendor(
      await callVendor(tools, settings.server_url, {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          event_name: parcel.content.name,
          event_id: parcel.key,
          event_time: Math.floor(parcel.at / 1_000),
          user_id: parcel.user.id,
          data: parcel.content.data,
        }),
      }),
    );
  },
});
