import { Webhook, WebhookVerificationError } from "standardwebhooks";

/** Schoolbell did not send it so, or not now. */
export class WebhookError extends Error {
  override readonly name = "WebhookError";
}

/** Headers as they came: of fetch, of Node (`request.headers`), or of any record. */
export type GivenHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

const SIGNED = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/**
 * Checks that Schoolbell sent a webhook, unchanged and within the last five minutes (Standard Webhooks), and gives what it
 * says.
 * @param body the text as it came: what JSON.parse and JSON.stringify have touched is another text
 * @param secret `whsec_…` of `GET /v1/webhook-secret`; several while a secret is being changed for another
 * @throws WebhookError
 */
export function verifyWebhook<Body = unknown>(
  body: string | Uint8Array,
  headers: GivenHeaders,
  secret: string | readonly string[],
): Body {
  const read = (name: string): string => {
    const value = headers instanceof Headers ? headers.get(name) : entryOf(headers, name);
    return (Array.isArray(value) ? value.join(" ") : (value as string | null | undefined)) ?? "";
  };
  const signed = Object.fromEntries(SIGNED.map((name) => [name, read(name)]));
  const secrets = typeof secret === "string" ? [secret] : secret;
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  let refusal = new WebhookError("No secret was given.");
  for (const one of secrets) {
    try {
      // Whoever calls knows what was signed: what it says is theirs.
      return new Webhook(one).verify(text, signed) as Body;
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      refusal = new WebhookError(error.message);
    }
  }
  throw refusal;
}

const entryOf = (headers: Readonly<Record<string, string | readonly string[] | undefined>>, name: string) =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
