import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { fromBase64, isSameSecret } from "../../base/bytes";
import { Problem } from "../../base/errors/errors";

/*
 * How Postmark and Resend prove who sends, as each really does it. Where a school has set nothing up, its hook key does.
 */

/** 401 unless `Authorization` is Basic with this `user:password`. */
export async function requireBasic(auth: string, headers: Headers): Promise<void> {
  const given = /^Basic\s+([A-Za-z0-9+/]+=*)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
  let text = "";
  try {
    text = new TextDecoder().decode(fromBase64(given));
  } catch {
    // No base64: no password either.
  }
  if (!(await isSameSecret(text, auth)))
    throw new Problem("unauthorized", "Authorization is not Basic with the user and password that are set up.");
}

/** 401 unless Svix signed it with this secret, not over five minutes ago. */
export function requireSvix(secret: string, headers: Headers, body: string): void {
  const names = ["id", "timestamp", "signature"] as const;
  // Svix signs as Standard Webhooks do, by headers of its own names.
  const given = Object.fromEntries(
    names.map((name) => [`webhook-${name}`, headers.get(`svix-${name}`) ?? headers.get(`webhook-${name}`) ?? ""]),
  );
  try {
    new Webhook(secret).verify(body, given);
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    throw new Problem("unauthorized", `The signature of Resend does not hold: ${error.message}.`);
  }
}
