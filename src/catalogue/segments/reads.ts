import { USER_UPDATED } from "../account/facts";
import { COURSE_ENROLLED, COURSE_RESUMED, COURSE_SUSPENDED, COURSE_UNENROLLED } from "../enrolment/change";
import { TAG_ADDED, TAG_REMOVED } from "../tags/change";

/** What of a learner a rule of a segment looks at. */
export type Read = "attributes" | "tags" | "enrolled" | "completed" | "last_seen";

/** By the types of facts and of changes: what of a learner they moved. Progress that is reset is told, and no fact. */
const MOVED: ReadonlyMap<string, Read> = new Map<string, Read>([
  [USER_UPDATED, "attributes"],
  [TAG_ADDED, "tags"],
  [TAG_REMOVED, "tags"],
  [COURSE_ENROLLED, "enrolled"],
  [COURSE_UNENROLLED, "enrolled"],
  [COURSE_SUSPENDED, "enrolled"],
  [COURSE_RESUMED, "enrolled"],
  ["course.completed", "completed"],
  ["course.progress_reset", "completed"],
  ["school.visited", "last_seen"],
  ["course.visited", "last_seen"],
  ["user.signed_in", "last_seen"],
]);

const TAKES: readonly string[] = [TAG_REMOVED, COURSE_UNENROLLED, COURSE_SUSPENDED, "course.progress_reset"];

/** Whether what it moves comes into a list of the learner's; else it goes out. */
export const putsIn = (type: string): boolean => !TAKES.includes(type);

/** What rules may read anew after a fact or a change of this type; undefined: nothing. */
export const movedBy = (type: string): Read | undefined => MOVED.get(type);
