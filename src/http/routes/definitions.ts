import { z } from "zod";
import { itemOf, storedDefinitions } from "../../automations/export";
import { importDefinitions } from "../../automations/import";
import { DEFINITION_KINDS } from "../../automations/import-plan";
import { MOST_OF_A_SCHOOL } from "../../base/size";
import { id } from "../../catalogue/fields";
import { whoOf } from "../credentials";
import { defineRoute, ok } from "../route";
import { automationBody } from "./automations";
import { fireOrDryRunQuery, jobId, withJob } from "./flag";
import { category, choices, key, type } from "./profile-fields";
import { schoolName as name } from "./schools";
import { match, where } from "./segment-rules";
import { enrols, onLeave } from "./segment-syncs";

const IMPORT_BYTES = MOST_OF_A_SCHOOL;
const VERSION = 1;

const ownId = z.string().regex(/^[A-Za-z0-9_]{1,64}$/, "an id of ours has 1 to 64 of A–Z, a–z, 0–9 and _");
const course = id;
const several = <S extends z.ZodType>(item: S) => z.array(item).max(5_000).default([]);

/** All definitions of a school. Ids tell what is the same; what is left out of an import stays. */
export const definitionsDocument = z.strictObject({
  schoolbell: z.literal(VERSION).default(VERSION).meta({ description: "The version of this form." }),
  profile_fields: several(
    z.strictObject({
      key,
      name,
      type,
      choices: choices.nullable().default(null),
      category: category.nullable().default(null),
    }),
  ),
  segments: several(z.strictObject({ id, name, managed: z.boolean().default(false) })),
  segment_rules: several(z.strictObject({ id: ownId, segment: id, match, where })),
  segment_syncs: several(
    z.strictObject({
      id: ownId,
      name,
      active: z.boolean().default(true),
      segment: id,
      course,
      role: z.string().min(1).max(64).default("student"),
      group: id.nullable().default(null),
      on_leave: onLeave.default("unenrol"),
      enrol: enrols.default(true),
    }),
  ),
  auto_groups: several(
    z.strictObject({ id: ownId, course, field: z.string().min(1).max(128), active: z.boolean().default(true) }),
  ),
  automations: several(z.looseObject({ id: ownId }).meta({ documentedAs: automationBody })),
});

const kind = z.enum(DEFINITION_KINDS);
const counts = z.record(kind, z.int());
const names = z.record(kind, z.array(z.string())).meta({ description: "Ids by kind; the keys of fields." });

/** All definitions as one document. */
export const definitionRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/export",
    scope: "read",
    summary: "All definitions of the school as one document. Settings are not among them.",
    answers: { 200: definitionsDocument },
    handle: async ({ env, school }) => {
      const { others, rows } = await storedDefinitions(env, school.id);
      return ok({
        schoolbell: VERSION,
        ...others,
        automations: Array.from(rows.values(), (row) => ({ ...itemOf(row) })),
      });
    },
  }),
  defineRoute({
    method: "PUT",
    path: "/v1/import",
    scope: "write",
    summary: "Merge definitions into the school by their ids; what the document does not name stays.",
    description: "All of it is checked before any of it is written. A dry run only tells the difference.",
    query: fireOrDryRunQuery,
    body: definitionsDocument,
    limitBytes: IMPORT_BYTES,
    answers: { 200: z.object({ dry_run: z.boolean(), create: names, change: names, same: counts, job_id: jobId }) },
    handle: async ({ env, school, query, body: { schoolbell: _, ...given }, credential }) => {
      const options = { dryRun: query.dry_run, fire: query.fire, who: whoOf(credential) };
      const { jobId: job, ...told } = await importDefinitions(env, school, given, options);
      return ok({ dry_run: query.dry_run, ...told, ...withJob(job ?? undefined) });
    },
  }),
];
