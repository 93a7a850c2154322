import * as z from "zod";
import { once } from "../../base/cache";
import { detailOf, keyInMessageId, type VendorReport } from "./report";

/*
 * What Amazon SES says of bounces and complaints, of opens and clicks: feedback notifications (`notificationType`) and
 * events of a configuration set (`eventType`), in the message of a notification of SNS.
 */

const recipient = once(() =>
  z.object({
    emailAddress: z.string(),
    status: z.string().optional(),
    diagnosticCode: z.string().optional(),
  }),
);

const message = once(() =>
  z.object({
    notificationType: z.string().optional(),
    eventType: z.string().optional(),
    bounce: z
      .object({
        bounceType: z.string(),
        bounceSubType: z.string().optional(),
        bouncedRecipients: z.array(recipient()),
      })
      .optional(),
    complaint: z
      .object({ complainedRecipients: z.array(recipient()), complaintFeedbackType: z.string().nullish() })
      .optional(),
    mail: z
      .object({
        headers: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
        commonHeaders: z.object({ messageId: z.string().nullish() }).nullish(),
      })
      .nullish(),
  }),
);

type Mail = z.output<ReturnType<typeof message>>["mail"];

/** SES puts a Message-ID of its own into what is delivered, and tells ours all the same. */
function keyOf(mail: Mail): string | null {
  const header = mail?.headers?.find(({ name }) => name.toLowerCase() === "message-id")?.value;
  return keyInMessageId(header) ?? keyInMessageId(mail?.commonHeaders?.messageId ?? undefined);
}

export function readSes(given: unknown): VendorReport[] {
  const { data } = message().safeParse(given);
  if (!data) return [];
  const type = data.notificationType ?? data.eventType;
  const key = keyOf(data.mail);
  if (type === "Open" || type === "Click") return [{ what: type === "Open" ? "opened" : "clicked", key }];
  if (type === "Bounce" && data.bounce) {
    const { bounceType, bounceSubType, bouncedRecipients } = data.bounce;
    return bouncedRecipients.map(({ emailAddress, diagnosticCode }) => ({
      address: emailAddress,
      what: bounceType === "Permanent" ? "bounced" : "bounced_softly",
      key,
      detail: detailOf(bounceSubType, diagnosticCode),
    }));
  }
  if (type !== "Complaint" || !data.complaint) return [];
  const { complainedRecipients, complaintFeedbackType } = data.complaint;
  // Somebody who takes a mail out of the spam says so in the same way.
  if (complaintFeedbackType === "not-spam") return [];
  return complainedRecipients.map(({ emailAddress }) => ({
    address: emailAddress,
    what: "complained",
    key,
    detail: detailOf(complaintFeedbackType ?? undefined),
  }));
}
