import { z } from "zod";
import { changeTypes } from "../../catalogue/changes";
import { checkLms, lmsStatus } from "../../schools/lms";
import { defineRoute, ok } from "../route";
import { rfc3339, timeOut } from "../times";

const finding = z.object({
  ok: z.boolean(),
  what: z.string().meta({ description: "What was looked at." }),
  advice: z.string().optional().meta({ description: "What to do where it is not so." }),
});

/** The LMS that hears what we change. */
export const lmsRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/lms",
    scope: "read",
    summary: "Which LMS hears what is changed here, and how the connection stands.",
    description:
      "`problem` is there while the connection is broken: a token that is not taken, a right that is missing, an " +
      "address where nobody answers. Changes wait then, and no automation is stopped for it.",
    answers: {
      200: z.object({
        type: z.string(),
        label: z.string(),
        problem: z.object({ message: z.string(), since: timeOut, last_at: timeOut }).nullable(),
        unsupported: z.array(z.enum(changeTypes)).meta({ description: "Changes that it knows nothing of." }),
      }),
    },
    handle: async ({ env, school }) => {
      const { problem, ...status } = await lmsStatus(env, school);
      const shown = problem && {
        message: problem.message,
        since: rfc3339(problem.since),
        last_at: rfc3339(problem.at),
      };
      return ok({ ...status, problem: shown });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/lms/check",
    scope: "write",
    summary: "Try the connection to the LMS, and say in words what is wrong with it.",
    description: "The LMS is asked, and nothing in it is changed. 409 where none is chosen.",
    answers: { 200: z.object({ ok: z.boolean(), findings: z.array(finding) }) },
    handle: async ({ env, school }) => ok(await checkLms(env, school)),
  }),
];
