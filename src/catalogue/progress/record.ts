import { entry, setEntry } from "../../base/record";
import type { CourseRecord, Learner } from "../facts";

const fresh = (): CourseRecord => ({
  startedAt: null,
  percent: 0,
  activities: [],
  completedAt: null,
  certificateAt: null,
});

/** The record of a course, made when there is none. */
export function courseRecord(learner: Learner, course: string): CourseRecord {
  const known = entry(learner.courses, course);
  if (known) return known;
  const made = fresh();
  setEntry(learner.courses, course, made);
  return made;
}

/** Percent reached; null of a course the user has no record of (one enrolled in has one). */
export const progressOf = (learner: Learner, course: string): number | null =>
  entry(learner.courses, course)?.percent ?? null;

export const hasCompleted = (learner: Learner, course: string): boolean =>
  (entry(learner.courses, course)?.completedAt ?? null) !== null;

/** Back to before the first visit: started, progress, activities and completion come anew. The certificate stays. */
export function resetCourse(learner: Learner, course: string): boolean {
  const known = entry(learner.courses, course);
  if (
    !known ||
    (known.startedAt === null && !known.percent && !known.activities.length && known.completedAt === null)
  ) {
    return false;
  }
  setEntry(learner.courses, course, { ...fresh(), certificateAt: known.certificateAt });
  return true;
}

export function resetActivities(learner: Learner, course: string, activities: readonly string[]): string[] {
  const known = entry(learner.courses, course);
  if (!known) return [];
  const gone = known.activities.filter((one) => activities.includes(one.id)).map((one) => one.id);
  known.activities = known.activities.filter((one) => !gone.includes(one.id));
  return gone;
}
