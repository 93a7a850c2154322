import { WRITTEN_TO } from "../catalogue/by-hand";
import { type Doing, type Outgoing, StepError } from "../catalogue/define";
import type { Turn } from "../catalogue/facts";
import { emailUser } from "../catalogue/messages/actions";
import { subjectLine } from "../catalogue/messages/letter";
import { rendersFor } from "../catalogue/messages/rendering";
import { type MailPart, SaysNothing } from "../catalogue/messages/says-nothing";
import { makeId, tracedBy, traceOfId } from "./identity";
import type { Delivery } from "./types";
import type { Causes, Work } from "./work";

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

/** Which part of a mail that cannot be made is to blame. */
function partAtFault(doing: Doing, { subject }: MailByHand): MailPart {
  try {
    subjectLine(String(subject), rendersFor(doing, true));
    return "body";
  } catch {
    return "subject";
  }
}
