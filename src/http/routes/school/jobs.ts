import { turnableListQuery } from "../../../db/lists/list";
import { cancelJob, jobDocument, jobDocumentOf } from "../../../jobs/document";
import { getJob, listJobs } from "../../../jobs/store";
import { defineResource } from "../../resource";
import { defineRoute, ok } from "../../route";

/** Work over many users or lines, to be watched. */
export const jobRoutes = [
  ...defineResource({
    path: "/v1/jobs",
    scope: "read",
    many: "the jobs",
    one: "a job",
    query: turnableListQuery,
    document: jobDocument,
    list: (env, { id }, query) => listJobs(env, id, query),
    get: getJob,
    toDocument: jobDocumentOf,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/jobs/:id/cancel",
    scope: "write",
    summary: "Stop a job; what it did stays.",
    audits: { what: "job.cancelled", inBatch: true },
    answers: { 200: jobDocument },
    handle: async ({ env, school, params, entry }) =>
      ok(jobDocumentOf(await cancelJob(env, school.id, params.id, entry))),
  }),
];
