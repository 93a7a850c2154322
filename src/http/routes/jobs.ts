import { and, eq } from "drizzle-orm";
import { database } from "../../db/client";
import { after, inOrder, pageOf, toPage, turnableListQuery } from "../../db/list";
import { jobs } from "../../db/schema";
import { cancelJob, jobDocument, jobDocumentOf } from "../../jobs/document";
import { getJob } from "../../jobs/store";
import { defineRoute, ok } from "../route";

/** Work over many users or lines, to be watched. */
export const jobRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/jobs",
    scope: "read",
    summary: "List the jobs, oldest first.",
    query: turnableListQuery,
    answers: { 200: pageOf(jobDocument) },
    handle: async ({ env, school, query }) => {
      const rows = await database(env.DB)
        .select()
        .from(jobs)
        .where(and(eq(jobs.school, school.id), after(query, [jobs.id])))
        .orderBy(...inOrder(query, [jobs.id]))
        .limit(query.limit + 1);
      return ok(toPage(query, rows, (row) => [row.id], jobDocumentOf));
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/jobs/:id",
    scope: "read",
    summary: "Get a job.",
    answers: { 200: jobDocument },
    handle: async ({ env, school, params }) => ok(jobDocumentOf(await getJob(env, school.id, params.id))),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/jobs/:id/cancel",
    scope: "write",
    summary: "Stop a job; what it did stays.",
    answers: { 200: jobDocument },
    handle: async ({ env, school, params }) => ok(jobDocumentOf(await cancelJob(env, school.id, params.id))),
  }),
];
