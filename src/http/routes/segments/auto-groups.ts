import * as z from "zod";
import { id } from "../../../catalogue/options/fields";
import { deleteAtOut, withDeleteAt } from "../../../db/deleting/held";
import { listQuery } from "../../../db/lists/list";
import { restoreDefinition } from "../../../held/hold";
import {
  type AutoGroupRow,
  changeAutoGroup,
  createAutoGroup,
  deleteAutoGroup,
  faultsOfField,
  getAutoGroup,
  listAutoGroups,
} from "../../../segments/auto-groups";
import { whoOf } from "../../access/credentials";
import { defineResource } from "../../resource";
import { created, defineRoute, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { fireQuery, jobId, withJob } from "../flag";
import { defineDeletion, deleted, RESTORES } from "../held";

const document = z.object({
  id: z.string(),
  course: z.string(),
  field: z.string(),
  active: z.boolean(),
  created_at: timeOut,
  delete_at: deleteAtOut,
});

const toDocument = ({ id, course, field, active, createdAt, deleteAt }: AutoGroupRow) => ({
  id,
  course,
  field,
  active,
  created_at: rfc3339(createdAt),
  ...withDeleteAt({ deleteAt }),
});

const KIND = "auto_group";

/** Auto groups: the members of a course are grouped by the value of a field, in groups named `<course>:<value>`. */
export const autoGroupRoutes = [
  ...defineResource({
    path: "/v1/auto-groups",
    scope: "read",
    many: "the auto groups",
    one: "an auto group",
    query: listQuery.extend({ deleted }),
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
    faultsBeside: ({ env, school }, { field }) => (field === undefined ? [] : faultsOfField(env, school.id, field)),
    answers: () => ({ 201: document.extend({ job_id: jobId }) }),
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
    answers: () => ({ 200: document.extend({ job_id: jobId }) }),
    handle: async ({ env, school, params, query, body, credential }) => {
      const options = { fire: query.fire, who: whoOf(credential) };
      const { autoGroup, jobId } = await changeAutoGroup(env, school, params.id, body, options);
      return ok({ ...toDocument(autoGroup), ...withJob(jobId) });
    },
  }),
  defineDeletion({
    path: "/v1/auto-groups/:id",
    kind: KIND,
    summary: "Delete an auto group; members leave its groups, by a job.",
    remove: deleteAutoGroup,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/auto-groups/:id/restore",
    scope: "write",
    summary: "Bring an auto group back that is held, to be deleted.",
    description: RESTORES,
    answers: () => ({ 200: document.extend({ job_id: jobId }) }),
    handle: async ({ env, school, params, credential }) => {
      const jobId = await restoreDefinition(env, school, KIND, params.id, whoOf(credential));
      return ok({ ...toDocument(await getAutoGroup(env, school.id, params.id)), ...withJob(jobId) });
    },
  }),
];
