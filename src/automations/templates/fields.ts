import * as z from "zod";
import { invalid } from "../../base/errors/errors";
import { domainMeantFault } from "../../catalogue/account/domain";
import { duration as durationField, html, id, line, TRIGGER, text } from "../../catalogue/options/fields";

/*
 * What templates ask for. `"$trigger"` is no answer: it would stand where nothing was triggered yet.
 */

/** One id or several of a kind. */
export const list = (picker: string, title: string) =>
  z
    .array(id.refine((one) => one !== TRIGGER, `"${TRIGGER}" means nothing here`))
    .min(1, "name at least one")
    .max(200)
    .meta({ picker, title });

export const courses = (title: string) => list("course", title);
export const tagsParam = (title: string) => list("tag", title);
export const durationParam = (value: string, title: string) => durationField.meta({ title }).default(value);
export const days = (value: number, title: string) => z.int().min(1).max(730).meta({ title }).default(value);
export const subject = (value: string, title = "Subject") => line.min(1).meta({ title }).default(value);
export const letter = (value: string, title = "Text of the email") => html.meta({ title }).default(value);
export const messageParam = (value: string, title = "Text of the message") => text.meta({ title }).default(value);
const written = z
  .array(
    z
      .string()
      .max(253)
      .superRefine((one, context) => {
        const message = domainMeantFault(one);
        if (message !== null) context.addIssue({ code: "custom", message });
      })
      .meta({ format: "domain" }),
  )
  .min(1, "name at least one")
  .max(200)
  .meta({ plain: true });
export const domains = (title: string) => written.meta({ title });
export { date } from "../../catalogue/options/fields";

/** Of a template that enrols: whether a payment goes with it. */
export const paymentParams = {
  create_payment: z.boolean().meta({ title: "Make a payment record" }).default(false),
  price: z.number().min(0).meta({ title: "Price", description: "In the school's currency." }).optional(),
  issue_invoice: z.boolean().meta({ title: "Issue an invoice" }).default(false),
};

// ---- Steps that most templates have ----

/** Enrols in courses, with the payment that was asked for. */
export function enrolParam(
  courseIds: readonly string[],
  { create_payment, price, issue_invoice }: z.output<z.ZodObject<typeof paymentParams>>,
  more: Record<string, unknown> = {},
) {
  if (issue_invoice && !create_payment)
    throw invalid([{ path: "/params/issue_invoice", message: "an invoice needs a payment record" }]);
  const payment = { create_payment, issue_invoice, ...(price === undefined ? {} : { price }) };
  return { type: "course.enroll", courses: courseIds, ...more, ...(create_payment ? payment : {}) };
}

export const emailParam = (subjectLine: string, body: string, more: Record<string, unknown> = {}) => ({
  type: "email.user",
  subject: subjectLine,
  body,
  ...more,
});
export const waitParam = (time: string) => ({ type: "wait", for: time });
