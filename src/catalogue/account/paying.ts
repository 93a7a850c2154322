import { keptOf } from "../../base/record";
import type { Enrolment, Learner } from "../facts/facts";

/** A payment over 0, until it is given back; or an enrolment that is paid or private, while it lasts. */
export const isPaying = (learner: Learner): boolean =>
  learner.paid || Object.keys(learner.refundable).length > 0 || hasPaidFor(learner.enrolments);

const hasPaidFor = keptOf((enrolments: readonly Enrolment[]) =>
  enrolments.some((one) => one.sources.some((source) => !source.suspended && (source.paid || source.private))),
);
