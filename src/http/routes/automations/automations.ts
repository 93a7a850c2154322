import * as z from "zod";
import { deleteAutomation, faultsOfChange, patchAutomation, replaceAutomation } from "../../../automations/change";
import { createAutomation, duplicateAutomation, faultsOfNew } from "../../../automations/create";
import { dismissStopped } from "../../../automations/dismiss";
import {
  automationDocument,
  automationRow,
  definitionDocument,
  documentOf,
  etagOf,
  requireNamed,
} from "../../../automations/document";
import { enrolUsers, faultsOfWhom } from "../../../automations/enrol/enrol";
import { AUTOMATION_SORTS, listAutomations, listVersions } from "../../../automations/finding/list";
import { listRuns } from "../../../automations/runs/find";
import { definitionOptions } from "../../../catalogue/checking/check";
import { ENROLLED } from "../../../catalogue/facts/by-hand";
import { id, tag } from "../../../catalogue/options/fields";
import { listQuery, mapPage, pageOf, turnableListQuery } from "../../../db/lists/list";
import { figuresDocument } from "../../../held/figures";
import { restoreDefinition } from "../../../held/hold";
import { readDefinition } from "../../../world/upgrades";
import { handOf, whoOf } from "../../access/credentials";
import { accepted, created, defineRoute, noContent, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { deleted, deleteQuery, HOLDS, putOff, RESTORES } from "../held";
import { runDocument, runListQuery, toRunDocument } from "../runs/runs";

const DEFINITION_BYTES = 256 * 1024;

/** What the documents make of the cards. */
const named = (component: string) => z.looseObject({ type: z.string() }).meta({ component });

/** What an automation is made of, for the documents; it is checked by checkDefinition, which knows every place. */
export const writtenAutomation = z.object({
  name: z.string(),
  description: z.string().optional(),
  active: z.boolean().optional(),
  labels: z.array(z.string()).max(20).optional(),
  note: z.string().max(10_000).optional(),
  goal: named("Listened").nullable().optional(),
  ...definitionOptions,
  when: z.array(named("Trigger")).min(1).max(10),
  only_if: named("Condition").nullable().optional(),
  then: z.array(named("Step")).max(100),
  exit_when: z.array(named("Listened")).max(20).optional(),
  exit_if: named("Condition").nullable().optional(),
});
export const automationBody = z
  .record(z.string(), z.unknown())
  .meta({ documentedAs: writtenAutomation.meta({ component: "NewAutomation" }) });

const live = z.object({ live: z.literal("move").optional() });
const liveRuns = z.object({ total: z.number().int(), steps: z.record(z.string(), z.number().int()) });
const changed = automationDocument.extend({ live_runs: liveRuns }).meta({ component: "ChangedAutomation" });
const flag = z.enum(["true", "false"]).transform((text) => text === "true");

const enrolBody = z.union([
  z.strictObject({ users: z.array(id).min(1).max(10_000), dry_run: z.boolean().optional() }),
  z.strictObject({ segment: id, dry_run: z.boolean().optional() }),
  z.strictObject({ tag, dry_run: z.boolean().optional() }),
  z.strictObject({ course: id, dry_run: z.boolean().optional() }),
  z.strictObject({ all: z.literal(true), dry_run: z.boolean().optional() }),
]);

/** Automations: When / Only if / Then. */
export const automationRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/automations",
    scope: "read",
    summary: "List the automations, oldest first.",
    query: turnableListQuery.extend({
      q: z.string().max(256).optional().meta({ description: "Part of the name, or of a text of the definition." }),
      active: flag.optional(),
      trigger: z.string().max(64).optional(),
      label: z.string().max(64).optional(),
      sort: z
        .enum(AUTOMATION_SORTS)
        .optional()
        .meta({ description: "By when it was made, its name, or its last edit. Left out: by when it was made." }),
      deleted,
    }),
    answers: () => ({ 200: pageOf(automationDocument) }),
    handle: async ({ env, school, query }) => ok(await listAutomations(env, school.id, query)),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/automations",
    scope: "write",
    summary: "Make an automation.",
    body: automationBody,
    faultsBeside: ({ env, school }, _, given) => faultsOfNew(env, school, given),
    limitBytes: DEFINITION_BYTES,
    answers: { 201: automationDocument },
    handle: async ({ env, school, body, credential }) =>
      created(await createAutomation(env, school, body, whoOf(credential)), { etag: '"1"' }),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/automations/:id",
    scope: "read",
    summary: "Get an automation.",
    answers: { 200: automationDocument },
    handle: async ({ env, school, params }) => {
      const row = await automationRow(env, school.id, params.id);
      return ok(await documentOf(env, school.id, row), { etag: etagOf(row) });
    },
  }),
  ...(["PUT", "PATCH"] as const).map((method) =>
    defineRoute({
      method,
      path: "/v1/automations/:id",
      scope: "write",
      summary: method === "PUT" ? "Replace an automation." : "Change parts of an automation.",
      description:
        "Live runs finish on the version they began on; `live=move` takes them along by step id. `If-Match` is honoured.",
      query: live,
      body: automationBody,
      faultsBeside: ({ env, school, params }, _, given) =>
        faultsOfChange(env, school, params.id, given, method === "PATCH"),
      takesHeaders: ["If-Match"],
      limitBytes: DEFINITION_BYTES,
      answers: { 200: changed },
      handle: async ({ env, school, params, query, body, headers, credential }) => {
        const change = method === "PUT" ? replaceAutomation : patchAutomation;
        const options = { ifMatch: headers.get("if-match"), move: query.live === "move" };
        const { document, etag } = await change(env, school, params.id, body, whoOf(credential), options);
        return ok(document, { etag });
      },
    }),
  ),
  defineRoute({
    method: "DELETE",
    path: "/v1/automations/:id",
    scope: "write",
    summary: "Delete an automation; its live runs end, its log stays.",
    description: `${HOLDS} \`If-Match\` is honoured.`,
    query: deleteQuery,
    takesHeaders: ["If-Match"],
    answers: { 200: figuresDocument, 202: figuresDocument, 204: null },
    handle: async ({ env, school, params, query, headers, credential }) => {
      const who = whoOf(credential);
      const ifMatch = headers.get("if-match");
      if (ifMatch !== null) requireNamed(ifMatch, await automationRow(env, school.id, params.id));
      const later = await putOff(env, school, "automation", params.id, { ...query, who });
      if (later) return later;
      await deleteAutomation(env, school, params.id, { who, ifMatch });
      return noContent();
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/automations/:id/restore",
    scope: "write",
    summary: "Bring an automation back that is held, to be deleted.",
    description: RESTORES,
    answers: { 200: automationDocument },
    handle: async ({ env, school, params, credential }) => {
      await restoreDefinition(env, school, "automation", params.id, whoOf(credential));
      const row = await automationRow(env, school.id, params.id);
      return ok(await documentOf(env, school.id, row), { etag: etagOf(row) });
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/automations/:id/duplicate",
    scope: "write",
    summary: "Make another automation with the same content.",
    answers: { 201: automationDocument },
    handle: async ({ env, school, params, credential }) =>
      created(await duplicateAutomation(env, school, params.id, whoOf(credential)), { etag: '"1"' }),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/automations/:id/dismiss",
    scope: "write",
    summary: "Say that it is known that an automation has stopped itself.",
    description:
      "Health and the day's mail to owners name it no more, until it is made active and stops itself again; it stays as it is.",
    audits: { what: "automation.dismissed", inBatch: true },
    answers: { 200: automationDocument },
    handle: async ({ env, school, params, entry }) => ok(await dismissStopped(env, school.id, params.id, entry)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/automations/:id/versions",
    scope: "read",
    summary: "List the versions of an automation, oldest first.",
    query: listQuery,
    answers: () => ({
      200: pageOf(
        definitionDocument.extend({
          version: z.number().int(),
          created_at: timeOut,
          created_by: z.string().nullable(),
        }),
      ),
    }),
    handle: async ({ env, school, params, query }) => {
      const page = await listVersions(env, school.id, params.id, query);
      return ok(
        mapPage(page, (row) => ({
          version: row.version,
          created_at: rfc3339(row.createdAt),
          created_by: row.createdBy,
          ...readDefinition(row.definition),
        })),
      );
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/automations/:id/runs",
    scope: "read",
    summary: "List the runs of an automation.",
    query: runListQuery,
    answers: () => ({ 200: pageOf(runDocument) }),
    handle: async ({ env, school, params, query }) => {
      await automationRow(env, school.id, params.id);
      return ok(mapPage(await listRuns(env, school, { ...query, automation: params.id }), toRunDocument));
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/automations/:id/enrol",
    scope: "write",
    summary: "Start an automation now for users who are there already.",
    description: `Its conditions and re-entry hold; the fact is ${ENROLLED}. 409 while it is inactive. Above 1,000 candidates a job counts them, and starts it unless \`dry_run\`: \`count\` is null, and the job tells it.`,
    body: enrolBody,
    faultsBeside: ({ env, school }, _, given) => faultsOfWhom(env, school, given),
    limitBytes: 2 * 1024 * 1024,
    audits: { what: "automation.begun", inBatch: true },
    answers: () => ({
      200: z.object({ count: z.number().int() }),
      202: z.object({ count: z.number().int().nullable(), job_id: z.string() }),
    }),
    handle: async ({ env, school, params, body, credential, entry }) => {
      const started = await enrolUsers(env, school, params.id, body, handOf(credential).id, entry);
      return started.jobId === null
        ? ok({ count: started.count })
        : accepted({ count: started.count, job_id: started.jobId });
    },
  }),
];
