import { withoutSlashes } from "../../base/text/text";
import { defined, numberIn } from "../read";
import type { ActivityKind } from "./activity";
import type { Statement } from "./statement";

/*
 * Verb × kind of object → our event: the whole of what xAPI says to us.
 */

/** A statement, as far as events are made of it. */
export interface ReadStatement {
  /** The object's id. */
  id: string;
  /** The object itself, or the course that it belongs to. */
  course: string | undefined;
  result: Statement["result"];
}

export interface StatementEvent {
  type: string;
  data: Record<string, unknown>;
}

/** An event, or null where the statement says too little for one. */
type Make = (told: ReadStatement) => StatementEvent | null;
type ByKind = Partial<Record<ActivityKind, Make>>;

const ofId =
  (type: string, name: string): Make =>
  ({ id }) => ({ type, data: { [name]: id } });

/** Of what is no course of its own: nothing where its course is not told. */
const inCourse =
  (type: string, name?: string): Make =>
  ({ id, course }) =>
    course === undefined ? null : { type, data: { course, ...(name ? { [name]: id } : {}) } };

const bare =
  (type: string): Make =>
  () => ({ type, data: {} });

/** Of 100: what `scaled` says, else the raw points. */
function scoreOf({ result }: ReadStatement): number | undefined {
  const { scaled, raw } = result?.score ?? {};
  return scaled === undefined ? raw : Number((scaled * 100).toFixed(6));
}

const assessment = (type: string, told: ReadStatement, passed: boolean | undefined): StatementEvent => ({
  type,
  data: defined({ assessment: told.id, course: told.course, score: scoreOf(told), passed }),
});
const submitted: Make = (told) => assessment("assessment.submitted", told, told.result?.success);
const judged =
  (passed: boolean): Make =>
  (told) =>
    assessment("assessment.reviewed", told, passed);
const scored: Make = (told) =>
  told.result?.success === undefined ? submitted(told) : judged(told.result.success)(told);

const PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress";

/** How far the learner is in a course, by the one extension that says so: a score is never progress. */
export const progressed: Make = ({ id, result }) => {
  const percent = numberIn(result?.extensions?.[PROGRESS]);
  if (percent === undefined || !(percent >= 0 && percent <= 100)) return null;
  return { type: "course.progressed", data: { course: id, percent } };
};

/** Where the result says that it is not complete, the verb is not believed: of a course it may tell the progress. */
const complete =
  (make: Make, otherwise: Make = () => null): Make =>
  (told) =>
    (told.result?.completion === false ? otherwise : make)(told);

const completedCourse = complete(
  (told) => ({
    type: "course.completed",
    data: defined({ course: told.id, score: scoreOf(told) }),
  }),
  progressed,
);
const visited = inCourse("course.visited");
const completedActivity = complete(inCourse("activity.completed", "activity"));
const awarded: Make = ({ id, course }) => ({ type: "certificate.awarded", data: defined({ certificate: id, course }) });

const any = (make: Make): ByKind => ({ activity: make, attempt: make, feedback: make });
const ofAssessment = (make: Make): ByKind => ({ course: make, activity: make, attempt: make });

const ADL = "adlnet.gov/expapi/verbs/";
const W3ID = "w3id.org/xapi/adl/verbs/";
const TLA = "w3id.org/xapi/tla/verbs/";
const EDLM = "xapi.edlm/profiles/edlm-lms/concepts/verbs/";
const STREAMS = "activitystrea.ms/";
const TINCAN = "id.tincanapi.com/verb/";

const VERBS: readonly [verbs: readonly string[], byKind: ByKind][] = [
  [[`${ADL}registered`], { site: bare("user.signed_up"), course: ofId("course.enrolled", "course") }],
  [[`${EDLM}enrolled`], { course: ofId("course.enrolled", "course") }],
  [[`${STREAMS}join`], { group: ofId("group.joined", "group") }],
  [[`${STREAMS}leave`], { course: ofId("course.unenrolled", "course"), group: ofId("group.left", "group") }],
  [[`${TINCAN}unregistered`], { course: ofId("course.unenrolled", "course") }],
  [
    [`${W3ID}logged-in`, "brindlewaye.com/xAPITerms/verbs/loggedin", `${EDLM}login`],
    { site: bare("user.signed_in"), activity: bare("user.signed_in") },
  ],
  [[`${ADL}launched`, `${ADL}initialized`, `${ADL}attempted`, `${TINCAN}viewed`], { course: visited, ...any(visited) }],
  [[`${ADL}progressed`], { course: progressed }],
  [
    [`${ADL}completed`],
    {
      course: completedCourse,
      activity: completedActivity,
      feedback: completedActivity,
      attempt: complete(submitted),
    },
  ],
  [[`${W3ID}satisfied`], { course: completedCourse }],
  [[`${W3ID}waived`], any(completedActivity)],
  [[`${EDLM}uncompleted`], any(inCourse("activity.progress_reset", "activity"))],
  [[`${STREAMS}submit`], { activity: submitted, attempt: submitted, feedback: ofId("form.submitted", "form") }],
  [[`${ADL}passed`], ofAssessment(judged(true))],
  [[`${ADL}failed`], ofAssessment(judged(false))],
  [[`${ADL}scored`, `${TLA}scored`], ofAssessment(scored)],
  [[`${TLA}achieved`, `${TINCAN}earned`, `${STREAMS}receive`], { certificate: awarded }],
];

const BY_VERB = new Map(VERBS.flatMap(([verbs, byKind]) => verbs.map((verb) => [verb.toLowerCase(), byKind] as const)));

/** How a verb's event is made of an object of a kind; undefined where the two say nothing to us. */
export function makerOf(verb: string, kind: ActivityKind): Make | undefined {
  // Senders differ in scheme, in case and in the path of Activity Streams.
  const plain = withoutSlashes(verb.toLowerCase().replace(/^https?:\/\/(?:www\.)?/, ""));
  const name = plain.replace(/^activitystrea\.ms\/schema\/1\.0\//, STREAMS);
  return BY_VERB.get(name)?.[kind];
}
