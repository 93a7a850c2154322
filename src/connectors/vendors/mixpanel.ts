import * as z from "zod";
import { sha256Hex, toBase64 } from "../../base/bytes";
import { callVendor, failed, judgeVendor, kept } from "../calling/http";
import { secret } from "../options";
import { defineConnector } from "../ports";

/** A project's data lives in one region, and is taken only there. */
const HOSTS = { us: "api.mixpanel.com", eu: "api-eu.mixpanel.com", in: "api-in.mixpanel.com" };

const verbose = z.object({ status: z.number(), error: z.string().nullish() });

const readVerbose = (text: string) => {
  try {
    return verbose.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: no yes.
    return null;
  }
};

export const mixpanel = defineConnector({
  name: "mixpanel",
  channel: "mixpanel",
  label: "Mixpanel",
  description: "Sends events to a Mixpanel project.",
  settings: z.strictObject({
    token: secret(),
    region: z
      .enum(["us", "eu", "in"])
      .default("us")
      .meta({ choices: { us: "United States", eu: "European Union", in: "India" } }),
  }),
  host: () => "api.mixpanel.com",

  async send(parcel, settings, tools) {
    const event = {
      event: parcel.content.event,
      properties: {
        ...parcel.content.properties,
        token: settings.token,
        distinct_id: parcel.user.id,
        // Mixpanel knows a second one by event, distinct_id, $insert_id and time together: all are fixed.
        time: parcel.at,
        $insert_id: await insertId(parcel.key),
      },
    };
    // The form of Mixpanel's own client: base64 of JSON in a form field.
    const data = toBase64(new TextEncoder().encode(JSON.stringify([event])));
    // verbose: without it a refusal is a 200 that says "0".
    const answer = await callVendor(tools, `https://${HOSTS[settings.region]}/track?ip=0&verbose=1`, {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ data }).toString(),
    });
    const sending = judgeVendor(answer);
    if (!sending.ok || !answer.reached) return sending;
    const said = readVerbose(answer.text);
    return said?.status === 1 ? sending : failed(answer, `refused: ${said?.error || kept(answer.text)}`, false);
  },
});

/** `$insert_id` holds 36 characters of `[A-Za-z0-9-]` at most. */
async function insertId(key: string): Promise<string> {
  return /^[A-Za-z0-9-]{1,36}$/.test(key) ? key : (await sha256Hex(key)).slice(0, 36);
}
