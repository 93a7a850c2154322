import { type Doing, type Outgoing, StepError } from "../../catalogue/define";
import { WRITTEN_TO } from "../../catalogue/facts/by-hand";
import type { Turn } from "../../catalogue/facts/facts";
import { emailUser } from "../../catalogue/messages/actions";
import { subjectLine } from "../../catalogue/messages/letter";
import { rendersFor } from "../../catalogue/messages/rendering";
import { type MailPart, SaysNothing } from "../../catalogue/messages/says-nothing";
import { isOfEvent, variablesOf } from "../../catalogue/messages/scope";
import { TemplateError } from "../../catalogue/text/template";
import { isListed } from "../../definition/variables";
import { makeId, tracedBy, traceOfId } from "../identity";
import type { Delivery, Effects } from "../types";
import type { Causes, Work } from "../work";

/** The options of a mail, which have passed the schema of the action that sends one. */
export type MailByHand = Readonly<Record<string, unknown>>;

/**
 * Sends the user a mail that no run sends: rendered, framed and kept back as a step's would be. Where it cannot be made
 * the effects say why, and nothing has happened.
 */
export function writeTo(work: Work, turn: Turn, causes: Causes, mail: MailByHand): void {
  const { effects, state, world, now, owner } = work;
  const sendings: Outgoing[] = [];
  const doing: Doing = {
    ...turn,
    ...{ learner: state.learner, school: world.school, now, starts: 0 },
    fact: { type: WRITTEN_TO, data: {}, at: now, order: turn.order },
    run: { id: "", automation: "", lineage: [] },
    step: { id: "", key: "" },
    send: (sending) => void sendings.push(sending),
  };
  try {
    const [gap, ...others] = [...unknownTopic(doing, mail), ...sourceless(doing, mail)];
    if (gap) {
      effects.unsent = { ...gap, ...(others.length ? { others } : {}) };
      return;
    }
    const { detail } = emailUser.bind(mail).perform(doing);
    const [sending] = sendings;
    if (!sending) {
      const part = partAtFault(doing, mail);
      const reason = detail.reason === "empty" ? new SaysNothing(part).message : String(detail.reason);
      effects.unsent = { reason, part };
      return;
    }
    const { channel, to, content, suppressed } = sending;
    const id = makeId("dlv", now, ++state.order, owner);
    const delivery: Delivery = {
      ...{ id, run: "", automation: "", step: "", channel, to, content, attempts: [], key: id, createdAt: now },
      status: suppressed ? "suppressed" : "queued",
      ...(suppressed ? { reason: suppressed } : {}),
      ...{ trace: traceOfId(id), ...tracedBy(causes) },
    };
    effects.deliveries.push(delivery);
    turn.make(WRITTEN_TO, { delivery: id, subject: content.subject });
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    effects.unsent = { reason: error.message, part: partAtFault(doing, mail) };
  }
}

type Gap = Omit<NonNullable<Effects["unsent"]>, "others">;

const PARTS = ["subject", "body", "text"] as const;

const quoted = (names: readonly string[]): string => names.map((name) => `{{ ${name} }}`).join(", ");

/** That the school has no such kind of mail: its learners could not do without it. */
function unknownTopic({ school }: Doing, { topic }: MailByHand): Gap[] {
  if (topic === undefined || school.settings.mail?.topics?.some(({ id }) => id === topic)) return [];
  return [{ reason: `there is no kind of mail "${topic}"`, part: "topic" }];
}

/** Each part that names what nothing can give a value here, or what is no text: the mail leaves at once, and would have a gap. */
function sourceless(doing: Doing, mail: MailByHand): Gap[] {
  const { fields, settings } = doing.school;
  const declared = variablesOf(new Map([...fields.keys()].map((key) => [key, key])), settings.mail_pieces ?? []);
  const { unknown, ofOthers } = rendersFor(doing, true);
  return PARTS.flatMap((part) => {
    const template = mail[part];
    // What is no template is told of when it is rendered.
    if (typeof template !== "string" || isFaulty(() => unknown(template))) return [];
    const empty = unknown(template);
    const others = ofOthers(template);
    const ofEvent = [...empty, ...others].filter(isOfEvent);
    if (ofEvent.length > 0)
      return [{ reason: `no event starts this mail, so nothing is known of ${quoted(ofEvent)}`, part }];
    // A bracket holds a name that is known only later.
    const undeclared = empty.filter((name) => !name.includes("[") && !isListed(name, declared));
    if (undeclared.length > 0) return [{ reason: `nobody has declared ${quoted(undeclared)}`, part }];
    return others.length > 0 ? [{ reason: `name what of it is meant: ${quoted(others)}`, part }] : [];
  });
}

/** Which part of a mail that cannot be made is to blame. */
function partAtFault(doing: Doing, { subject, body, text }: MailByHand): MailPart {
  const render = rendersFor(doing, true);
  if (isFaulty(() => subjectLine(String(subject), render))) return "subject";
  if (isFaulty(() => render.html(String(body)))) return "body";
  return typeof text === "string" && isFaulty(() => render.text(text)) ? "text" : "body";
}

function isFaulty(makes: () => unknown): boolean {
  try {
    makes();
    return false;
  } catch (error) {
    if (error instanceof TemplateError || error instanceof StepError || error instanceof SaysNothing) return true;
    throw error;
  }
}
