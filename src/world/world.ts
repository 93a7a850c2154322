import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { readJson, strings } from "../base/json";
import type { SchoolView as CatalogueSchool } from "../catalogue/facts";
import { clause, compileClause } from "../catalogue/segments/clause";
import { type Database, database } from "../db/client";
import { replaceAll } from "../db/many";
import * as table from "../db/schema";
import type { Definition } from "../definition/types";
import { compile } from "../engine/compile";
import type { Automation, CompiledSegment, Program, World } from "../engine/types";
import { moveStamp, perEdition, type School } from "./snapshot";
import { readDefinition } from "./upgrades";

const clauses = z.array(clause);
const MAX_SPELLINGS = 20_000;
const MAX_PROGRAMS = 2_000;

/** Programs by school, automation and version: a version never changes, so neither does its program. */
const programs = new Cache<Program>({ entries: MAX_PROGRAMS });

function programFor(school: School, automation: string, version: number, definition: () => Definition): Program {
  const tellsLms = tellsLmsOf(school);
  const key = JSON.stringify([school.id, automation, version, school.createdAt, tellsLms]);
  return programs.get(key) ?? programs.set(key, compile(definition(), version, tellsLms));
}

const lms = z.object({ lms: z.object({ type: z.string() }) });
const tellsLmsOf = (school: School): boolean => {
  const chosen = lms.safeParse(school.settings.connectors);
  return chosen.success && chosen.data.lms.type !== "none";
};

/** All that the engine reads of a school, compiled: kept by the isolate as long as the school's stamp stands. */
export const loadWorld: (env: Env, school: School) => Promise<World> = perEdition(async (env, school) => {
  const db = database(env.DB);
  const of = { automations: eq(table.automations.school, school.id) };
  const [automations, fields, segments, rules, syncs, autoGroups, bundles, tags] = await db.batch([
    db.select().from(table.automations).where(of.automations).orderBy(asc(table.automations.id)),
    db.select().from(table.profileFields).where(eq(table.profileFields.school, school.id)),
    db.select().from(table.segments).where(eq(table.segments.school, school.id)),
    db.select().from(table.segmentRules).where(eq(table.segmentRules.school, school.id)),
    db
      .select()
      .from(table.segmentSyncs)
      .where(eq(table.segmentSyncs.school, school.id))
      .orderBy(asc(table.segmentSyncs.id)),
    db.select().from(table.autoGroups).where(eq(table.autoGroups.school, school.id)).orderBy(asc(table.autoGroups.id)),
    db.select().from(table.bundles).where(eq(table.bundles.school, school.id)),
    db
      .select({ key: table.vocabulary.key, value: table.vocabulary.value })
      .from(table.vocabulary)
      .where(and(eq(table.vocabulary.school, school.id), eq(table.vocabulary.kind, "tag")))
      .limit(MAX_SPELLINGS),
  ]);
  const seen: CatalogueSchool = {
    id: school.id,
    name: school.name,
    mode: school.mode,
    settings: school.settings,
    fields: new Map(
      fields.map(({ key, type, choices }) => [
        key,
        { key, type, choices: choices === null ? [] : readJson(strings, choices) },
      ]),
    ),
    segments: new Map(segments.map((one) => [one.id, { managed: one.managed }])),
    bundles: new Map(bundles.map((one) => [one.id, readJson(strings, one.courses)])),
    spellings: new Map(tags.map((one) => [one.key, one.value])),
  };
  const zone = school.settings.timezone;
  const segmentList: CompiledSegment[] = segments.map(({ id, managed }) => ({
    id,
    managed,
    rules: rules
      .filter((rule) => rule.segment === id)
      .map((rule) => ({
        id: rule.id,
        match: rule.match,
        clauses: readJson(clauses, rule.where).map((one) => compileClause(one, zone)),
      })),
  }));
  const live = automations.map(
    (row): Automation => ({
      id: row.id,
      active: row.active,
      activeSince: row.activeSince ?? 0,
      revision: row.revision,
      moveVersion: row.moveVersion,
      exitRevision: row.exitRevision,
      program: programFor(school, row.id, row.version, () => readDefinition(row.definition)),
    }),
  );
  return worldOf(school, seen, live, { segments: segmentList, syncs, autoGroups });
});

/** Puts a world together from its parts; `simulate` does so with one automation alone. */
export function worldOf(
  school: School,
  seen: CatalogueSchool,
  automations: readonly Automation[],
  rest: { segments: readonly CompiledSegment[]; syncs: World["syncs"]; autoGroups: World["autoGroups"] },
): World {
  const byFact = new Map<string, Automation[]>();
  for (const automation of automations) {
    for (const type of new Set(automation.program.when.flatMap((trigger) => trigger.on))) {
      byFact.set(type, [...(byFact.get(type) ?? []), automation]);
    }
  }
  return {
    school: seen,
    stamp: school.stamp,
    automations,
    byId: new Map(automations.map((one) => [one.id, one])),
    byFact,
    program: (automation, version) =>
      programs.get(JSON.stringify([school.id, automation, version, school.createdAt, tellsLmsOf(school)])),
    segments: new Map(rest.segments.map((one) => [one.id, one])),
    syncs: rest.syncs,
    autoGroups: rest.autoGroups,
    tellsLms: tellsLmsOf(school),
  };
}

/** Loads the programs of earlier versions that live runs still go by. */
export async function loadPrograms(
  env: Env,
  school: School,
  wanted: readonly { automation: string; version: number }[],
): Promise<void> {
  const db = database(env.DB);
  for (const { automation, version } of wanted) {
    const row = await db
      .select()
      .from(table.automationVersions)
      .where(
        and(
          eq(table.automationVersions.school, school.id),
          eq(table.automationVersions.automation, automation),
          eq(table.automationVersions.version, version),
        ),
      )
      .get();
    if (row) programFor(school, automation, version, () => readDefinition(row.definition));
  }
}

/** Remembers which courses a bundle holds, when an event names others than are known; true when it did. */
export const learnBundle = (env: Env, world: World, bundle: string, courses: readonly string[]): Promise<boolean> =>
  learnBundles(env, world, new Map([[bundle, courses]]));

/** The same for many, in as few statements as one text holds of them. */
export async function learnBundles(
  env: Env,
  world: World,
  held: ReadonlyMap<string, readonly string[]>,
): Promise<boolean> {
  const { id: school, bundles } = world.school;
  const rows = [...held].flatMap(([id, list]) => {
    const courses = JSON.stringify(list);
    return JSON.stringify(bundles.get(id)) === courses ? [] : [{ school, id, courses }];
  });
  if (!rows.length) return false;
  const db: Database = database(env.DB);
  await db.batch([moveStamp(db, school), ...replaceAll(db, table.bundles, ["courses"], rows)]);
  return true;
}
