import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import { platformMail } from "../../connectors/mail/platform";
import { mailFromPlatform } from "../../connectors/mail/platform-mail";
import { say } from "../../language/say";
import { schoolsOf } from "./session";

/**
 * Mails a sign-in link to whom a school lists, by the platform's own connector: whoever carries a link can use it. What
 * goes wrong is logged: whoever asked is not told whether there was anybody to mail.
 */
export async function mailLink(env: Env, email: string, link: string): Promise<void> {
  if (!platformMail(env) || (await schoolsOf(env, email)).length === 0) return;
  const sent = await mailFromPlatform(env, {
    to: email,
    key: `sign-in-${crypto.randomUUID()}`,
    subject: say("Sign in to Schoolbell"),
    paragraphs: [
      say("Open this link to sign in. It works once, within 15 minutes."),
      link,
      say("If you did not ask for this, you can ignore it."),
    ],
  });
  if (sent && !sent.ok) log("error", "sign_in.mail_failed", { error: new Error(sent.error) });
}
