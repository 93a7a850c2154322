import * as z from "zod";
import { addDuration, formatInstant, subtractDays } from "../dates/time";
import { defineCondition } from "../define";
import { isEnrolled } from "../enrolment/change";
import type { View } from "../facts/facts";
import { duration, ids, percent } from "../options/fields";
import { hasCompleted, progressOf } from "../progress/record";
import { clause, compileClause } from "../segments/clause";
import { isOfCourses, lastVisit, type VisitScope } from "./visits";

const courses = ids("course").optional();

/** The scope and course that became inactive, from the fact's own type. */
const scopeOf = (view: View): { scope: VisitScope; course: string | undefined } => {
  const scope = view.fact.type.slice("inactivity.".length);
  const known: readonly VisitScope[] = ["school", "app", "course", "app_course"];
  return {
    scope: known.find((one) => one === scope) ?? "school",
    course: typeof view.fact.data.course === "string" ? view.fact.data.course : undefined,
  };
};

export const inactivityMatches = defineCondition({
  type: "inactivity.matches",
  label: "Inactivity advanced filters",
  also: ["away", "absent", "last visit"],
  says: "<match|do not match>: [enrolled in {enrolled_in}; ][not completed {not_completed}; ][progress below {progress_below|percent}; ][progress at least {progress_at_least|percent}; ][never visited{never_visited?}; ][registered at least {registered_before_days|days} ago; ][at most {max_times} times; ][{fields|clauses}]",
  category: "inactivity",
  description:
    "Narrows who counts as inactive. All that are given must hold; for the inactivity in a course they speak of that course unless a list is given.",
  onlyWith: ["inactivity.school", "inactivity.course", "inactivity.app", "inactivity.app_course"],
  params: () => ({
    enrolled_in: courses,
    not_completed: courses,
    progress_below: percent.optional(),
    progress_at_least: percent.optional(),
    never_visited: z.boolean().optional(),
    registered_before_days: z.number().min(0).max(36_500).optional(),
    max_times: z.int().min(1).max(10_000).optional(),
    fields: z.array(clause).min(1).max(50).optional(),
  }),
  test: (params, view) => {
    const { learner, school } = view;
    const { scope, course } = scopeOf(view);
    const about =
      params.enrolled_in ??
      (course === undefined
        ? learner.enrolments.filter((one) => one.type === "course").map((one) => one.product)
        : [course]);
    const some = (wanted: (percent: number) => boolean) =>
      about.some((one) => {
        const reached = progressOf(learner, one);
        return reached !== null && wanted(reached);
      });
    const { progress_below: below, progress_at_least: least, registered_before_days: before } = params;
    return (
      (!params.enrolled_in || params.enrolled_in.some((one) => isEnrolled(learner, "course", one))) &&
      (!params.not_completed || params.not_completed.some((one) => !hasCompleted(learner, one))) &&
      (below === undefined || some((reached) => reached < below)) &&
      (least === undefined || some((reached) => reached >= least)) &&
      (params.never_visited === undefined || (lastVisit(learner, scope, course) === null) === params.never_visited) &&
      (before === undefined || learner.registeredAt <= subtractDays(view.now, before, school.settings.timezone)) &&
      (params.max_times === undefined || view.starts < params.max_times) &&
      (!params.fields ||
        params.fields.every((one) =>
          compileClause(one, school.settings.timezone, school.fields).holds(learner, view.now),
        ))
    );
  },
  seen: (view, params) => {
    const { learner } = view;
    const { scope, course } = scopeOf(view);
    const visit = lastVisit(learner, scope, course);
    return {
      enrolled_in: learner.enrolments.filter((one) => one.type === "course").map((one) => one.product),
      progress: (params.enrolled_in ?? (course === undefined ? [] : [course])).map((one) => progressOf(learner, one)),
      last_visit: visit && formatInstant(visit.at),
      registered_at: formatInstant(learner.registeredAt),
      times: view.starts,
    };
  },
});

export const hasVisited = defineCondition({
  type: "user.has_visited",
  label: "Has returned",
  also: ["came back", "visited again", "active again"],
  says: "<have|have not> visited the {scope: school|scope}[ {courses}] since {since: this started|since}",
  category: "beyond",
  description: "The user came back since the automation was triggered, or within a time back from now.",
  params: () => ({
    since: z.union([z.literal("trigger"), duration]).default("trigger"),
    scope: z.enum(["school", "course", "app", "app_course"]).default("school"),
    courses,
  }),
  test: ({ since, scope, courses: list }, { learner, fact, now, school }) => {
    const record = scope === "app_course" ? learner.lastSeen.appCourses : learner.lastSeen.courses;
    const visits = isOfCourses(scope)
      ? (list ?? Object.keys(record)).map((course) => lastVisit(learner, scope, course))
      : [lastVisit(learner, scope)];
    const from = since === "trigger" ? fact.at : addDuration(now, `-${since}`, school.settings.timezone);
    return visits.some(
      (visit) =>
        visit !== null && (visit.at > from || (visit.at === from && (since !== "trigger" || visit.order > fact.order))),
    );
  },
  seen: ({ learner }) => learner.lastSeen.school && formatInstant(learner.lastSeen.school.at),
});
