import * as z from "zod";
import { id } from "../../../catalogue/options/fields";
import { type Clause, writtenClause } from "../../../catalogue/segments/clause";
import { deleteAtOut, withDeleteAt } from "../../../db/deleting/held";
import { listQuery } from "../../../db/lists/list";
import { restoreDefinition } from "../../../held/hold";
import {
  changeRule,
  createRule,
  deleteRule,
  faultsOfRule,
  getRule,
  listRules,
  previewNewRule,
  previewRule,
  type Rule,
} from "../../../segments/rules/rules";
import { whoOf } from "../../access/credentials";
import { defineResource } from "../../resource";
import { created, defineRoute, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { circleWarnings, fireOrDryRunQuery, jobId, onlyWith, previewDocument, withJob } from "../flag";
import { defineDeletion, deleted, RESTORES } from "../held";

export const match = z.enum(["all", "any"]).meta({ description: "Whether all clauses must hold, or any of them." });
export const where = z.array(writtenClause).min(1, "name at least one").max(50);

const document = z.object({
  id: z.string(),
  segment: z.string(),
  match,
  where: z.array(z.object({ field: z.string(), op: z.string(), value: z.unknown().optional() })),
  created_at: timeOut,
  delete_at: deleteAtOut,
});

const written = document.extend({ job_id: jobId, warnings: circleWarnings });
const preview = previewDocument.extend({ warnings: circleWarnings });

const toDocument = (rule: Rule) => ({
  id: rule.id,
  segment: rule.segment,
  match: rule.match,
  where: rule.where,
  created_at: rfc3339(rule.createdAt),
  ...withDeleteAt(rule),
});

const KIND = "segment_rule";

/** The clauses of a body that can be read; of another what asks nothing of its field, or null. */
const readable = (given: Readonly<Record<string, unknown>>) =>
  Array.isArray(given.where)
    ? given.where.slice(0, 50).map((one) => writtenClause.safeParse(one).data ?? fieldOf(one))
    : [];

const fieldOf = (one: unknown): Clause | null =>
  writtenClause.safeParse({ ...Object(one), op: "is_empty", value: undefined }).data ?? null;

/** Rules of managed segments: members are those for whom at least one holds. */
export const segmentRuleRoutes = [
  ...defineResource({
    path: "/v1/segment-rules",
    scope: "read",
    many: "the rules",
    one: "a rule",
    query: listQuery.extend({ segment: id.optional(), deleted }),
    document,
    list: (env, { id }, query) => listRules(env, id, query),
    get: getRule,
    toDocument,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/segment-rules",
    scope: "write",
    summary: "Make a rule; those for whom it holds join, by a job.",
    description: "The rules of a segment that is not managed wait.",
    query: fireOrDryRunQuery,
    body: z.strictObject({ segment: id, match, where }),
    faultsBeside: ({ env, school }, { segment }, given) =>
      faultsOfRule(env, school, { segment, where: readable(given) }),
    answers: { 200: preview, 201: written },
    handle: async ({ env, school, query, body, credential }) => {
      if (query.dry_run) return ok(await previewNewRule(env, school, body));
      const { rule, jobId, told } = await createRule(env, school, body, {
        fire: query.fire,
        who: whoOf(credential),
      });
      return created({ ...toDocument(rule), ...withJob(jobId), ...told });
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/v1/segment-rules/:id",
    scope: "write",
    summary: "Change a rule; members come and go, by a job.",
    query: fireOrDryRunQuery,
    body: z.strictObject({ match: match.optional(), where: where.optional() }),
    faultsBeside: ({ env, school }, _, given) => faultsOfRule(env, school, { where: readable(given) }),
    answers: () => ({ 200: onlyWith([written, preview], ["", "dry_run"]) }),
    handle: async ({ env, school, params, query, body, credential }) => {
      if (query.dry_run) return ok(await previewRule(env, school, params.id, body));
      const { rule, jobId, told } = await changeRule(env, school, params.id, body, {
        fire: query.fire,
        who: whoOf(credential),
      });
      return ok({ ...toDocument(rule), ...withJob(jobId), ...told });
    },
  }),
  defineDeletion({
    path: "/v1/segment-rules/:id",
    kind: KIND,
    summary: "Delete a rule; whom no other keeps leaves, by a job.",
    remove: deleteRule,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/segment-rules/:id/restore",
    scope: "write",
    summary: "Bring a rule back that is held, to be deleted.",
    description: RESTORES,
    answers: { 200: written },
    handle: async ({ env, school, params, credential }) => {
      const jobId = await restoreDefinition(env, school, KIND, params.id, whoOf(credential));
      return ok({ ...toDocument(await getRule(env, school.id, params.id)), ...withJob(jobId) });
    },
  }),
];
