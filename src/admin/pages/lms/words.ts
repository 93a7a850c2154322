import type { DifferenceKind } from "../../../catalogue/enrolment/drift";
import { lmsOf } from "../../../connectors";
import type { RowOf } from "../../../http/answering/answers";
import { figure, say } from "../../../language/say";
import type { Visit } from "../../visit";

/* What differs between a school and its LMS, in words. */

export type Drift = RowOf<"GET /v1/lms/drift">;

/** What the school calls its LMS. */
export const lmsName = (visit: Visit): string => lmsOf(visit.school.settings.connectors)?.label ?? say("the LMS@in");

export const coursePath = (visit: Visit, course: string): string => visit.path(`/lms/${encodeURIComponent(course)}`);

/** Of each kind of difference, what it is, and what becomes of it by either word. */
export interface Choice {
  is(lms: string): string;
  theirs(lms: string): string;
  /** Left out: we have no say. */
  ours?(lms: string): string;
}
export const CHOICES: Readonly<Record<DifferenceKind, Choice>> = {
  missing_here: {
    is: (lms) => say("in {lms} only", { lms }),
    theirs: (lms) => say("{lms} is right: enrol them here", { lms }),
    ours: (lms) => say("We are right: un-enrol them in {lms}", { lms }),
  },
  missing_there: {
    is: () => say("here only"),
    theirs: (lms) => say("{lms} is right: un-enrol them here", { lms }),
    ours: (lms) => say("We are right: enrol them in {lms}", { lms }),
  },
  differing: {
    is: () => say("enrolled otherwise"),
    theirs: (lms) => say("{lms} is right: make it so here", { lms }),
    ours: (lms) => say("We are right: make it so in {lms}", { lms }),
  },
  unknown: {
    is: (lms) => say("in {lms} and unknown here", { lms }),
    theirs: (lms) => say("{lms} is right: make them learners here, enrolled", { lms }),
  },
};
// The keys of a record written out above.
export const KINDS = Object.keys(CHOICES) as readonly DifferenceKind[];

/** "2 in Moodle only, 1 here only"; empty where nothing differs. */
export function differenceWords(drift: Pick<Drift, DifferenceKind | "on_its_way">, lms: string): string {
  const kinds = KINDS.flatMap((kind) => (drift[kind] ? [`${figure(drift[kind])} ${CHOICES[kind].is(lms)}`] : []));
  return [...kinds, ...(drift.on_its_way ? [`${figure(drift.on_its_way)} ${say("on the way there")}`] : [])].join(", ");
}
