import * as z from "zod";
import { defineTrigger, type Watch } from "../define";
import { ids } from "../options/fields";
import type { VisitScope } from "./visits";

const days = z.int().min(1).max(730);
const include_already_inactive = z.boolean().default(false);
const courses = ids("course").optional();
const once =
  "Fires once for each stretch of inactivity, when it reaches so many days. Users past it already when the automation is made active are left alone unless asked for.";
interface Away {
  days: number;
  courses?: string[] | undefined;
  include_already_inactive: boolean;
}
const watching =
  (scope: VisitScope) =>
  ({ days, courses, include_already_inactive }: Away): Watch => ({
    scope,
    days,
    direction: "after",
    courses,
    includeAlready: include_already_inactive,
  });
const meant = (params: Away, data: Record<string, unknown>): boolean =>
  (data.days === undefined || data.days === params.days) &&
  (!params.courses || data.course === undefined || params.courses.includes(String(data.course)));

/** Counted from the last visit, else from registration (school, app) or enrolment (courses). */
export const schoolInactive = defineTrigger({
  type: "inactivity.school",
  label: "User hasn't visited the school in the last X days",
  also: ["inactive", "absent", "away", "dormant", "not logged in"],
  says: "has not visited the school for {days|days}[, those already away included{include_already_inactive?}]",
  category: "inactivity",
  description: once,
  params: () => ({ days, include_already_inactive }),
  example: ({ days }) => ({ days }),
  watches: watching("school"),
  accepts: meant,
});

export const courseInactive = defineTrigger({
  type: "inactivity.course",
  label: "User hasn't visited a course in the last X days",
  also: ["inactive", "absent", "stuck"],
  says: "has not visited {courses: a course} for {days|days}[, those already away included{include_already_inactive?}]",
  category: "inactivity",
  description: `${once} Each course counts for itself, for users enrolled and not completed.`,
  params: () => ({ days, courses, include_already_inactive }),
  example: ({ days }) => ({ days }),
  watches: watching("course"),
  accepts: meant,
});

export const appInactive = defineTrigger({
  type: "inactivity.app",
  label: "User hasn't opened the mobile app in the last X days",
  also: ["inactive", "absent"],
  says: "has not opened the mobile app for {days|days}[, those already away included{include_already_inactive?}]",
  category: "inactivity",
  description: once,
  params: () => ({ days, include_already_inactive }),
  example: ({ days }) => ({ days }),
  watches: watching("app"),
  accepts: meant,
});

export const appCourseInactive = defineTrigger({
  type: "inactivity.app_course",
  label: "User hasn't visited a course via the mobile app in the last X days",
  also: ["inactive", "absent"],
  says: "has not visited {courses: a course} in the mobile app for {days|days}[, those already away included{include_already_inactive?}]",
  category: "inactivity",
  description: `${once} Each course counts for itself, for users enrolled and not completed.`,
  params: () => ({ days, courses, include_already_inactive }),
  example: ({ days }) => ({ days }),
  watches: watching("app_course"),
  accepts: meant,
});

const channel = z.enum(["web", "app"]).optional();

export const schoolVisited = defineTrigger({
  type: "school.visited",
  label: "User visits the school",
  also: ["comes back", "logs in", "opens"],
  says: "visits the school[ ({channel})]",
  category: "inactivity",
  description: "The user comes to the school; only exits and waits may name it.",
  listening: true,
  params: () => ({ channel }),
  accepts: (params, data) => !params.channel || params.channel === data.channel,
});

export const courseVisited = defineTrigger({
  type: "course.visited",
  label: "User visits a course",
  also: ["opens a course"],
  says: "visits {courses: any course}[ ({channel})]",
  category: "inactivity",
  description: "The user comes to a course; only exits and waits may name it.",
  listening: true,
  params: () => ({ courses, channel }),
  accepts: (params, data) =>
    (!params.channel || params.channel === data.channel) &&
    (!params.courses || params.courses.includes(String(data.course))),
});
