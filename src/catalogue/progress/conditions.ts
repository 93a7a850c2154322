import * as z from "zod";
import { defineCondition } from "../define";
import { ids, percent } from "../options/fields";
import { hasCompleted, progressOf } from "./record";

const category = "beyond";

export const progressIs = defineCondition({
  type: "course.progress_is",
  label: "Course progress is",
  also: ["percent", "how far"],
  says: "<have|do not have> progress[ of at least {at_least|percent}][ below {below|percent}] in {courses}",
  category,
  description: "The user's progress in any of these courses lies within bounds.",
  params: () => ({ courses: ids("course"), at_least: percent.optional(), below: percent.optional() }),
  test: ({ courses, at_least, below }, { learner }) =>
    courses.some((course) => {
      const reached = progressOf(learner, course);
      return (
        reached !== null && (at_least === undefined || reached >= at_least) && (below === undefined || reached < below)
      );
    }),
  seen: ({ learner }, { courses }) => courses.map((course) => ({ course, percent: progressOf(learner, course) })),
});

export const hasCompletedCourse = defineCondition({
  type: "course.has_completed",
  label: "Has completed the course",
  also: ["finished", "done", "passed"],
  says: "<have|have not> completed {courses}",
  category,
  description: "The user has completed any of these courses.",
  params: () => ({ courses: ids("course") }),
  test: ({ courses }, { learner }) => courses.some((course) => hasCompleted(learner, course)),
  seen: ({ learner }) => Object.keys(learner.courses).filter((course) => hasCompleted(learner, course)),
});

export const activityCompleted = defineCondition({
  type: "activity.completed",
  label: "Has completed learning activities",
  also: ["unit", "lesson", "quiz", "done"],
  says: "<have|have not> completed [at least {at_least} of ]{activities: any learning activities}[ of {courses}]",
  category,
  description: "The user has completed so many activities: of these courses, of these activities, or of all.",
  params: () => ({
    courses: ids("course").optional(),
    activities: ids("activity").optional(),
    at_least: z.int().min(1).max(10_000).default(1),
  }),
  test: ({ courses, activities, at_least }, { learner }) => {
    const counted = Object.entries(learner.courses).flatMap(([course, record]) =>
      !courses || courses.includes(course)
        ? record.activities.filter((one) => !activities || activities.includes(one.id))
        : [],
    );
    return counted.length >= at_least;
  },
  seen: ({ learner }) =>
    Object.entries(learner.courses).flatMap(([course, record]) =>
      record.activities.map((one) => ({ course, activity: one.id })),
    ),
});

export const hasCertificate = defineCondition({
  type: "certificate.has",
  label: "Holds a certificate",
  also: ["diploma", "certified", "has certificate"],
  says: "<hold|do not hold> {certificates: any certificate}[ of {courses}]",
  category,
  description: "The user holds a certificate: any, of one of these courses, or one of these.",
  params: () => ({ courses: ids("course").optional(), certificates: ids("certificate").optional() }),
  test: ({ courses, certificates }, { learner }) =>
    learner.certificates.some(
      (one) =>
        (!courses || (one.course !== null && courses.includes(one.course))) &&
        (!certificates || (one.certificate !== null && certificates.includes(one.certificate))),
    ),
  seen: ({ learner }) => learner.certificates.map(({ course, certificate }) => ({ course, certificate })),
});
