import * as z from "zod";
import { callVendor, judgeVendor } from "../calling/http";
import { from, pasted, secret } from "../options";
import { defineConnector } from "../ports";
import { letterOf, mailbox } from "./letter";

const stream = pasted.regex(/^[a-z0-9-]{1,30}$/, "not the id of a message stream");

export const postmark = defineConnector({
  name: "postmark",
  channel: "email",
  label: "Postmark",
  description: "Sends mail through postmarkapp.com. Where its answer is lost on the way, a mail may arrive twice.",
  settings: z.strictObject({
    server_token: secret(),
    from,
    /** Postmark wants marketing mail in a stream of its own. */
    stream: stream.default("outbound"),
    marketing_stream: stream.default("broadcast"),
  }),
  host: () => "api.postmarkapp.com",

  async send(parcel, settings, tools) {
    const letter = letterOf(parcel, settings.from);
    // Without X-PM-KeepID Postmark puts a Message-ID of its own in place of ours.
    const headers = { "Message-ID": letter.messageId, "X-PM-KeepID": "true", ...letter.headers };
    return judgeVendor(
      await callVendor(tools, "https://api.postmarkapp.com/email", {
        headers: { "x-postmark-server-token": settings.server_token, "content-type": "application/json" },
        body: JSON.stringify({
          From: mailbox(letter.from),
          To: letter.to,
          Subject: letter.subject,
          HtmlBody: letter.html,
          TextBody: letter.text,
          ...(letter.replyTo ? { ReplyTo: letter.replyTo } : {}),
          Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
          MessageStream: letter.kind === "marketing" ? settings.marketing_stream : settings.stream,
          Metadata: { delivery: parcel.key },
          ...(parcel.school.trackMail ? { TrackOpens: true, TrackLinks: "HtmlAndText" } : {}),
        }),
      }),
    );
  },
});
