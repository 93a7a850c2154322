import * as z from "zod";
import { canonical } from "../../base/json";
import { textKey } from "../../base/text/text";
import { id, TRIGGER } from "../../catalogue/options/fields";
import { defineTemplate } from "./define";
import { enrolParam, paymentParams } from "./fields";

const MAX_COURSES = 20;

export const learningPath = defineTemplate({
  id: "learning-path",
  name: "Learning path",
  description: "Whoever completes a course of the path is enrolled in the one that follows it.",
  params: () => ({
    courses: z
      .array(id.refine((one) => one !== TRIGGER, `"${TRIGGER}" means nothing here`))
      .min(1)
      .max(MAX_COURSES)
      .refine((list) => new Set(list.map(textKey)).size === list.length, "the same course twice")
      .meta({ picker: "course", title: "Courses", description: "One a line, in the order of the path." }),
    ...paymentParams,
  }),
  build: (params) => ({
    // A path that is begun with one course has a step yet to come.
    when: [{ type: "course.completed", courses: params.courses.slice(0, Math.max(1, params.courses.length - 1)) }],
    then: params.courses.slice(1).map((next, index) => ({
      type: "branch",
      if: { type: "event.data_is", path: "course", op: "is", value: params.courses[index] },
      yes: [enrolParam([next], params)],
      no: [],
    })),
  }),
  chain: ({ when, only_if, then, exit_when, exit_if }) => {
    const [first, ...more] = when;
    if (first?.type !== "course.completed" || more.length || only_if || exit_when?.length || exit_if) return null;
    const links = then.map(linkOf);
    const courses = links.flatMap((link, index) => (link === null ? [] : index === 0 ? link : link.slice(1)));
    const isWhole = links.every((link, index) => link !== null && link[0] === courses[index]);
    const begins = canonical(first.courses ?? null) === canonical(courses.slice(0, -1));
    return isWhole && begins && new Set(courses).size === courses.length && courses.length > 1 ? courses : null;
  },
});

const link = z.object({
  type: z.literal("branch"),
  if: z.object({
    ...{ type: z.literal("event.data_is"), path: z.literal("course"), op: z.literal("is") },
    value: z.string(),
  }),
  yes: z.tuple([
    z.object({
      ...{ type: z.literal("course.enroll"), courses: z.tuple([z.string()]) },
      role: z.literal("student").optional(),
    }),
  ]),
  no: z.array(z.unknown()).max(0).optional(),
});

/** The course that has to be completed, and the one that follows it. */
function linkOf(step: unknown): [string, string] | null {
  const { data } = link.safeParse(step);
  return data ? [data.if.value, data.yes[0].courses[0]] : null;
}
