import * as z from "zod";
import { faultsOfPart, type ReadableLists } from "../../../automations/transfer/beside";
import { itemOf, storedDefinitions } from "../../../automations/transfer/export";
import { importDefinitions } from "../../../automations/transfer/import";
import { DEFINITION_KINDS } from "../../../automations/transfer/plan";
import { once } from "../../../base/cache";
import { MOST_OF_A_SCHOOL } from "../../../base/size";
import { id, role } from "../../../catalogue/options/fields";
import { whoOf } from "../../access/credentials";
import { accepted, defineRoute, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { fireOrDryRunQuery, flag, jobId, withJob } from "../flag";
import { schoolName as name } from "../platform/schools";
import { category, choices, key, type } from "../segments/profile-fields";
import { match, where } from "../segments/segment-rules";
import { enrols, onLeave } from "../segments/segment-syncs";
import { writtenAutomation } from "./automations";

const IMPORT_BYTES = MOST_OF_A_SCHOOL;
const VERSION = 1;

const ownId = z.string().regex(/^[A-Za-z0-9_]{1,64}$/, "an id of ours has 1 to 64 of A–Z, a–z, 0–9 and _");
const course = id;
const several = <S extends z.ZodType>(item: S) => z.array(item).max(5_000);

const schoolbell = z.literal(VERSION).default(VERSION).meta({ description: "The version of this form." });

const lists = once(() => ({
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
      role: role.default("student"),
      group: id.nullable().default(null),
      on_leave: onLeave.default("unenrol"),
      enrol: enrols.default(true),
    }),
  ),
  auto_groups: several(
    z.strictObject({ id: ownId, course, field: z.string().min(1).max(128), active: z.boolean().default(true) }),
  ),
  // The id is needed; said so, the document would break who sends what it said before.
  automations: several(
    z.looseObject({ id: ownId }).meta({
      documentedAs: writtenAutomation.extend({ id: ownId.optional() }).meta({ component: "AutomationItem" }),
    }),
  ),
}));

/** All definitions of a school. Ids tell what is the same; what is left out of an import stays. */
export const definitionsDocument = z.lazy(() => {
  const all = lists();
  return z.strictObject({
    schoolbell,
    profile_fields: all.profile_fields.default([]),
    segments: all.segments.default([]),
    segment_rules: all.segment_rules.default([]),
    segment_syncs: all.segment_syncs.default([]),
    auto_groups: all.auto_groups.default([]),
    automations: all.automations.default([]),
  });
});

/** The same as it is given: of a kind that has no list nothing is said. */
const givenDocument = z.lazy(() => z.strictObject({ schoolbell, ...z.object(lists()).partial().shape }));

/** The items that fit of each list, by their places in it. */
const readableIn = (given: Readonly<Record<string, unknown>>): ReadableLists =>
  // Each item is what the schema of its list let through.
  Object.fromEntries(
    Object.entries(lists()).map(([kind, { element }]) => {
      const items = Array.isArray(given[kind]) ? given[kind] : [];
      const read = items.map((item: unknown) => element.safeParse(item).data);
      return [
        kind,
        { isWhole: given[kind] === undefined || (Array.isArray(given[kind]) && !read.includes(undefined)), read },
      ];
    }),
  ) as unknown as ReadableLists;

/** What an import did or, in a dry run, would do. */
function imported() {
  const kind = z.enum(DEFINITION_KINDS);
  const counts = z.record(kind, z.int());
  const names = z.record(kind, z.array(z.string())).meta({ description: "Ids by kind; the keys of fields." });

  const difference = z.object({
    kind,
    id: z.string().meta({ description: "The key of a profile field." }),
    name: z.string(),
    does: z.enum(["create", "change", "remove"]),
    fields: z
      .array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
      .optional()
      .meta({
        description: "Of a change; steps are named by their ids in the path. Long values are shown by their beginning.",
      }),
    live_runs: z
      .object({ total: z.int(), steps: z.record(z.string(), z.int()) })
      .optional()
      .meta({ description: "Of an automation that is there: how many runs are live, and where." }),
  });

  return z.object({
    dry_run: z.boolean(),
    create: names,
    change: names,
    same: counts,
    remove: names.meta({
      description: "What is there and not named, of the kinds that have a list: with prune it is held, to be deleted.",
    }),
    delete_at: timeOut
      .optional()
      .meta({ description: "When what is removed is deleted; until then it can be restored." }),
    plan: z.string().optional().meta({ description: "Of a dry run: with it only just this is done." }),
    differences: z.array(difference).optional(),
    warnings: z
      .array(
        z.object({
          id: z.string(),
          code: z.string(),
          message: z.string(),
          automations: z.array(z.string()).optional(),
        }),
      )
      .optional()
      .meta({ description: "Of the automations as they would be." }),
    cut: z.boolean().optional().meta({ description: "There are more differences or warnings than the 500 shown." }),
    job_id: jobId,
  });
}

const importQuery = z.object({
  ...fireOrDryRunQuery.shape,
  dry_run: flag.meta({ description: "Only tells what would be done." }),
  prune: flag.meta({
    description:
      "Also removes what the document does not name, of the kinds whose list it has: it is held for seven days.",
  }),
  plan: z
    .string()
    .max(100)
    .optional()
    .meta({ description: "Of a dry run: 409 where it would come to something else." }),
});

/** All definitions as one document. */
export const definitionRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/export",
    scope: "read",
    summary: "All definitions of the school as one document. Settings are not among them.",
    answers: () => ({ 200: definitionsDocument }),
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
    description:
      "All of it is checked before any of it is written. A dry run tells the difference and answers a plan. " +
      "With `prune` and that `plan` what the document does not name is held for seven days, as by DELETE with `hold=P7D`, and can be restored until then.",
    query: importQuery.refine(({ prune, dry_run, plan }) => !prune || dry_run || plan !== undefined, {
      path: ["plan"],
      message: "to prune takes the plan of a dry run",
    }),
    body: givenDocument,
    faultsBeside: ({ env, school }, _, given) => faultsOfPart(env, school, readableIn(given)),
    limitBytes: IMPORT_BYTES,
    answers: () => {
      const answer = imported();
      return { 200: answer, 202: answer };
    },
    handle: async ({ env, school, query, body: { schoolbell: _, ...given }, credential }) => {
      const { dry_run, fire, prune, plan = null } = query;
      const asked = { dryRun: dry_run, fire, prune, plan: dry_run ? null : plan, who: whoOf(credential) };
      // A list that is left out is not there: the schema leaves no undefined.
      const lists = given as Parameters<typeof importDefinitions>[2];
      const { jobId: job, shown, removesAt, ...told } = await importDefinitions(env, school, lists, asked);
      const answer = { dry_run, ...told, ...shown, ...withJob(job ?? undefined) };
      return removesAt === null ? ok(answer) : accepted({ ...answer, delete_at: rfc3339(removesAt) });
    },
  }),
];
