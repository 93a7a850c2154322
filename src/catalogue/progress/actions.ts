import { defineAction, done, skipped } from "../define";
import { id, ids } from "../options/fields";
import { complete, completeActivity, resetActivities, resetCourse } from "./change";

const category = "progress";
const course = id.meta({ picker: "course" });

export const completeCourses = defineAction({
  type: "course.complete",
  label: "Set Course as Completed",
  also: ["finish course", "mark as done", "complete"],
  says: "set {courses|and} as completed",
  category,
  description: "Completes courses for the user.",
  params: () => ({ courses: ids("course") }),
  effect: () => ({ does: "gives", of: "progress" }),
  makes: ["course.completed"],
  mayMake: ({ courses }) =>
    courses.flatMap((one) => [
      { type: "course.completed", data: { course: one } },
      { type: "course.progress_reached", data: { course: one } },
    ]),
  perform: (doing, { courses }) => {
    const completed = courses.filter((one) => complete(doing, one));
    return completed.length ? done({ completed }) : skipped("already_completed");
  },
});

export const completeActivities = defineAction({
  type: "activity.complete",
  label: "Set Learning Activity as Completed",
  also: ["unit", "lesson", "mark as done", "complete"],
  says: "set {activities|and} as completed[ in {course}]",
  category,
  description: "Completes activities of a course for the user.",
  params: () => ({ course, activities: ids("activity") }),
  effect: () => ({ does: "gives", of: "progress", option: "activities" }),
  makes: ["activity.completed"],
  mayMake: ({ course: of, activities }) =>
    activities.map((activity) => ({ type: "activity.completed", data: { course: of, activity } })),
  perform: (doing, { course: of, activities }) => {
    const completed = activities.filter((activity) => completeActivity(doing, of, activity));
    return completed.length ? done({ completed }) : skipped("already_completed");
  },
});

export const resetCourses = defineAction({
  type: "course.reset_progress",
  label: "Reset course progress",
  also: ["start over", "recertification", "clear progress"],
  says: "reset their progress in {courses|and}",
  category,
  description: "Lets the user begin courses anew; started, progress and completed can come again.",
  params: () => ({ courses: ids("course") }),
  effect: () => ({ does: "takes", of: "progress" }),
  makes: [],
  tells: ["course.progress_reset"],
  perform: (doing, { courses }) => {
    const reset = courses.filter((one) => resetCourse(doing, one));
    return reset.length ? done({ reset }) : skipped("no_progress");
  },
});

export const resetActivitiesAction = defineAction({
  type: "activity.reset_progress",
  label: "Reset learning activity progress",
  also: ["unit", "lesson", "start over"],
  says: "reset their progress in {activities|and}[ of {course}]",
  category,
  description: "Lets the user begin activities anew.",
  params: () => ({ course, activities: ids("activity") }),
  effect: () => ({ does: "takes", of: "progress", option: "activities" }),
  makes: [],
  tells: ["activity.progress_reset"],
  perform: (doing, { course: of, activities }) => {
    const reset = resetActivities(doing, of, activities);
    return reset.length ? done({ reset }) : skipped("no_progress");
  },
});
