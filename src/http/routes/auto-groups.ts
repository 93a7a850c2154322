import { z } from "zod";
import { id } from "../../catalogue/fields";
import { listQuery } from "../../db/list";
import {
  type AutoGroupRow,
  changeAutoGroup,
  createAutoGroup,
  deleteAutoGroup,
  getAutoGroup,
  listAutoGroups,
} from "../../segments/auto-groups";
import { whoOf } from "../credentials";
import { defineResource } from "../resource";
import { accepted, created, defineRoute, ok } from "../route";
import { rfc3339, timeOut } from "../times";
import { fireQuery, jobAnswer, jobId, withJob } from "./flag";

const document = z.object({
  id: z.string(),
  course: z.string(),
  field: z.string(),
  active: z.boolean(),
  created_at: timeOut,
});

const toDocument = ({ id, course, field, active, createdAt }: AutoGroupRow) => ({
  id,
  course,
  field,
  active,
  created_at: rfc3339(createdAt),
});

/** Auto groups: the members of a course are grouped by the value of a field, in groups named `<course>:<value>`. */
export const autoGroupRoutes = [
  ...defineResource({
    path: "/v1/auto-groups",
    scope: "read",
    many: "the auto groups",
    one: "an auto group",
    query: listQuery,
    document,
    list: (env, { id }, query) => listAutoGroups(env, id, query),
    get: getAutoGroup,
    toDocument,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/auto-groups",
    scope: "write",
    summary: "Group the members of a course by a field; when active, by a job.",
    query: fireQuery,
    body: z.strictObject({ course: id, field: z.string().min(1).max(128), active: z.boolean().default(true) }),
    answers: { 201: document.extend({ job_id: jobId }) },
    handle: async ({ env, school, query, body, credential }) => {
      const { autoGroup, jobId } = await createAutoGroup(env, school, body, {
        fire: query.fire,
        who: whoOf(credential),
      });
      return created({ ...toDocument(autoGroup), ...withJob(jobId) });
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/v1/auto-groups/:id",
    scope: "write",
    summary: "Make an auto group active, which brings all in line by a job, or inactive: then groups stay as they are.",
    query: fireQuery,
    body: z.strictObject({ active: z.boolean().optional() }),
    answers: { 200: document.extend({ job_id: jobId }) },
    handle: async ({ env, school, params, query, body, credential }) => {
      const options = { fire: query.fire, who: whoOf(credential) };
      const { autoGroup, jobId } = await changeAutoGroup(env, school, params.id, body, options);
      return ok({ ...toDocument(autoGroup), ...withJob(jobId) });
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/auto-groups/:id",
    scope: "write",
    summary: "Delete an auto group; members leave its groups, by a job.",
    query: fireQuery,
    answers: { 202: jobAnswer },
    handle: async ({ env, school, params, query, credential }) =>
      accepted({ job_id: await deleteAutoGroup(env, school, params.id, { fire: query.fire, who: whoOf(credential) }) }),
  }),
];
