import { isSeen } from "../../base/text/text";
import { StepError } from "../define";
import type { View } from "../facts/facts";
import { framedHtml, framedText } from "./frame";
import type { Renders } from "./rendering";
import { isEmpty, SaysNothing } from "./says-nothing";

const MAX_SUBJECT = 255;

/** A rendered subject; an endless one is a fault, not a mail. */
export function subjectLine(template: string, render: Renders): string {
  const subject = render.line(template);
  if (!isSeen(subject)) throw new SaysNothing("subject");
  if (subject.length > MAX_SUBJECT) throw new StepError(`The subject is longer than ${MAX_SUBJECT} characters.`);
  return subject;
}

export interface MailParams {
  subject: string;
  body: string;
  text?: string | undefined;
  from_name?: string | undefined;
  reply_to?: string | undefined;
}

/** Of mail to the learner its kind; null: it goes to others. */
export type MailKind = "transactional" | "marketing" | null;

type Scene = Pick<View, "school" | "learner" | "now">;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * A rendered mail in the frame of the school. Whoever gets marketing can see how to end it, whether or not the school has
 * set up what its mail looks like; else mail is then as it was written.
 */
export function inFrame<Content extends { html: string; text?: string }>(
  { school, learner, now }: Scene,
  content: Content,
  kind: MailKind,
): Content {
  const { mail, mail_signature: signature, locale } = school.settings;
  const isMarketing = kind === "marketing";
  if (!mail && !isMarketing) return content;
  const frame = {
    ...{ school: school.name, mail: mail ?? {} },
    signature: mail?.signature ? textOf(signature) : "",
    locale: (kind === null ? null : learner.locale) ?? textOf(locale),
    unsubscribe: isMarketing ? (school.links?.unsubscribe(learner.id) ?? null) : null,
    preferences: kind === null || !mail ? null : (school.links?.preferences(learner.id, now) ?? null),
  };
  return {
    ...content,
    html: framedHtml(content.html, frame),
    ...(content.text === undefined ? {} : { text: framedText(content.text, frame) }),
  };
}

/** What a mail says, in the school's frame. */
export function mail(scene: Scene, params: MailParams, render: Renders, kind: MailKind) {
  const { mail: settings } = scene.school.settings;
  const content = {
    subject: subjectLine(params.subject, render),
    html: render.html(params.body),
    ...(params.text === undefined ? {} : { text: render.text(params.text) }),
  };
  if (isEmpty(content.html) && isEmpty(content.text ?? "")) throw new SaysNothing("body");
  const from_name = params.from_name ?? settings?.from_name;
  const reply_to = params.reply_to ?? settings?.reply_to;
  const sender = { ...(from_name ? { from_name } : {}), ...(reply_to ? { reply_to } : {}) };
  return { ...inFrame(scene, content, kind), ...sender };
}
