import { mailAddress } from "../../catalogue/account/email";
import type { ContentOf } from "../../catalogue/channels";
import { htmlToText } from "../../catalogue/text/template";
import type { Parcel } from "../ports";

/** One mail to one person, ready for any mailer. */
export interface Letter {
  from: { name: string; address: string };
  to: string;
  replyTo: string | null;
  subject: string;
  html: string;
  text: string;
  kind: "transactional" | "marketing";
  /** Equal on every attempt: all that a receiver can tell a doubled mail by. */
  messageId: string;
  /** Over and above what a mailer makes itself. */
  headers: Record<string, string>;
}

/** The letter of a parcel; its content and recipient are checked already (see `contentFault`). */
export function letterOf(parcel: Parcel<ContentOf<"email">>, sender: string): Letter {
  const { content } = parcel;
  const [to = ""] = parcel.to.map(mailAddress);
  const address = mailAddress(parcel.school.mailFrom ?? sender);
  const domain = address.slice(address.lastIndexOf("@") + 1);
  const name = (content.from_name || parcel.school.name).replaceAll(/\p{Cc}+/gu, " ").slice(0, 255);
  return {
    from: { name, address },
    to,
    replyTo: content.reply_to ? mailAddress(content.reply_to) : null,
    subject: content.subject,
    html: content.html,
    text: content.text ?? htmlToText(content.html),
    kind: content.kind,
    messageId: `<${parcel.key}@${domain}>`,
    headers: parcel.unsubscribeUrl
      ? {
          // RFC 8058; both must lie under DKIM, which is the sender's set-up.
          "List-Unsubscribe": `<${parcel.unsubscribeUrl}>`,
          "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
      : {},
  };
}

/** `"Name" <address>` for mailers that take one text; the name quoted, so nothing in it is syntax. */
export const mailbox = ({ name, address: at }: { name: string; address: string }): string =>
  name ? `"${name.replaceAll(/["\\]/g, "\\$&")}" <${at}>` : at;
