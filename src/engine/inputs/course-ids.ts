import { callCourses, callLearner, rename } from "../../catalogue/enrolment/course-ids";
import { isOfCourses } from "../../catalogue/inactivity/visits";
import { subjectOf } from "../../catalogue/kinds";
import { AS_NAMED, type CourseId } from "../../catalogue/options/course-id";
import { bothOf, startsKey } from "../starts";
import type { Run, UserState } from "../types";

/**
 * Has all that is known of a user go by those ids, where one of them was learned since: nothing becomes true by it, and
 * the LMS, which knows one course, hears nothing.
 * @param changed is given the runs it may have changed
 * @returns whether anything went by another
 */
export function callState(state: UserState, courseId: CourseId, changed: Set<Run>): boolean {
  if (courseId === AS_NAMED) return false;
  const isOther = callLearner(state.learner, courseId);
  for (const one of state.ahead ?? []) one.course = courseId(one.course);
  for (const run of state.runs) {
    run.trigger = { ...run.trigger, data: callCourses(run.trigger.data, courseId) };
    if (run.subject !== "") run.subject = subjectOf(run.trigger);
    changed.add(run);
  }
  rename(state.starts, (key) => startsKeyBy(key, courseId), bothOf);
  rename(state.away, (key) => awayKeyBy(key, courseId), Math.max);
  rename(
    state.dates,
    (key) => dateKeyBy(key, courseId),
    (known) => known,
  );
  return isOther;
}

/** Of starts that are counted apart the subject stands in the key: `[["course","7"]]`. */
function startsKeyBy(key: string, courseId: CourseId): string {
  const at = key.indexOf(" ");
  if (at < 0) return key;
  const subject = JSON.parse(key.slice(at + 1)) as [kind: string, id: string][]; // as `subjectOf` writes it
  const isOfCourse = subject.some(([kind, id]) => kind === "product_type" && id === "course");
  const called = subject.map(([kind, id]) => [
    kind,
    kind === "course" || (kind === "product" && isOfCourse) ? courseId(id) : id,
  ]);
  return startsKey(key.slice(0, at), JSON.stringify(called));
}

function awayKeyBy(key: string, courseId: CourseId): string {
  const [consumer, scope, course, days] = JSON.parse(key) as [string, string, string, number]; // as due.ts writes it
  return isOfCourses(scope) ? JSON.stringify([consumer, scope, courseId(course), days]) : key;
}

function dateKeyBy(key: string, courseId: CourseId): string {
  const [automation, watch, about] = JSON.parse(key) as [string, string, string]; // as reached.ts writes it
  if (watch.includes('"course.')) return JSON.stringify([automation, watch, courseId(about)]);
  if (!watch.includes('"certificate.')) return key;
  const [course, certificate] = JSON.parse(about) as [string | null, string | null]; // as date-triggers.ts writes it
  return JSON.stringify([automation, watch, JSON.stringify([course && courseId(course), certificate])]);
}
