import { Webhook } from "standardwebhooks";
import * as z from "zod";
import { fromBase64, toBase64 } from "../../base/bytes";
import { traceparentOf } from "../../base/reports/trace";
import { checkHeader } from "../../catalogue/options/address";
import { callVendor, judgeWebhook, type Reply, refusal } from "../calling/http";
import { pasted, secret } from "../options";
import type { Parcel, SendResult, Tools } from "../ports";
import { derivedBytes } from "./keys";

/*
 * Standard Webhooks (standardwebhooks.com): whatever goes to an address of the school's own is signed so.
 */

const PREFIX = "whsec_";

/** `whsec_` and 24–64 bytes in base64. */
export const signingSecret = secret(
  pasted.refine(
    (text) => {
      if (!text.startsWith(PREFIX) || !z.base64().safeParse(text.slice(PREFIX.length)).success) return false;
      const { length } = fromBase64(text.slice(PREFIX.length));
      return length >= 24 && length <= 64;
    },
    { error: "not a webhook secret: whsec_ and 24 to 64 bytes in base64" },
  ),
);

/** A secret to sign a school's webhooks with: 32 bytes of chance. */
export const newWebhookSecret = (): string => PREFIX + toBase64(crypto.getRandomValues(new Uint8Array(32)));

/**
 * The secret of a school that was made before secrets were kept: derived for it from the Worker's own.
 * @param secretKey SECRET_KEY: 32 bytes in base64
 */
export async function derivedWebhookSecret(secretKey: string, school: { id: string; epoch: number }): Promise<string> {
  // The first schools of an id were not counted yet.
  const purpose = school.epoch === 1 ? `webhook/${school.id}` : `webhook/${school.id}/${school.epoch}`;
  return PREFIX + toBase64(await derivedBytes(secretKey, purpose, 32));
}

/** Posts JSON to an address of the school's, signed with the time of this attempt and the parcel's key as its id. */
export async function sendSigned(
  parcel: Parcel,
  tools: Tools,
  request: { url: string; method?: string; headers?: Record<string, string>; body: unknown },
): Promise<SendResult> {
  const reply = await replyToSigned(parcel, tools, request);
  return "ok" in reply ? reply : judgeWebhook(reply);
}

/** The same, with the answer as it came; what may not be called is refused. */
export async function replyToSigned(
  parcel: Pick<Parcel, "key" | "school" | "mode" | "trace">,
  tools: Tools,
  request: { url: string; method?: string; headers?: Record<string, string>; body: unknown },
): Promise<Reply | SendResult> {
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const fault = checkHeader(name, value);
    if (fault !== null) return { ok: false, error: `header ${name}: ${fault}`, retry: false };
  }
  const refused = await refusal(request.url, parcel, tools);
  if (refused) return refused;

  // Serialised once: the bytes that are signed are the bytes that are sent.
  const body = JSON.stringify(request.body ?? null);
  const now = new Date(tools.now());
  const own = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return callVendor(tools, request.url, {
    ...(request.method ? { method: request.method } : {}),
    headers: {
      "content-type": "application/json",
      ...Object.fromEntries(own),
      ...(parcel.trace === undefined ? {} : { traceparent: traceparentOf(parcel.trace) }),
      "webhook-id": parcel.key,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
      "webhook-signature": parcel.school.webhookSecrets
        .map((text) => new Webhook(text).sign(parcel.key, now, body))
        .join(" "),
    },
    body,
  });
}
