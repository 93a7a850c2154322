import { inWords, later } from "../../../language/say";

/*
 * Why a delivery did not leave, waits, or what became of it after it left, in the school's words.
 */

const REASONS: Readonly<Record<string, string>> = {
  no_consent: later("it is marketing, and the learner has not agreed to it"),
  topic_off: later("the learner does without this kind of mail"),
  exited: later("its run exited first"),
  deleted: later("its automation was deleted"),
  expired: later("no page came to fetch it"),
  unsupported: later("the LMS knows no such change"),
  cancelled: later("a later change took it back"),
  merged: later("the learner became one with another"),
  quiet_hours: later("it found no time outside quiet hours in seven days"),
  at_most: later("seven days long as many mails as may be had left"),
  bounced: later("mail to this address does not arrive"),
  bounced_softly: later("it did not arrive, as the mailbox was full or away; the address stays in use"),
  complained: later("the learner called a mail of the school's spam"),
  by_hand: later("somebody at the school has suppressed the address"),
  not_set_up: later("nobody had set up how it leaves"),
};

/** A sentence, or null for a reason of no name, as of what a vendor said. */
export const reasonInWords = (reason: string | null): string | null =>
  reason !== null && Object.hasOwn(REASONS, reason) ? inWords(REASONS[reason] ?? "") : null;
