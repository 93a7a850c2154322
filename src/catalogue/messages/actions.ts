import * as z from "zod";
import { isSeen, textKey, trimmed } from "../../base/text/text";
import { addressFault, distinctAddresses, storedEmail } from "../account/email";
import { reachesLearner, toLearner } from "../channels";
import { atSave } from "../checking/at-save";
import { type Doing, defineAction, done, type Outcome, StepError, skipped } from "../define";
import type { Learner } from "../facts/facts";
import { html, line, openedUrl, shortLine, text } from "../options/fields";
import { TemplateError } from "../text/template";
import { mail } from "./letter";
import { fittingPush } from "./push";
import { type Renders, rendersFor } from "./rendering";
import { lacking, SaysNothing } from "./says-nothing";
import { topicId } from "./topic";

const category = "messages";
const ROLE = /^role:[\w .-]+$/;

/** A template that fails makes its step fail; null: the message says nothing. @param isOwn the learner alone reads it */
function rendering<T>(doing: Doing, content: (render: Renders) => T, isOwn = true): T | null {
  try {
    return content(rendersFor(doing, isOwn));
  } catch (error) {
    if (error instanceof SaysNothing) return null;
    if (error instanceof TemplateError) throw new StepError(error.message);
    throw error;
  }
}

/** Why the learner does without a mail; null: it may go. */
function refusalOf({ marketingConsent, topicsOff }: Learner, kind: string, topic: string | undefined): string | null {
  if (kind === "marketing" && marketingConsent !== true) return "no_consent";
  return topic !== undefined && topicsOff.includes(topic) ? "topic_off" : null;
}

export const emailUser = defineAction({
  type: "email.user",
  label: "Send Email to User",
  also: ["email", "mail", "letter", "newsletter", "write to"],
  says: "email them {subject: (no subject yet)|quote}",
  counted: ["mail", "mails"],
  category,
  description: "Sends the user an email. Marketing goes only to those who agreed to it, with a link to unsubscribe.",
  params: () => ({
    subject: line.min(1),
    body: html,
    text: text.optional(),
    kind: z.enum(["transactional", "marketing"]).default("transactional"),
    topic: topicId.optional().meta({
      description:
        "The kind of mail, of those in the mail settings: it does not go to learners who have turned that kind off.",
    }),
    from_name: shortLine(128).optional(),
    reply_to: atSave(storedEmail, addressFault).optional(),
  }),
  saysNothing: (params) => lacking(params, ["subject", "body"]),
  makes: [],
  sends: "email",
  forLeads: true,
  perform: (doing, params) => {
    const { learner } = doing;
    const [to] = toLearner("email", learner);
    if (to === undefined) return skipped("no_email");
    const content = rendering(doing, (render) => ({
      ...mail(doing, params, render, params.kind),
      kind: params.kind,
      ...(params.topic === undefined ? {} : { topic: params.topic }),
    }));
    if (!content) return skipped("empty");
    const refused = refusalOf(learner, params.kind, params.topic);
    doing.send({ channel: "email", to: [to], content, ...(refused === null ? {} : { suppressed: refused }) });
    return refused === null ? done({ to }) : skipped(refused);
  },
});

export const emailCollaborators = defineAction({
  type: "email.collaborators",
  label: "Send email to collaborators",
  also: ["notify admin", "notify teacher", "alert", "notify staff", "notify owner"],
  says: "email {to|and} {subject: (no subject yet)|quote}",
  counted: ["mail to collaborators", "mails to collaborators"],
  category,
  description: "Sends an email to addresses, or to all collaborators who have a role.",
  params: () => ({
    to: z
      .array(
        atSave(z.union([storedEmail, z.string().max(128).regex(ROLE, "an address, or role:<name>")]), (one) =>
          ROLE.test(one) ? null : addressFault(trimmed(one)),
        ),
      )
      .min(1)
      .max(50)
      .meta({ picker: "collaborator", plain: true }),
    subject: line.min(1),
    body: html,
    text: text.optional(),
  }),
  saysNothing: (params) => lacking(params, ["subject", "body"]),
  makes: [],
  sends: "email",
  forLeads: true,
  perform: (doing, params) => {
    const { collaborators } = doing.school.settings;
    const addresses = params.to.flatMap((one) =>
      one.startsWith("role:")
        ? collaborators.filter(({ role }) => textKey(role) === textKey(one.slice(5))).map((each) => each.email)
        : [one],
    );
    const to = distinctAddresses(addresses);
    if (!to.length) return skipped("nobody");
    const content = rendering(
      doing,
      (render) => ({ ...mail(doing, params, render, null), kind: "transactional" }),
      false,
    );
    if (!content) return skipped("empty");
    for (const address of to) doing.send({ channel: "email", to: [address], content, numbered: true });
    return done({ to });
  },
});

export const pushUser = defineAction({
  type: "push.user",
  label: "Send Push Notification (Mobile) to User",
  also: ["phone", "app notification", "alert"],
  says: "push to their phone {title: (no title yet)|quote}",
  counted: ["push", "pushes"],
  category,
  description: "Sends a notification to the user's mobile app.",
  params: () => ({ title: line.min(1), body: text, url: openedUrl.optional() }),
  saysNothing: (params) => {
    const found = lacking(params, ["title", "body"]);
    return found.length === 2 ? found : [];
  },
  makes: [],
  sends: "push",
  forLeads: true,
  perform: (doing, params): Outcome => {
    if (!reachesLearner("push", doing.learner, doing.school)) return skipped("no_device");
    const content = rendering(doing, (render) => {
      const [title, body] = [render.line(params.title), render.text(params.body)];
      if (!isSeen(title) && !isSeen(body)) throw new SaysNothing("body");
      return fittingPush({ title, body, ...(params.url === undefined ? {} : { url: params.url }) });
    });
    if (!content) return skipped("empty");
    doing.send({ channel: "push", to: toLearner("push", doing.learner), content });
    return done();
  },
});

export const messageUser = defineAction({
  type: "message.user",
  label: "Send a School Message to User",
  also: ["inbox", "chat", "direct message", "notify"],
  says: "send them the message [{subject|quote}: ]{body: (empty yet)|quote}",
  counted: ["message", "messages"],
  category,
  description: "Puts a message into the user's inbox at the school.",
  params: () => ({ body: text, subject: line.optional() }),
  saysNothing: (params) => lacking(params, ["body"]),
  makes: [],
  sends: "message",
  tells: ["message.sent"],
  forLeads: true,
  perform: (doing, params): Outcome => {
    const content = rendering(doing, (render) => {
      const body = render.text(params.body);
      if (!isSeen(body)) throw new SaysNothing("body");
      return { ...(params.subject === undefined ? {} : { subject: render.line(params.subject) }), body };
    });
    if (!content) return skipped("empty");
    doing.send({ channel: "message", to: toLearner("message", doing.learner), content });
    doing.tell("message.sent", content);
    return done();
  },
});
