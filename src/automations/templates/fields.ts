import { z } from "zod";
import { duration as durationField, html, id, line, TRIGGER, text, words } from "../../catalogue/fields";

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
export const domains = (title: string) => words.meta({ title });
export { date } from "../../catalogue/fields";

// ---- Steps that most templates have ----

export const emailParam = (subjectLine: string, body: string, more: Record<string, unknown> = {}) => ({
  type: "email.user",
  subject: subjectLine,
  body,
  ...more,
});
export const waitParam = (time: string) => ({ type: "wait", for: time });
