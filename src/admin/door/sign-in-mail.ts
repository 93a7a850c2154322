import type { Env } from "../../base/env";
import { log } from "../../base/log";
import { send } from "../../connectors";
import { platformMail } from "../../connectors/platform";
import { schoolsOf } from "./session";

/** Who sends, in a school's place: no school has a part in how somebody gets into another. */
const PLATFORM = { id: "", epoch: 1, name: "Schoolbell", mode: "live", webhookSecrets: [] } as const;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/**
 * Mails a sign-in link to whom a school lists, by the platform's own connector: whoever carries a link can use it. What
 * goes wrong is logged: whoever asked is not told whether there was anybody to mail.
 */
export async function mailLink(env: Env, email: string, link: string): Promise<void> {
  const mail = platformMail(env);
  if (!mail || (await schoolsOf(env, email)).length === 0) return;
  const key = `sign-in-${crypto.randomUUID()}`;
  const content = {
    subject: "Sign in to Schoolbell",
    html: `<p>Open this link to sign in. It is good for 15 minutes, and once.</p><p><a href="${escaped(link)}">${escaped(link)}</a></p><p>If you did not ask for it, there is nothing to do.</p>`,
    text: `Open this link to sign in. It is good for 15 minutes, and once.\n\n${link}\n\nIf you did not ask for it, there is nothing to do.`,
    kind: "transactional",
  };
  const sent = await send(env, PLATFORM, mail, null, {
    key,
    deliveryId: key,
    channel: "email",
    to: [email],
    content,
    at: Date.now(),
    user: { id: key, email, pushTokens: [] },
  });
  if (!sent.ok) log("error", "sign_in.mail_failed", { error: new Error(sent.error) });
}
