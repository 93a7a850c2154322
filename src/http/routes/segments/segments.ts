import * as z from "zod";
import { id } from "../../../catalogue/options/fields";
import { markedUser } from "../../../catalogue/shown/present-givers";
import { deleteAtOut, withDeleteAt } from "../../../db/deleting/held";
import { decodeCursor, encodeCursor, listQuery, pageOf } from "../../../db/lists/list";
import { figuresDocument } from "../../../held/figures";
import { restoreDefinition } from "../../../held/hold";
import { getSegment, listSegments, type SegmentRow } from "../../../segments/find";
import { setMember } from "../../../segments/members";
import { changeSegment, createSegment, deleteSegment, previewSegment } from "../../../segments/segments";
import { driftOf } from "../../../segments/syncs/drift";
import { reconcileSegment } from "../../../segments/syncs/reconcile";
import { readUser } from "../../../users/change";
import { userId } from "../../../users/events/event";
import { listUsers } from "../../../users/finding/list";
import { handOf, whoOf } from "../../access/credentials";
import { defineResource } from "../../resource";
import { accepted, created, defineRoute, noContent, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { fireOrDryRunQuery, fireQuery, jobAnswer, jobId, onlyWith, previewDocument, withJob } from "../flag";
import { deleted, deleteFireQuery, HOLDS, putOff, RESTORES } from "../held";
import { schoolName as name } from "../platform/schools";

const document = z.object({
  id: z.string(),
  name: z.string(),
  managed: z.boolean(),
  created_at: timeOut,
  delete_at: deleteAtOut,
});
const written = document.extend({ job_id: jobId });

const toDocument = (row: SegmentRow) => ({
  id: row.id,
  name: row.name,
  managed: row.managed,
  created_at: rfc3339(row.createdAt),
  ...withDeleteAt(row),
});

const KIND = "segment";

const member = z.object({ id, user: userId });

/** Segments, and who is in them. */
export const segmentRoutes = [
  ...defineResource({
    path: "/v1/segments",
    scope: "read",
    many: "the segments",
    one: "a segment",
    query: listQuery.extend({ deleted }),
    document,
    list: (env, { id }, query) => listSegments(env, id, query),
    get: getSegment,
    toDocument,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/segments",
    scope: "write",
    summary: "Make a segment: managed by rules, or kept by hand.",
    body: z.strictObject({ id: id.optional(), name, managed: z.boolean().default(false) }),
    answers: { 201: document },
    handle: async ({ env, school, body, credential }) =>
      created(toDocument(await createSegment(env, school, body, whoOf(credential)))),
  }),
  defineRoute({
    method: "PATCH",
    path: "/v1/segments/:id",
    scope: "write",
    summary: "Change a segment.",
    description:
      "Making it managed drops those for whom no rule holds and takes in the others; unmanaging keeps its members.",
    query: fireOrDryRunQuery,
    body: z.strictObject({ name: name.optional(), managed: z.boolean().optional() }),
    answers: () => ({ 200: onlyWith([written, previewDocument], ["", "dry_run"]) }),
    handle: async ({ env, school, params, query, body, credential }) => {
      if (query.dry_run) return ok(await previewSegment(env, school, params.id, body));
      const { segment, jobId } = await changeSegment(env, school, params.id, body, {
        fire: query.fire,
        who: whoOf(credential),
      });
      return ok({ ...toDocument(segment), ...withJob(jobId) });
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/segments/:id",
    scope: "write",
    summary: "Delete a segment with its rules; its members leave it.",
    description: HOLDS,
    query: deleteFireQuery,
    answers: { 200: figuresDocument, 202: figuresDocument, 204: null },
    handle: async ({ env, school, params, query, credential }) => {
      const who = whoOf(credential);
      const later = await putOff(env, school, KIND, params.id, { ...query, who });
      if (later) return later;
      await deleteSegment(env, school, params.id, { fire: query.fire, who });
      return noContent();
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/segments/:id/restore",
    scope: "write",
    summary: "Bring a segment back that is held, to be deleted.",
    description: RESTORES,
    answers: { 200: written },
    handle: async ({ env, school, params, credential }) => {
      const jobId = await restoreDefinition(env, school, KIND, params.id, whoOf(credential));
      return ok({ ...toDocument(await getSegment(env, school.id, params.id)), ...withJob(jobId) });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/segments/:id/members",
    scope: "read",
    summary: "List the members of a segment, by their ids, with who put them there.",
    query: listQuery,
    answers: () => ({ 200: pageOf(markedUser) }),
    handle: async ({ env, school, params, query }) => {
      await getSegment(env, school.id, params.id);
      return ok(await listUsers(env, school, { ...query, segment: params.id }));
    },
  }),
  defineRoute({
    method: "PUT",
    path: "/v1/segments/:id/members/:user",
    scope: "write",
    summary: "Put a user into a segment that is kept by hand.",
    params: member,
    finds: async ({ env, school, params }) => {
      await getSegment(env, school.id, params.id);
      await readUser(env, school, params.user);
    },
    audits: { what: "user.joined_segment", subject: "user", changed: "id", byHand: true },
    answers: { 204: null },
    handle: async ({ env, school, params, credential, trace }) => {
      const origin = handOf(credential);
      await setMember(env, school, params.id, params.user, { joins: true, quiet: false, origin, trace });
      return noContent();
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/segments/:id/members/:user",
    scope: "write",
    summary: "Take a user out of a segment that is kept by hand.",
    params: member,
    finds: async ({ env, school, params }) => {
      await getSegment(env, school.id, params.id);
      await readUser(env, school, params.user);
    },
    audits: { what: "user.left_segment", subject: "user", changed: "id", byHand: true },
    answers: { 204: null },
    handle: async ({ env, school, params, credential, trace }) => {
      const origin = handOf(credential);
      await setMember(env, school, params.id, params.user, { joins: false, quiet: false, origin, trace });
      return noContent();
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/segments/:id/drift",
    scope: "read",
    summary: "Compare the members of a managed segment with its rules.",
    description: "Asks the users themselves, 1,000 at a time: `next_cursor` leads to the next.",
    query: listQuery.pick({ cursor: true }),
    answers: () => ({
      200: z.object({ missing: z.array(z.string()), surplus: z.array(z.string()), next_cursor: z.string().nullable() }),
    }),
    handle: async ({ env, school, params, query }) => {
      const from = query.cursor === undefined ? "" : String(decodeCursor(query.cursor, 1)[0]);
      const { missing, surplus, last } = await driftOf(env, school, params.id, from);
      return ok({ missing, surplus, next_cursor: last === null ? null : encodeCursor([last]) });
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/segments/:id/reconcile",
    scope: "write",
    summary: "Bring the members of a managed segment in line with its rules again.",
    query: fireQuery,
    audits: { what: "segment.reconciled", inBatch: true },
    answers: { 202: jobAnswer },
    handle: async ({ env, school, params, query, entry }) =>
      accepted({ job_id: await reconcileSegment(env, school, params.id, query, entry) }),
  }),
];
