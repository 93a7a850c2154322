import { entry } from "../../base/record";
import type { View } from "../facts";
import { currentYear, formatInstant } from "../time";

/** The settings of the school that messages may name, as `school.<name>`. */
export const SCHOOL_VARIABLES = [
  "url",
  "support_email",
  "account_link",
  "company_name",
  "contact_email",
  "inbox_link",
  "mail_signature",
  "address",
  "sales_email",
  "logo_url",
  "description",
  "currency",
] as const;

const moment = (at: number | null | undefined): string | null =>
  at === null || at === undefined ? null : formatInstant(at);

/** What a template may name, as plain JSON: a copy, so that nothing of ours is within its reach. */
export function scopeOf(view: Pick<View, "learner" | "school" | "fact" | "now">): Record<string, unknown> {
  const { learner, school, fact, now } = view;
  const course = typeof fact.data.course === "string" ? fact.data.course : undefined;
  const record = course === undefined ? undefined : entry(learner.courses, course);
  return structuredClone({
    user: {
      id: learner.id,
      username: learner.username,
      email: learner.email,
      fields: learner.fields,
    },
    school: {
      name: school.name,
      ...Object.fromEntries(SCHOOL_VARIABLES.map((name) => [name, school.settings[name]])),
    },
    event: fact.data,
    current_year: currentYear(now, school.settings.timezone),
    course:
      course === undefined
        ? undefined
        : {
            id: course,
            percent: record?.percent ?? 0,
            started_at: moment(record?.startedAt),
            completed_at: moment(record?.completedAt),
          },
  });
}

/** The variables that a message editor offers. */
export const VARIABLES = [
  { type: "user.username", label: "The user's name" },
  { type: "user.email", label: "The user's email" },
  { type: "user.id", label: "The user's id" },
  { type: "user.fields.<name>", label: "A field of the user" },
  { type: "school.name", label: "The school's name" },
  ...SCHOOL_VARIABLES.map((name) => ({ type: `school.${name}`, label: `The school's ${name.replaceAll("_", " ")}` })),
  { type: "current_year", label: "The year" },
  { type: "event.<data>", label: "What the event brought" },
  { type: "course.id", label: "The course of the event" },
  { type: "course.percent", label: "The progress in that course" },
  { type: "course.started_at", label: "When that course was started" },
  { type: "course.completed_at", label: "When that course was completed" },
] as const;
