import { and, eq, gt } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../base/env";
import { notFound, Problem } from "../base/errors/errors";
import { bareRecord } from "../base/record";
import { referencesIn } from "../catalogue/checking/references";
import { formatInstant } from "../catalogue/dates/time";
import { lmsOf, setUpIn } from "../connectors";
import { database } from "../db/client";
import { deleteAtOut, withDeleteAt } from "../db/deleting/held";
import { givenRows } from "../db/given";
import { RUN_STATUSES } from "../db/lists/ended";
import { getRow } from "../db/lists/rows";
import { logOf } from "../db/log";
import { automations, runCounts, schools } from "../db/schema";
import { type Condition, type Definition, REENTRY, REENTRY_PER } from "../definition/types";
import { compile } from "../engine/compile/compile";
import { listenersTo } from "../engine/compile/listeners";
import { isLive } from "../engine/runs";
import type { Program, RunStatus, World } from "../engine/types";
import { fieldsGone } from "../segments/in-use";
import { loadSchool } from "../world/snapshot";
import { readDefinition } from "../world/upgrades";
import { loadWorld } from "../world/world";
import { envelopeOf } from "./envelope";
import { knownProducts } from "./finding/vocabulary";
import { makersAmong } from "./warnings/circles";
import { affectingAmong } from "./warnings/conflicts";
import { datelessFields } from "./warnings/dateless-fields";
import { unknownReferences } from "./warnings/unknown-references";
import { unknownVariables } from "./warnings/unknown-variables";
import { productsOf, warningsOf } from "./warnings/warnings";

export type AutomationRow = typeof automations.$inferSelect;

/** Under this step the runs themselves are counted, by their status. */
const OF_THE_RUN = "";

const card = z.looseObject({ type: z.string() });
const condition: z.ZodType<Condition, Condition> = z
  .lazy(() =>
    z.union([
      card,
      z.object({ all: z.array(condition) }),
      z.object({ any: z.array(condition) }),
      z.object({ not: condition }),
    ]),
  )
  .meta({ component: "Condition" });

const time = z.string().meta({ format: "date-time" });

/** A definition as it comes out: it was checked when it was written. */
export const definitionDocument = z.object({
  synchronous: z.boolean(),
  when: z.array(card.meta({ component: "Trigger" })),
  only_if: condition.nullable(),
  then: z.array(z.looseObject({ id: z.string(), type: z.string() }).meta({ component: "Step" })),
  exit_when: z.array(card.meta({ component: "Listened" })),
  exit_if: condition.nullable(),
  reentry: z.enum(REENTRY),
  reentry_per: z.enum(REENTRY_PER),
  cooldown: z.string().nullable(),
  limit: z.object({ times: z.int(), per: z.string().nullable() }).nullable(),
});

/** An automation as the contract shows one (§6). */
/** What stopped an automation, as its row has it; the latter once somebody has said that they know. */
const FAILURES = "failures";
export const DISMISSED = "failures_dismissed";

export const automationDocument = definitionDocument
  .extend({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    active: z.boolean(),
    labels: z.array(z.string()),
    note: z.string(),
    goal: card.meta({ component: "Listened" }).nullable(),
    version: z.number().int(),
    created_at: time,
    updated_at: time,
    run_count: z.number().int(),
    waiting_count: z.number().int(),
    warnings: z.array(
      z.object({
        code: z.string(),
        message: z.string(),
        automations: z.array(z.string()).optional(),
        segments: z.array(z.string()).optional(),
        path: z.string().optional(),
      }),
    ),
    stopped_by: z.string().nullable(),
    dismissed: z.boolean().meta({ description: "That it stopped itself is known: nobody is told of it any more." }),
    delete_at: deleteAtOut,
  })
  .meta({ component: "Automation" });
export type AutomationDocument = z.output<typeof automationDocument>;

/** The row of an automation; 404 when it is not there or another school's. */
export const automationRow = (env: Env, school: string, id: string): Promise<AutomationRow> =>
  getRow(env, automations, and(eq(automations.school, school), eq(automations.id, id)), "automation");

/** All that is written of an automation. */
export const automationParts = (row: AutomationRow) => ({ ...envelopeOf(row), ...readDefinition(row.definition) });

/** A counter by its whole key: one that is not there is no row read, and neither is the end of a range. */
const counter = (status: string): string =>
  `coalesce((select n from run_counts where run_counts.school = ?1 and automation = one.id and step = '${OF_THE_RUN}'
    and status = '${status}'), 0)`;
const sumOf = (statuses: readonly string[]): string => statuses.map(counter).join(" + ");
const WAITING = ["waiting", "held"];
const OTHERS = RUN_STATUSES.filter((status) => !WAITING.includes(status));

/** How many runs automations have had, and how many of them wait, by their ids. */
async function countsOf(env: Env, school: string, ids: readonly string[]) {
  const given = givenRows("?2", { rows: ids.length, columns: 1 });
  const { results } = await (await logOf(env, school))
    .prepare(`with one(id) as (${given}) select id, ${sumOf(OTHERS)} as others, ${sumOf(WAITING)} as waiting from one`)
    .bind(school, JSON.stringify(ids.map((id) => [id])))
    .all<{ id: string; others: number; waiting: number }>();
  return new Map(results.map(({ id, others, waiting }) => [id, { count: others + waiting, waiting }]));
}

/** Rows as documents, with their counts and what they warn of. */
export async function documentsOf(
  env: Env,
  school: string,
  rows: readonly AutomationRow[],
): Promise<AutomationDocument[]> {
  if (!rows.length) return [];
  const ids = rows.map((row) => row.id);
  const [counts, stamp] = await Promise.all([
    countsOf(env, school, ids),
    database(env.DB).select({ stamp: schools.stamp }).from(schools).where(eq(schools.id, school)).get(),
  ]);
  const standing = await loadSchool(env, school, { minStamp: stamp?.stamp ?? 0 });
  if (!standing) throw notFound("school");
  const world = await loadWorld(env, standing);
  const read = rows.map((row) => {
    const [said, definition] = [envelopeOf(row), readDefinition(row.definition)];
    const naming = { ...definition, goal: said.goal };
    return { row, said, definition, naming };
  });
  const knows = await knownProducts(
    env,
    school,
    read.flatMap(({ definition }) => productsOf(definition)),
    world.school.courseId,
  );
  const chosen = lmsOf(standing.settings.connectors);
  const lms = chosen && { label: chosen.label, supports: chosen.port.supports };
  const { segments, fields } = world.school;
  const undeclared = read.flatMap(({ naming }) => [...referencesIn(naming, "field")]).filter((key) => !fields.has(key));
  const gone = undeclared.length ? await fieldsGone(env, school, [...new Set(undeclared)]) : new Set<string>();
  const referable = { hasSegment: (id: string) => segments.has(id), isGone: (key: string) => gone.has(key) };
  return read.map(({ row, said, definition, naming }) => {
    const count = counts.get(row.id);
    return {
      id: row.id,
      ...said,
      ...definition,
      version: row.version,
      created_at: formatInstant(row.createdAt),
      updated_at: formatInstant(row.updatedAt),
      run_count: count?.count ?? 0,
      waiting_count: count?.waiting ?? 0,
      warnings: [
        ...warningsOf(definition, {
          id: row.id,
          program: programOf(world, row, definition),
          listeners: (type, data) => listenersTo(world, type, data),
          makers: makersAmong(world.automations),
          affecting: affectingAmong(world.automations),
          syncs: world.syncs,
          segments: world.segments,
          autoGroups: world.autoGroups,
          school: world.school,
          knows,
          lms,
          isSetUp: setUpIn(standing),
        }),
        ...unknownReferences(naming, referable),
        ...datelessFields(naming, fields, gone),
        ...unknownVariables(definition, fields, standing.settings.mail_pieces),
      ],
      stopped_by: row.stoppedBy === DISMISSED ? FAILURES : row.stoppedBy,
      dismissed: row.stoppedBy === DISMISSED,
      ...withDeleteAt(row),
    };
  });
}

/** What a row's definition compiles to: as the world has it, unless the automation was changed or deleted meanwhile. */
function programOf(world: World, row: AutomationRow, definition: Definition): Program {
  const program = world.byId.get(row.id)?.program;
  return program?.version === row.version ? program : compile(definition, row.version, world.school.courseId);
}

export async function documentOf(env: Env, school: string, row: AutomationRow): Promise<AutomationDocument> {
  const [document] = await documentsOf(env, school, [row]);
  if (!document) throw notFound("automation");
  return document;
}

export const etagOf = (row: Pick<AutomationRow, "revision">): string => `"${row.revision}"`;

/** Whether an `If-Match` header names a tag: `*`, or a list with it. Proxies that compress make our tags weak on their way. */
export const isNamedIn = (ifMatch: string, etag: string): boolean =>
  ifMatch.split(",").some((one) => ["*", etag, `W/${etag}`].includes(one.trim()));

/** Refuses what an `If-Match` that came says is older than the automation. */
export function requireNamed(ifMatch: string | null | undefined, row: AutomationRow): void {
  if (ifMatch === null || ifMatch === undefined || isNamedIn(ifMatch, etagOf(row))) return;
  throw new Problem("outdated", "The automation was changed since you read it.");
}

export interface LiveRuns {
  total: number;
  /** How many stand at each step, by its id. */
  steps: Record<string, number>;
}

/** How many runs of an automation are live, and where they stand: a run that waits has not ended its step. */
export async function liveRuns(env: Env, school: string, automation: string): Promise<LiveRuns> {
  const rows = await database(await logOf(env, school))
    .select({ step: runCounts.step, status: runCounts.status, n: runCounts.n })
    .from(runCounts)
    .where(and(eq(runCounts.school, school), eq(runCounts.automation, automation), gt(runCounts.n, 0)));
  const steps = bareRecord<number>();
  let total = 0;
  for (const { step, status, n } of rows) {
    // Written by the log with the engine's own statuses.
    if (step === OF_THE_RUN) total += isLive({ status: status as RunStatus }) ? n : 0;
    else if (status === "waiting") steps[step] = n;
  }
  return { total, steps };
}
