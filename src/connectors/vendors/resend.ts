import * as z from "zod";
import { callVendor, failed, judgeVendor } from "../calling/http";
import { from, secret } from "../options";
import { defineConnector } from "../ports";
import { letterOf, mailbox } from "./letter";

export const resend = defineConnector({
  name: "resend",
  channel: "email",
  label: "Resend",
  description: "Sends mail through resend.com.",
  settings: z.strictObject({ api_key: secret(), from }),
  host: () => "api.resend.com",

  async send(parcel, settings, tools) {
    const letter = letterOf(parcel, settings.from);
    const answer = await callVendor(tools, "https://api.resend.com/emails", {
      headers: {
        authorization: `Bearer ${settings.api_key}`,
        "content-type": "application/json",
        // Remembered for 24 h, which is as long as we try.
        "idempotency-key": parcel.key,
      },
      body: JSON.stringify({
        from: mailbox(letter.from),
        to: [letter.to],
        subject: letter.subject,
        html: letter.html,
        text: letter.text,
        ...(letter.replyTo ? { reply_to: letter.replyTo } : {}),
        headers: { "Message-ID": letter.messageId, ...letter.headers },
        // Handed back where it tells of a bounce.
        tags: [{ name: "delivery", value: parcel.key }],
      }),
    });
    // Our own earlier attempt is still under way there: it may yet fail.
    if (answer.reached && answer.status === 409 && answer.text.includes("concurrent_idempotent_requests"))
      return failed(answer, "409: an earlier attempt is still under way", true);
    return judgeVendor(answer);
  },
});
