import type { Learner } from "../facts";

/** A payment over 0, for ever; or an enrolment that is paid or private, while it lasts. */
export const isPaying = (learner: Learner): boolean =>
  learner.paid ||
  learner.enrolments.some((one) => one.sources.some((source) => !source.suspended && (source.paid || source.private)));
