import { defineAction, defineTrigger, done, type Outcome, skipped } from "../define";
import { defineEvent } from "../define-event";
import { giving, taking } from "../facts/effect";
import type { Turn } from "../facts/facts";
import { among, id, ids } from "../options/fields";
import { enrolmentOf, resume, suspend } from "./change";

/*
 * An enrolment that is suspended stays, and counts as none until it is resumed.
 */

const category = "beyond";
const course = id.meta({ picker: "course" });
const courses = ids("course");

/** Suspends all that gave the enrolment: what suspends it so is no sync, and no sync brings it back. */
function suspendApart(turn: Turn, of: string): boolean {
  const { by, id: run } = turn.giver;
  const isRun = by === "run" && run !== null;
  return suspend(turn, of, () => true, { suspendedApart: true, ...(isRun ? { suspendedIn: run } : {}) });
}

export const courseSuspended = defineEvent({
  type: "course.suspended",
  proves: "suspended",
  label: "Suspended in a course",
  description: "The user's enrolment in a course was suspended: it stays, and counts as none.",
  data: () => ({ course }),
  apply: (turn, data) => void suspendApart(turn, data.course),
});

export const courseResumed = defineEvent({
  type: "course.resumed",
  proves: "resumed",
  label: "Resumed in a course",
  description: "The user's enrolment in a course is no longer suspended.",
  data: () => ({ course }),
  apply: (turn, data) => void resume(turn, data.course),
});

const ofCourse = (type: string, label: string, says: string, description: string) =>
  defineTrigger({
    type,
    label,
    says,
    category,
    description,
    params: () => ({ courses: courses.optional() }),
    accepts: (params, data) => among(params.courses, data.course),
  });

export const isSuspended = ofCourse(
  "course.suspended",
  "User is suspended in a course",
  "is suspended in {courses: any course}",
  "The user's enrolment in any course, or in one of these, is suspended.",
);
export const isResumed = ofCourse(
  "course.resumed",
  "User is resumed in a course",
  "is resumed in {courses: any course}",
  "The user's enrolment in any course, or in one of these, is no longer suspended.",
);

const about = (type: string, list: readonly string[]) => list.map((one) => ({ type, data: { course: one } }));

export const suspendInCourses = defineAction({
  type: "course.suspend",
  label: "Suspend in Courses",
  also: ["freeze", "block", "pause access"],
  says: "suspend them in {courses|and}",
  category,
  description: "Suspends the user's enrolment in courses: it stays, and counts as none until it is resumed.",
  params: () => ({ courses }),
  effect: taking,
  makes: ["course.suspended"],
  mayMake: (params) => about("course.suspended", params.courses),
  perform: (doing, params): Outcome => {
    const suspended = params.courses.filter((one) => suspendApart(doing, one));
    if (suspended.length) return done({ suspended });
    const isKnown = params.courses.some((one) => enrolmentOf(doing.learner, "course", one));
    return skipped(isKnown ? "already_suspended" : "not_enrolled");
  },
});

export const resumeInCourses = defineAction({
  type: "course.resume",
  label: "Resume in Courses",
  also: ["unblock", "give access again"],
  says: "resume them in {courses|and}",
  category,
  description: "Takes back the suspension of the user's enrolment in courses, whatever suspended it.",
  params: () => ({ courses }),
  effect: giving,
  makes: ["course.resumed"],
  mayMake: (params) => about("course.resumed", params.courses),
  perform: (doing, params): Outcome => {
    const resumed = params.courses.filter((one) => resume(doing, one));
    return resumed.length ? done({ resumed }) : skipped("not_suspended");
  },
});
