import { entry, setEntry } from "../../base/record";
import type { CourseRecord, Learner } from "../facts/facts";

/** Before the first visit. */
export const freshRecord = (): CourseRecord => ({
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
  const made = freshRecord();
  setEntry(learner.courses, course, made);
  return made;
}

/** Puts a record that is otherwise in the place of a course's. */
export const changeRecord = (learner: Learner, course: string, now: Partial<CourseRecord>): void =>
  setEntry(learner.courses, course, { ...courseRecord(learner, course), ...now });

/** Percent reached; null of a course the user has no record of (one enrolled in has one). */
export const progressOf = (learner: Learner, course: string): number | null =>
  entry(learner.courses, course)?.percent ?? null;

export const hasCompleted = (learner: Learner, course: string): boolean =>
  (entry(learner.courses, course)?.completedAt ?? null) !== null;
