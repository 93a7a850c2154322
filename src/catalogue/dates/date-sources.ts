import { entry } from "../../base/record";
import type { CourseDates, Fact, FieldValue, Learner, SchoolView } from "../facts/facts";
import { triggerValue } from "../kinds";
import { atPath } from "../tracking/data";
import { formatInstant } from "./time";

/*
 * What besides a field of the user has a date that may be waited for.
 */

/** Dates that a course has, by their names in the contract. */
export const COURSE_DATES: Readonly<Record<string, keyof CourseDates>> = {
  "course.starts_at": "startsAt",
  "course.ends_at": "endsAt",
  "course.due_at": "dueAt",
};
export const isCourseDate = (name: string): boolean => Object.hasOwn(COURSE_DATES, name);

/** A date of a course; undefined where nobody said it. */
export function courseDate(name: string, school: Pick<SchoolView, "courseDates">, course: string): string | undefined {
  const key = entry(COURSE_DATES, name);
  return (key && school.courseDates.get(course)?.[key]) ?? undefined;
}

/** A field by its bare key: what has a dot is named after something else, and would be waited for in vain. */
const FIELD = /^(?!__proto__$)[\p{L}\p{N}_ -]{1,128}$/u;
export const isFieldToWaitFor = (name: string): boolean => FIELD.test(name);

const EVENT = /^event\.(.{1,250})$/;

/** What certificates say, where nothing says of which course: the one that ends last. */
function certificateEnd({ certificates }: Learner, { data }: Fact): string | undefined {
  const ends = certificates.flatMap(({ course, certificate, expiresAt }) => {
    const isMeant =
      typeof data.certificate === "string"
        ? certificate === data.certificate
        : typeof data.course !== "string" || course === data.course;
    return isMeant && expiresAt !== null ? [expiresAt] : [];
  });
  return ends.length ? formatInstant(Math.max(...ends)) : undefined;
}

/** What is looked at, when a date is asked for. */
interface Looked {
  learner: Learner;
  /** What started the run. */
  fact: Fact;
  school: Pick<SchoolView, "courseDates">;
}

/** The date of the course that the fact is about. */
const ofCourse =
  (name: string) =>
  ({ fact, school }: Looked): string | undefined => {
    const course = triggerValue("course", fact.data);
    return course === undefined ? undefined : courseDate(name, school, course);
  };

/** By their names in the contract. */
const OF: Readonly<Record<string, (looked: Looked) => string | undefined>> = {
  registered_at: ({ learner }) => formatInstant(learner.registeredAt),
  ...Object.fromEntries(Object.keys(COURSE_DATES).map((name) => [name, ofCourse(name)])),
  "certificate.expires_at": ({ learner, fact }) => certificateEnd(learner, fact),
};
/** Those that are of something that a learner has or is in. */
export const OWNED_DATES = [...Object.keys(COURSE_DATES), "certificate.expires_at"] as const;

export const DATE_SOURCES = Object.keys(OF);

/** Whether it names something of the fact that started a run, or one of the above. */
export const isDateSource = (name: string): boolean => Object.hasOwn(OF, name) || EVENT.test(name);

/** What stands there: a field's value where it names no other; undefined where it is missing. */
export function dateSource(name: string, looked: Looked): FieldValue | undefined {
  const { learner, fact } = looked;
  const path = EVENT.exec(name)?.[1];
  if (path !== undefined) {
    const value = atPath(fact.data, path);
    return typeof value === "string" || typeof value === "number" ? value : undefined;
  }
  const read = entry(OF, name);
  const value = read ? read(looked) : entry(learner.fields, name);
  return value === "" || (Array.isArray(value) && value.length === 0) ? undefined : value;
}
