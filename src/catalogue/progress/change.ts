import type { Turn } from "../facts";
import { courseRecord } from "./record";

/** Progress never falls; growing is a fact that tells from where to where. */
export function progress(turn: Turn, course: string, percent: number): boolean {
  const record = courseRecord(turn.learner, course);
  if (percent <= record.percent) return false;
  const previous = record.percent;
  record.percent = percent;
  turn.make("course.progress_reached", { course, percent, previous });
  return true;
}

/** Completes a course once; completing it reaches 100 %. */
export function complete(turn: Turn, course: string, more: { score?: number | undefined } = {}): boolean {
  const record = courseRecord(turn.learner, course);
  if (record.completedAt !== null) return false;
  record.completedAt = turn.at;
  turn.make("course.completed", { course, ...(more.score === undefined ? {} : { score: more.score }) });
  progress(turn, course, 100);
  return true;
}

/** Completes an activity of a course once. */
export function completeActivity(turn: Turn, course: string, activity: string, kind?: string): boolean {
  const record = courseRecord(turn.learner, course);
  if (record.activities.some((one) => one.id === activity)) return false;
  record.activities.push({ id: activity, at: turn.at, ...(kind === undefined ? {} : { kind }) });
  turn.make("activity.completed", { course, activity, ...(kind === undefined ? {} : { kind }) });
  return true;
}
