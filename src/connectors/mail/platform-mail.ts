import type { Env } from "../../base/env";
import type { SendResult } from "../ports";
import { send } from "../send";
import { platformMail } from "./platform";

/** Who sends, in a school's place: no school has a part in what the platform says to those who run it. */
const PLATFORM = { id: "", epoch: 1, name: "Schoolbell", mode: "live", webhookSecrets: [] } as const;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const isLink = (text: string): boolean => /^https?:\/\/\S+$/.test(text);
const htmlOf = (paragraph: string): string =>
  `<p>${isLink(paragraph) ? `<a href="${escaped(paragraph)}">${escaped(paragraph)}</a>` : escaped(paragraph)}</p>`;

/** A letter of the platform's. */
export interface PlatformLetter {
  to: string;
  /** The same on every attempt. */
  key: string;
  subject: string;
  /** Plain text each; one that is nothing but an address is a link. */
  paragraphs: readonly string[];
}

/** Mails somebody by the platform's own connector; null: it has none. */
export async function mailFromPlatform(
  env: Env,
  { to, key, subject, paragraphs }: PlatformLetter,
): Promise<SendResult | null> {
  const mail = platformMail(env);
  if (!mail) return null;
  return send(env, PLATFORM, mail, null, {
    key,
    deliveryId: key,
    channel: "email",
    to: [to],
    content: {
      subject,
      html: paragraphs.map(htmlOf).join(""),
      text: paragraphs.join("\n\n"),
      kind: "transactional",
    },
    at: Date.now(),
    user: { id: key, email: to, pushTokens: [] },
  });
}
