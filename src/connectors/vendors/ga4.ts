import * as z from "zod";
import { sha256Hex } from "../../base/bytes";
import { callVendor, judgeVendor } from "../calling/http";
import { pasted, secret } from "../options";
import { defineConnector } from "../ports";
import { withNumericValue } from "./numeric";

/** Made of school and user, so that all their events lie with one client; of the form a browser's would have. */
async function clientId(school: string, user: string): Promise<string> {
  const hex = await sha256Hex(JSON.stringify([school, user]));
  return `${Number.parseInt(hex.slice(0, 8), 16)}.${Number.parseInt(hex.slice(8, 16), 16)}`;
}

export const ga4 = defineConnector({
  name: "ga4",
  channel: "ga4",
  label: "Google Analytics 4",
  description:
    "Sends events by the Measurement Protocol, which never says whether it took one and cannot tell a doubled one.",
  settings: z.strictObject({
    measurement_id: pasted.regex(/^G-[A-Z0-9]{4,20}$/, "not a measurement id, such as G-ABC123"),
    api_secret: secret(),
  }),
  host: () => "www.google-analytics.com",

  async send(parcel, settings, tools) {
    const { name, params } = parcel.content;
    const query = new URLSearchParams({ measurement_id: settings.measurement_id, api_secret: settings.api_secret });
    const answer = await callVendor(tools, `https://www.google-analytics.com/mp/collect?${query}`, {
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        client_id: await clientId(parcel.school.id, parcel.user.id),
        // Google's terms forbid ids that name a person; some schools use addresses as ids.
        ...(parcel.user.id.includes("@") ? {} : { user_id: parcel.user.id }),
        timestamp_micros: parcel.at * 1_000,
        events: [
          {
            name,
            params: {
              // Reports leave out events without a session; the second of the step is as good as any.
              session_id: String(Math.floor(parcel.at / 1_000)),
              engagement_time_msec: 100,
              // The one thing GA4 does know a doubled event by.
              ...(name === "purchase" ? { transaction_id: parcel.key } : {}),
              ...withNumericValue(params),
            },
          },
        ],
      }),
    });
    const sending = judgeVendor(answer);
    // Sent, but unanswered: another attempt would count it twice.
    if (!answer.reached && answer.timedOut && name !== "purchase")
      return { ok: false, error: `${answer.error}; it may have been counted, so it is not sent again`, retry: false };
    return sending;
  },
});
