/*
 * Why a delivery did not leave, waits, or what became of it after it left, in the school's words.
 */

const REASONS: Readonly<Record<string, string>> = {
  no_consent: "it is marketing, and the learner has not agreed to it",
  topic_off: "the learner does without this kind of mail",
  exited: "its run exited first",
  deleted: "its automation was deleted",
  expired: "no page came to fetch it",
  unsupported: "the LMS knows no such change",
  cancelled: "a later change took it back",
  merged: "the learner became one with another",
  quiet_hours: "it found no time outside quiet hours in seven days",
  at_most: "seven days long as many mails as may be had left",
  bounced: "mail to this address does not arrive",
  bounced_softly: "it did not arrive, as the mailbox was full or away; the address stays in use",
  complained: "the learner called a mail of the school's spam",
  by_hand: "somebody at the school has suppressed the address",
  not_set_up: "nobody had set up how it leaves",
};

/** A sentence, or null for a reason of no name, as of what a vendor said. */
export const reasonInWords = (reason: string | null): string | null =>
  reason !== null && Object.hasOwn(REASONS, reason) ? (REASONS[reason] ?? null) : null;
