/** Why a step did nothing, or a run ended or is held, in words (contract §13). */
const REASONS: Readonly<Record<string, string>> = {
  exit: "the step says so",
  exit_when: "what ends it happened",
  exit_if: "what ends it became true",
  restarted: "it was started again",
  deleted: "the automation was deleted",
  step_gone: "its step is not in the new version",
  missing: "the date it waits for is missing",
  no_date: "there is no date in the field",
  past: "the date it waits for is past",
  automation_stopped: "the automation was stopped",
  user_deleted: "the learner was deleted in the LMS",
  merged: "the learner was merged with another",
  undone: "it was undone",
  paused: "the school is paused",
  step_failed: "a step failed",
  already_enrolled: "enrolled already",
  already_completed: "completed already",
  already_held: "has it already",
  already_member: "a member already",
  not_enrolled: "not enrolled",
  not_held: "does not have it",
  not_suspended: "not suspended",
  lead: "only an email address so far, not a learner yet",
  empty: "there was nothing to say",
  no_email: "no email address",
  no_consent: "no consent to marketing",
  no_device: "no device to send to",
  no_progress: "no progress to take",
  no_tld: "the email address has no country or ending to go by",
  nobody: "there is nobody to send it to",
  nothing_meant: "nothing is left to do it with",
  other_domain: "the email address is of another domain",
  other_tld: "the email address ends otherwise",
  unchanged: "nothing would change",
  held_by_sync: "a segment's sync keeps it",
};

export const reasonText = (reason: unknown): string =>
  Object.hasOwn(REASONS, String(reason)) ? (REASONS[String(reason)] ?? "") : String(reason).replaceAll("_", " ");

/** States of runs, steps and deliveries, as people say them. */
const STATES: Readonly<Record<string, string>> = {
  done: "done",
  exited: "ended early",
  cancelled: "ended by hand",
  held: "on hold",
  suppressed: "not sent",
};

export const stateText = (status: string): string =>
  Object.hasOwn(STATES, status) ? (STATES[status] ?? status) : status.replaceAll("_", " ");
