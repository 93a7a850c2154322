import { inWords, later } from "../../../language/say";
import { MAIL_KEPT_BACK } from "../../words/sentences/reasons";

/*
 * Why a delivery did not leave, waits, or what became of it after it left, in the school's words.
 */

const REASONS: Readonly<Record<string, string>> = {
  no_consent: later("it is marketing, and the learner has not agreed to it"),
  exited: later("its run exited first"),
  undone: later("its run was undone, which recalled it"),
  deleted: later("its automation was deleted"),
  expired: later("no page came to fetch it"),
  unsupported: later("the LMS knows no such change"),
  cancelled: later("a later change took it back"),
  merged: later("the learner became one with another"),
  quiet_hours: later("it found no time outside quiet hours in seven days"),
  at_most: later("seven days long as many mails as may be had left"),
  ...MAIL_KEPT_BACK,
  bounced_softly: later("it did not arrive, as the mailbox was full or away; the address stays in use"),
  not_set_up: later("nobody had set up how it leaves"),
};

/** A sentence, or null for a reason of no name, as of what a vendor said. */
export const reasonInWords = (reason: string | null): string | null =>
  reason !== null && Object.hasOwn(REASONS, reason) ? inWords(REASONS[reason] ?? "") : null;
