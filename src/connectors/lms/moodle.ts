import type { ChangeType, SentChange } from "../../catalogue/facts/changes";
import { refusal } from "../calling/http";
import type { Tools } from "../ports";
import { type Moodle, openMoodle } from "./moodle/call";
import { type Carry, done } from "./moodle/carry";
import { check } from "./moodle/check";
import { MoodleFault } from "./moodle/faults";
import { courseAt } from "./moodle/ids";
import { forgetPerson } from "./moodle/known";
import { reads } from "./moodle/reads";
import { type Settings, settings } from "./moodle/settings";
import * as cohorts from "./moodle/told/cohorts";
import * as completion from "./moodle/told/completion";
import * as enrolment from "./moodle/told/enrolment";
import * as groups from "./moodle/told/groups";
import { messaged } from "./moodle/told/messages";
import { updatedProfile } from "./moodle/told/profile";
import { type CarriedOut, defineLms, unsupported } from "./port";

const LABEL = "Moodle";

/** What Moodle knows of our changes, and how each is made there. */
const CARRIES: { readonly [T in ChangeType]?: Carry<T> } = {
  "course.enrolled": enrolment.enrolled,
  "course.unenrolled": enrolment.unenrolled,
  "course.suspended": enrolment.suspended,
  "course.resumed": enrolment.resumed,
  "group.joined": groups.joined,
  "group.left": groups.left,
  "segment.joined": cohorts.joined,
  "segment.left": cohorts.left,
  "activity.completed": completion.completed,
  "activity.progress_reset": completion.reset,
  "course.completed": completion.courseCompleted,
  "course.progress_reset": completion.courseReset,
  "user.updated": updatedProfile,
  "message.sent": messaged,
};

async function carry(moodle: Moodle, change: SentChange): Promise<CarriedOut> {
  // The table gives to each type the function of that very type.
  const make = CARRIES[change.type] as Carry<ChangeType> | undefined;
  if (!make) return unsupported(change.type, LABEL);
  try {
    return await make(moodle, change);
  } catch (fault) {
    if (!(fault instanceof MoodleFault)) throw fault;
    // It may have been about somebody who was deleted and made anew since we looked them up.
    if (!fault.failure.retry) forgetPerson(moodle, change.user);
    const { code } = fault.seen;
    return { status: "failed", error: fault.message, ...fault.failure, ...(code === undefined ? {} : { code }) };
  }
}

async function carryOut(
  changes: readonly SentChange[],
  chosen: Settings,
  tools: Tools,
  parcel: { mode: "live" | "test" },
): Promise<CarriedOut> {
  const refused = await refusal(chosen.url, parcel, tools);
  // An address is set right one day: until then nothing was refused by Moodle.
  if (refused && !refused.ok) return { status: "failed", error: refused.error, retry: true, broken: true };
  const moodle = openMoodle(chosen, tools);
  let result = done();
  for (const change of changes) {
    result = await carry(moodle, change);
    if (result.status !== "done") break;
  }
  return result;
}

export const moodle = defineLms({
  name: "moodle",
  label: LABEL,
  description: "Cohorts, manual enrolments, groups, messages and completion, by Moodle's web service.",
  settings,
  host: ({ url }) => url,
  // The keys of the table above.
  supports: Object.keys(CARRIES) as ChangeType[],
  carryOut,
  check,
  reads,
  courseAt,
});
