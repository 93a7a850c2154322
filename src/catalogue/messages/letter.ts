import { isSeen } from "../../base/text";
import { StepError } from "../define";
import type { View } from "../facts";
import { framedHtml, framedText } from "./frame";
import type { Renders } from "./rendering";
import { isEmpty, SaysNothing } from "./says-nothing";

const MAX_SUBJECT = 255;

/** A rendered subject; an endless one is a fault, not a mail. */
function subjectLine(template: string, render: Renders): string {
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

/** What a mail says, in the school's frame; where it has none, marketing with a link to unsubscribe all the same. @param kind of mail to the learner; null: it goes to others */
export function mail(
  { school, learner, now }: Pick<View, "school" | "learner" | "now">,
  params: MailParams,
  render: Renders,
  kind: "transactional" | "marketing" | null,
) {
  const { mail: settings } = school.settings;
  const content = {
    subject: subjectLine(params.subject, render),
    html: render.html(params.body),
    ...(params.text === undefined ? {} : { text: render.text(params.text) }),
  };
  if (isEmpty(content.html) && isEmpty(content.text ?? "")) throw new SaysNothing("body");
  const from_name = params.from_name ?? settings?.from_name;
  const reply_to = params.reply_to ?? settings?.reply_to;
  const sender = { ...(from_name ? { from_name } : {}), ...(reply_to ? { reply_to } : {}) };
  const isMarketing = kind === "marketing";
  // Whoever gets marketing can see how to end it, whether or not the school has set up what its mail looks like.
  if (!settings && !isMarketing) return { ...content, ...sender };
  const frame = {
    ...{ school: school.name, mail: settings ?? {} },
    unsubscribe: isMarketing ? (school.links?.unsubscribe(learner.id) ?? null) : null,
    preferences: kind === null || !settings ? null : (school.links?.preferences(learner.id, now) ?? null),
  };
  return {
    ...content,
    html: framedHtml(content.html, frame),
    ...(content.text === undefined ? {} : { text: framedText(content.text, frame) }),
    ...sender,
  };
}
