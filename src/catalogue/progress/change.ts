import { entry, setEntry } from "../../base/record";
import { enrolmentOf, expectAnew } from "../enrolment/change";
import type { Turn } from "../facts/facts";
import { changeRecord, courseRecord, freshRecord } from "./record";

/** Progress never falls; growing is a fact that tells from where to where. */
export function progress(turn: Turn, course: string, percent: number): boolean {
  const { percent: previous } = courseRecord(turn.learner, course);
  if (percent <= previous) return false;
  changeRecord(turn.learner, course, { percent });
  turn.make("course.progress_reached", { course, percent, previous });
  return true;
}

/** Completes a course once; completing it reaches 100 %. */
export function complete(turn: Turn, course: string, more: { score?: number | undefined } = {}): boolean {
  if (courseRecord(turn.learner, course).completedAt !== null) return false;
  changeRecord(turn.learner, course, { completedAt: turn.at });
  turn.make("course.completed", { course, ...(more.score === undefined ? {} : { score: more.score }) });
  turn.tell("course.completed", { course });
  progress(turn, course, 100);
  return true;
}

/** Completes an activity of a course once. */
export function completeActivity(turn: Turn, course: string, activity: string, kind?: string): boolean {
  const { activities } = courseRecord(turn.learner, course);
  if (activities.some((one) => one.id === activity)) return false;
  const done = { id: activity, at: turn.at, ...(kind === undefined ? {} : { kind }) };
  changeRecord(turn.learner, course, { activities: [...activities, done] });
  turn.make("activity.completed", { course, activity, ...(kind === undefined ? {} : { kind }) });
  turn.tell("activity.completed", { course, activity });
  return true;
}

/** Back to before the first visit: started, progress, activities and completion come anew. The certificate stays. */
export function resetCourse(turn: Turn, course: string): boolean {
  const { learner } = turn;
  const known = entry(learner.courses, course);
  if (
    !known ||
    (known.startedAt === null && !known.percent && !known.activities.length && known.completedAt === null)
  ) {
    return false;
  }
  setEntry(learner.courses, course, { ...freshRecord(), certificateAt: known.certificateAt });
  const enrolment = known.completedAt === null ? undefined : enrolmentOf(learner, "course", course);
  if (enrolment) expectAnew(turn, enrolment);
  turn.tell("course.progress_reset", { course });
  return true;
}

/** The same of activities; answers with those that had been completed. */
export function resetActivities(turn: Turn, course: string, activities: readonly string[]): string[] {
  const known = entry(turn.learner.courses, course);
  if (!known) return [];
  const gone = known.activities.filter((one) => activities.includes(one.id)).map((one) => one.id);
  if (gone.length)
    changeRecord(turn.learner, course, { activities: known.activities.filter((one) => !gone.includes(one.id)) });
  for (const activity of gone) turn.tell("activity.progress_reset", { course, activity });
  return gone;
}
