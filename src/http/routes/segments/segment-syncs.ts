import * as z from "zod";
import { id, role } from "../../../catalogue/options/fields";
import { deleteAtOut, withDeleteAt } from "../../../db/deleting/held";
import { listQuery } from "../../../db/lists/list";
import { restoreDefinition } from "../../../held/hold";
import { previewSync } from "../../../segments/syncs/preview";
import {
  changeSync,
  createSync,
  deleteSync,
  faultsOfSync,
  getSync,
  listSyncs,
  type Sync,
} from "../../../segments/syncs/syncs";
import { whoOf } from "../../access/credentials";
import { defineResource } from "../../resource";
import { created, defineRoute, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { circleWarnings, fireQuery, flag, jobId, onlyWith, withJob } from "../flag";
import { defineDeletion, deleted, RESTORES } from "../held";
import { schoolName as name } from "../platform/schools";

export const onLeave = z
  .enum(["unenrol", "suspend"])
  .meta({ description: "What becomes of the enrolment when a member leaves." });

export const enrols = z.boolean().meta({
  description: "False: it enrols nobody, and keeps its group for members who are in the course anyhow.",
});

const document = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  segment: z.string(),
  course: z.string(),
  role: z.string(),
  group: z.string().nullable(),
  on_leave: onLeave,
  enrol: enrols,
  created_at: timeOut,
  delete_at: deleteAtOut,
});

const toDocument = (sync: Sync) => ({
  id: sync.id,
  name: sync.name,
  active: sync.active,
  segment: sync.segment,
  course: sync.course,
  role: sync.role,
  group: sync.group,
  on_leave: sync.onLeave,
  enrol: sync.enrol,
  created_at: rfc3339(sync.createdAt),
  ...withDeleteAt(sync),
});

const KIND = "segment_sync";

const count = z.int();
const previewDocument = z.object({
  would_enrol: count,
  would_unenrol: count,
  would_change_role: count,
  would_join_group: count,
  would_leave_group: count,
  estimated: z.boolean().meta({ description: "True: counted over the first 1,000 users by id and projected." }),
  warnings: circleWarnings,
});
const written = document.extend({ job_id: jobId, warnings: circleWarnings });
const syncDryRun = flag.meta({ description: "Only counts whom it would move." });

/** Syncs: the members of a segment are enrolled in a course. */
export const segmentSyncRoutes = [
  ...defineResource({
    path: "/v1/segment-syncs",
    scope: "read",
    many: "the syncs",
    one: "a sync",
    query: listQuery.extend({ segment: id.optional(), deleted }),
    document,
    list: (env, { id }, query) => listSyncs(env, id, query),
    get: getSync,
    toDocument,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/segment-syncs",
    scope: "write",
    summary: "Sync a segment with a course; when active, its members are enrolled by a job.",
    query: fireQuery,
    body: z.strictObject({
      name,
      active: z.boolean().default(true),
      segment: id,
      course: id,
      role: role.default("student"),
      group: id.nullable().default(null),
      on_leave: onLeave.default("unenrol"),
      enrol: enrols.default(true),
    }),
    faultsBeside: ({ env, school }, part) => faultsOfSync(env, school, part),
    answers: { 201: written },
    handle: async ({ env, school, query, body, credential }) => {
      const { on_leave, ...rest } = body;
      const options = { fire: query.fire, who: whoOf(credential) };
      const { sync, jobId, warned } = await createSync(env, school, { ...rest, onLeave: on_leave }, options);
      return created({ ...toDocument(sync), ...withJob(jobId), ...warned });
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/v1/segment-syncs/:id",
    scope: "write",
    summary: "Change a sync.",
    description:
      "Members follow, by a job: they move to its group, and to its role where they are enrolled by it alone. Making it " +
      "active brings all members in line; while inactive it enrols nobody, what it gave stays, and leaving the segment " +
      "still ends it. For another segment or course make another sync. `dry_run` answers how many it would move.",
    query: fireQuery.extend({ dry_run: syncDryRun }),
    body: z.strictObject({
      name: name.optional(),
      active: z.boolean().optional(),
      role: role.optional(),
      group: id.nullable().optional(),
      on_leave: onLeave.optional(),
      enrol: enrols.optional(),
    }),
    answers: () => ({ 200: onlyWith([written, previewDocument], ["", "dry_run"]) }),
    handle: async ({ env, school, params, query, body, credential }) => {
      const { on_leave: leave, ...rest } = body;
      const change = { ...rest, onLeave: leave };
      if (query.dry_run) return ok(await previewSync(env, school, params.id, change));
      const options = { fire: query.fire, who: whoOf(credential) };
      const { sync, jobId, warned } = await changeSync(env, school, params.id, change, options);
      return ok({ ...toDocument(sync), ...withJob(jobId), ...warned });
    },
  }),
  defineDeletion({
    path: "/v1/segment-syncs/:id",
    kind: KIND,
    summary: "Delete a sync; what it gave is withdrawn by a job.",
    remove: deleteSync,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/segment-syncs/:id/restore",
    scope: "write",
    summary: "Bring a sync back that is held, to be deleted.",
    description: RESTORES,
    answers: { 200: written },
    handle: async ({ env, school, params, credential }) => {
      const jobId = await restoreDefinition(env, school, KIND, params.id, whoOf(credential));
      return ok({ ...toDocument(await getSync(env, school.id, params.id)), ...withJob(jobId) });
    },
  }),
];
