import { inWords, later, type Text } from "../../../language/say";

/** Why a mail does not go to an address or a learner: of the step that was skipped, and of the delivery that it made. */
export const MAIL_KEPT_BACK = {
  topic_off: later("the learner does without this kind of mail"),
  bounced: later("mail to this address does not arrive"),
  complained: later("the learner reported a mail of the school as spam"),
  by_hand: later("the address was put on the suppression list by hand"),
} as const satisfies Readonly<Record<string, Text>>;

/** Why a step did nothing, or a run ended or is held, in words (contract §13). */
const REASONS: Readonly<Record<string, Text>> = {
  exit: later("the step says so"),
  exit_when: later("what ends it happened"),
  exit_if: later("what ends it became true"),
  restarted: later("it was started again"),
  deleted: later("the automation was deleted"),
  step_gone: later("its step is not in the new version"),
  missing: later("the date it waits for is missing"),
  no_date: later("there is no date in the field"),
  past: later("the date it waits for is past"),
  automation_stopped: later("the automation was stopped"),
  user_deleted: later("the learner was deleted in the LMS"),
  merged: later("the learner was merged with another"),
  undone: later("it was undone"),
  paused: later("the school is paused"),
  step_failed: later("a step failed"),
  already_enrolled: later("enrolled already"),
  already_completed: later("completed already"),
  already_held: later("has it already"),
  already_member: later("a member already"),
  not_enrolled: later("not enrolled"),
  not_held: later("does not have it"),
  not_suspended: later("not suspended"),
  lead: later("only an email address so far, not a learner yet"),
  empty: later("there was nothing to say"),
  no_email: later("no email address"),
  no_consent: later("no consent to marketing"),
  no_device: later("no device to send to"),
  no_progress: later("no progress to take"),
  no_tld: later("the email address has no country or ending to go by"),
  nobody: later("there is nobody to send it to"),
  nothing_meant: later("nothing is left to do it with"),
  other_domain: later("the email address is of another domain"),
  other_tld: later("the email address ends otherwise"),
  unchanged: later("nothing would change"),
  held_by_sync: later("a segment's sync keeps it"),
  held_by_bundle: later("a bundle keeps it"),
  held_by_subscription: later("a subscription keeps it"),
  held_by_seat: later("a seat keeps it"),
  held_by_self: later("their own enrolment keeps it"),
  held: later("the segment is to be deleted and takes in nobody"),
  limit: later("they have as much as one may have"),
  not_a_member: later("not a member of it"),
  already_suspended: later("suspended already"),
  ...MAIL_KEPT_BACK,
};

export const reasonText = (reason: unknown): string => saidBy(REASONS, String(reason));

/** States of runs, steps and deliveries, as people say them. */
const STATES: Readonly<Record<string, Text>> = {
  queued: later("queued"),
  running: later("running"),
  waiting: later("waiting"),
  held: later("on hold"),
  completed: later("completed"),
  done: later("done"),
  exited: later("ended early"),
  cancelled: later("ended by hand"),
  failed: later("failed"),
  skipped: later("skipped"),
  sent: later("sent"),
  captured: later("captured"),
  not_sent: later("not sent"),
  suppressed: later("not sent"),
};

export const stateText = (status: string): string => saidBy(STATES, status);

/** In the words for it, else in its own. */
const saidBy = (names: Readonly<Record<string, Text>>, name: string): string =>
  inWords((Object.hasOwn(names, name) ? names[name] : undefined) ?? name.replaceAll("_", " "));
