import * as z from "zod";
import { entry } from "../../base/record";
import { datedField } from "../account/meant";
import { courseDate, isCourseDate, isFieldToWaitFor, OWNED_DATES } from "../dates/date-sources";
import type { DateWatch } from "../dates/dates";
import { formatInstant } from "../dates/time";
import { defineTrigger } from "../define";
import { isEnrolled } from "../enrolment/change";
import type { Learner, SchoolView } from "../facts/facts";
import { ids, offset } from "../options/fields";
import { timeOfDay } from "../steps/fields";

const params = {
  field: z
    .string()
    .refine((name) => isFieldToWaitFor(datedField(name)), "not the name of a field")
    .optional()
    .meta({ picker: "field", dated: true }),
  of: z.enum(OWNED_DATES).optional(),
  courses: ids("course").optional().meta({ examples: [] }),
  offset: offset.optional().meta({ format: "duration" }),
  at: timeOfDay.optional(),
  every: z.literal("year").optional(),
};

type Dates = ReturnType<DateWatch["dates"]>;

interface Asked {
  field?: string | undefined;
  of?: string | undefined;
  courses?: string[] | undefined;
}

/** What a field of the user says; of courses and certificates, those of courses that the user is in. */
function datesOf({ field, of, courses }: Asked, learner: Learner, school: SchoolView): Dates {
  if (field === "registered_at") return [{ about: "", value: formatInstant(learner.registeredAt), data: {} }];
  if (field !== undefined) return [{ about: "", value: entry(learner.fields, field), data: {} }];
  if (of !== undefined && isCourseDate(of)) return datesOfCourses(of, courses, learner, school);
  return learner.certificates.flatMap(({ course, certificate, expiresAt }) => {
    const isMeant =
      course === null ? !courses : (!courses || courses.includes(course)) && isEnrolled(learner, "course", course);
    if (!isMeant) return [];
    const data = { ...(course === null ? {} : { course }), ...(certificate === null ? {} : { certificate }) };
    const value = expiresAt === null ? undefined : formatInstant(expiresAt);
    return [{ about: JSON.stringify([course, certificate]), value, data }];
  });
}

function datesOfCourses(of: string, courses: string[] | undefined, learner: Learner, school: SchoolView): Dates {
  return learner.enrolments.flatMap(({ type, product: course, knownAt }) => {
    if (type !== "course" || (courses && !courses.includes(course)) || !isEnrolled(learner, type, course)) return [];
    // Whoever is enrolled when it is past is not meant.
    return [{ about: course, value: courseDate(of, school, course), data: { course }, since: knownAt }];
  });
}

export const dateReached = defineTrigger({
  type: "date.reached",
  label: "A date is reached",
  also: ["birthday", "anniversary", "renewal", "expires", "due date", "schedule", "yearly"],
  says: "comes to [{offset|shift} ]{field: |field}{of: }[ ({courses})][ each {every}][ at {at}]",
  category: "beyond",
  description:
    "Fires when a date in a field of the user, of a course that the user is in, or the end of a certificate comes; shifted, or every year, if asked. What is past when the automation is made active is left alone; a date that changes comes anew.",
  params: () => params,
  meant: (given) => ({ ...given, field: given.field && datedField(given.field) }),
  starting: true,
  check: ({ field, of, courses }) => {
    if ((field === undefined) === (of === undefined)) return { message: "give exactly one of field, of", path: [] };
    return courses && of === undefined ? { message: "goes with of", path: ["courses"] } : null;
  },
  reaches: ({ field, of, courses, offset, at, every }): DateWatch => ({
    told: { ...(field === undefined ? { of } : { field }), ...(offset ? { offset } : {}), ...(at ? { at } : {}) },
    shift: { offset: offset || undefined, at: at || undefined, every },
    dates: (learner, school) => datesOf({ field, of, courses }, learner, school),
  }),
  example: ({ field, of, courses, offset, at }) => ({
    ...(field === undefined ? { of } : { field }),
    ...(of !== undefined && isCourseDate(of) ? { course: courses?.[0] ?? "course" } : {}),
    ...(offset ? { offset } : {}),
    ...(at ? { at } : {}),
  }),
  accepts: (given, data) =>
    (["field", "of", "offset", "at"] as const).every((name) => (data[name] ?? "") === (given[name] ?? "")) &&
    (!given.courses || data.course === undefined || given.courses.includes(String(data.course))),
});
