import * as z from "zod";
import { invalid } from "../../../base/errors/errors";
import { DIFFERENCES, DIFFERING } from "../../../catalogue/enrolment/drift";
import { changeTypes } from "../../../catalogue/facts/changes";
import { id } from "../../../catalogue/options/fields";
import { presentedSource } from "../../../catalogue/shown/present-givers";
import { listQuery, pageOf } from "../../../db/lists/list";
import { driftOf, driftOfCourse, reconcile, syncFromLms } from "../../../lms/reconcile";
import { sidesShape } from "../../../lms/sides";
import { SYNCED } from "../../../lms/sync-job";
import { checkLms, lmsStatus } from "../../../schools/lms";
import { handOf, whoOf } from "../../access/credentials";
import { accepted, defineRoute, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { flag, jobAnswer } from "../flag";

const count = z.int();
const enrolled = z
  .object({ role: z.string().nullable(), suspended: z.boolean(), expires_at: z.string().nullable().optional() })
  .nullable();

const drift = z.object({
  course: z.string(),
  name: z.string().nullable(),
  compared_at: z.string().meta({ format: "date-time" }),
  here: count.meta({ description: "How many are enrolled here, suspended ones left out." }),
  there: count.meta({ description: "The same in the LMS." }),
  missing_here: count,
  missing_there: count,
  differing: count.meta({ description: "Enrolled on both sides, with another role or end, or suspended on one." }),
  unknown: count.meta({ description: "Enrolled there, and no user here." }),
  on_its_way: count.meta({ description: "A change of ours has yet to reach the LMS, or came after it was read." }),
  problem: z.string().nullable().meta({ description: "Why it could not be compared, or is not mended." }),
});
const people = z.array(
  z.object({
    user: z.string(),
    kind: z.enum([...DIFFERENCES, "on_its_way"]),
    what: z.array(z.enum(DIFFERING)).optional(),
    here: enrolled,
    there: enrolled,
    givers: z.array(presentedSource).meta({ description: "Who gave it here, by source; none: it is not here." }),
  }),
);

const finding = z.object({
  ok: z.boolean(),
  what: z.string().meta({ description: "What was looked at." }),
  advice: z.string().optional().meta({ description: "What to do where it is not so." }),
});

/** The LMS that hears what we change, and what a school and it hold of each other. */
export const lmsRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/lms",
    scope: "read",
    summary: "Which LMS hears what is changed here, and how the connection stands.",
    description:
      "`problem` is there while the connection is broken: a token that is not taken, a right that is missing, an " +
      "address where nobody answers. Changes wait then, and no automation is stopped for it.",
    answers: () => ({
      200: z.object({
        type: z.string(),
        label: z.string(),
        problem: z.object({ message: z.string(), since: timeOut, last_at: timeOut }).nullable(),
        unsupported: z.array(z.enum(changeTypes)).meta({ description: "Changes that it knows nothing of." }),
      }),
    }),
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
    refuses: ["conflict"],
    answers: () => ({ 200: z.object({ ok: z.boolean(), findings: z.array(finding) }) }),
    handle: async ({ env, school }) => ok(await checkLms(env, school)),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/lms/sync",
    scope: "write",
    summary: "Bring in from the LMS what things are called, people, or who is in which course, by a job.",
    description: "Quiet, and nothing of it is told to the LMS. Enrolments that are here otherwise stay: see drift.",
    body: z.strictObject({ what: z.enum(SYNCED) }),
    answers: { 202: jobAnswer },
    handle: async ({ env, school, body, credential }) =>
      accepted({ job_id: await syncFromLms(env, school, body.what, whoOf(credential)) }),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/lms/drift",
    scope: "read",
    summary: "Compare what we hold of courses with what the LMS says.",
    description:
      "With `course` it is compared now, with who differs; one of over 500 people as it was last compared. Without, courses are answered as they were last compared; " +
      "where none was, the first few are compared now. A reconcile with `dry_run` compares all of them, by a job.",
    query: listQuery.extend({
      course: id.optional(),
      differs: flag.meta({ description: "Only courses in which something differs." }),
    }),
    refuses: ["conflict"],
    answers: () => ({ 200: pageOf(drift.extend({ people: people.optional() })) }),
    handle: async ({ env, school, query }) => {
      const { course, ...rest } = query;
      if (course === undefined) return ok(await driftOf(env, school, rest));
      return ok({ data: [await driftOfCourse(env, school, course)], next_cursor: null });
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/lms/reconcile",
    scope: "write",
    summary:
      "Make a course, or all of them, equal here and in the LMS, by whose word counts for each kind of difference.",
    description:
      "`theirs` is quiet: nothing starts from it. `ours` is told to the LMS as any change, with the cause `reconcile`; a " +
      "test school's is captured. What would un-enrol over 10 % of a course in the LMS needs `confirm`, its count: 409 " +
      "until then, and without `course` such a course is passed over. An empty answer of the LMS changes nothing.",
    body: z.strictObject({
      course: id.optional(),
      ...sidesShape,
      dry_run: z.boolean().default(false),
      confirm: z.int().min(0).optional().meta({ description: "How many are un-enrolled in the LMS; with `course`." }),
    }),
    answers: () => ({
      200: drift.extend({
        people,
        would_change_here: count,
        would_change_there: count,
        confirm: count.nullable().meta({ description: "What `confirm` has to say; null: it may be left out." }),
      }),
      202: jobAnswer,
    }),
    handle: async ({ env, school, body, credential }) => {
      const { course, dry_run: dryRun, confirm, ...sides } = body;
      if (!dryRun && !DIFFERENCES.some((kind) => sides[kind]))
        throw invalid([{ path: "", message: `say whose word counts, by one at least of ${DIFFERENCES.join(", ")}` }]);
      if (confirm !== undefined && course === undefined)
        throw invalid([{ path: "/confirm", message: "goes with a course alone: how many of it are un-enrolled" }]);
      const asker = { who: whoOf(credential), hand: handOf(credential).id };
      const done = await reconcile(env, school, { course, sides, dryRun, confirm }, asker);
      return "job" in done ? accepted({ job_id: done.job }) : ok(done.preview);
    },
  }),
];
