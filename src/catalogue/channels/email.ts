import * as z from "zod";
import { storedEmail as address } from "../account/email";
import { byAddress, defineChannel, line, textLine } from "./define";

export const email = defineChannel({
  name: "email",
  label: "Email",
  what: "How mail leaves. Without one it is not sent, but kept under Deliveries.",
  recipients: byAddress,
  isMail: true,
  isRead: true,
  content: z.object({
    subject: textLine,
    html: z.string(),
    /** Made of the HTML where it is left out. */
    text: z.string().optional(),
    kind: z.enum(["transactional", "marketing"]),
    /** One of `settings.mail.topics`. */
    topic: z.string().nullish(),
    from_name: line.nullish(),
    reply_to: address.nullish(),
  }),
  test: {
    subject: "A test from Schoolbell",
    html: "<p>A test from Schoolbell: mail leaves as it should.</p>",
    kind: "transactional",
  },
});
