import * as z from "zod";
import { sha256Hex } from "../../base/bytes";
import { callVendor, judgeVendor } from "../calling/http";
import { pasted, secret } from "../options";
import { defineConnector } from "../ports";
import { withNumericValue } from "./numeric";

const VERSION = "v24.0";

/** As Meta wants personal data: trimmed, lower case, SHA-256. */
const hashed = (text: string) => sha256Hex(text.trim().toLowerCase());

export const meta = defineConnector({
  name: "meta",
  channel: "meta",
  label: "Meta (Facebook) Conversions API",
  description: "Sends events for a pixel; e-mail and id leave us hashed only.",
  settings: z.strictObject({
    pixel_id: pasted.regex(/^\d{1,32}$/, "not a pixel id"),
    access_token: secret(),
    test_event_code: z.string().max(64).optional(),
  }),
  host: () => "graph.facebook.com",

  async send(parcel, settings, tools) {
    return judgeVendor(
      await callVendor(tools, `https://graph.facebook.com/${VERSION}/${settings.pixel_id}/events`, {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          // One event a request: one that is too old would fail all beside it.
          data: [
            {
              event_name: parcel.content.name,
              event_time: Math.floor(parcel.at / 1_000),
              // Known again for 48 h by event_id and event_name.
              event_id: parcel.key,
              // "website" would want the learner's browser and page, which we have not.
              action_source: "system_generated",
              user_data: {
                ...(parcel.user.email ? { em: [await hashed(parcel.user.email)] } : {}),
                external_id: [await hashed(parcel.user.id)],
              },
              custom_data: withNumericValue(parcel.content.custom_data),
            },
          ],
          ...(settings.test_event_code ? { test_event_code: settings.test_event_code } : {}),
          // In the body, not the URL: URLs are logged on the way.
          access_token: settings.access_token,
        }),
      }),
    );
  },
});
