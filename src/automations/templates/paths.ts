import { z } from "zod";
import { id, TRIGGER } from "../../catalogue/fields";
import { defineTemplate } from "./define";
import { enrolParam, paymentParams } from "./fields";

const MAX_COURSES = 20;

export const learningPath = defineTemplate({
  id: "learning-path",
  name: "Learning path",
  description: "Whoever completes a course of the path is enrolled in the one that follows it.",
  params: {
    courses: z
      .array(id.refine((one) => one !== TRIGGER, `"${TRIGGER}" means nothing here`))
      .min(1)
      .max(MAX_COURSES)
      .refine((list) => new Set(list).size === list.length, "the same course twice")
      .meta({ picker: "course", title: "Courses", description: "One a line, in the order of the path." }),
    ...paymentParams,
  },
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
});
