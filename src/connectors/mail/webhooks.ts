import * as z from "zod";
import { pasted, secret } from "../options";

/** What mail vendors say of bounces and complaints is a way in; what is set up is how they are known. */
export const mailWebhooks = {
  name: "mail_webhooks",
  label: "Bounces and complaints",
  what: "By this your mail service reports what came back, who complained, and who opened a mail or followed a link.",
  hooks: [
    { name: "Postmark", path: "/hooks/mail/postmark" },
    { name: "Resend", path: "/hooks/mail/resend" },
    { name: "Amazon SES", path: "/hooks/mail/ses" },
  ],
  vendors: [
    {
      name: "mail_webhooks",
      settings: z.strictObject({
        /** Postmark signs nothing: it sends the user and password that stand in the address it was given. */
        postmark_auth: secret(pasted.regex(/^[^:\s]+:\S+$/, "user:password, as in the address given to Postmark"))
          .meta({ title: "Postmark: user:password" })
          .optional(),
        /** The signing secret that Resend shows of a webhook. */
        resend_secret: secret(pasted.regex(/^whsec_[A-Za-z0-9+/=]{16,200}$/, "whsec_ and base64, as Resend shows it"))
          .meta({ title: "Resend: signing secret" })
          .optional(),
        /** Amazon signs for all who have a topic there: this is the one that is the school's. */
        ses_topic: z
          .string()
          .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, "the ARN of a topic of SNS")
          .optional()
          .meta({ title: "Amazon SES: ARN of the SNS topic" }),
      }),
    },
  ],
} as const;
