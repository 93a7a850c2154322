import { z } from "zod";
import type { Env } from "../base/env";
import { readJson, strings, textsOf } from "../base/json";
import type { SchoolView as CatalogueSchool } from "../catalogue/facts";
import { NO_NAMES } from "../catalogue/products";
import { clause, compileClause } from "../catalogue/segments/clause";
import { tagKey } from "../catalogue/tags/key";
import { tellingSql, toldRow } from "../db/products";
import type { Automation, CompiledSegment, World } from "../engine/types";
import { type Definitions, definitionsAt } from "./definitions";
import { type Compiling, programAtHand, programFor } from "./programs";
import { MOVE_STAMP, perEdition, type School } from "./snapshot";
import { readDefinition } from "./upgrades";

const clauses = z.array(clause);

/** A school at one of its stamps. */
type SchoolThen = Compiling & Pick<School, "name" | "mode" | "stamp">;

/** All that the engine reads of a school, compiled: kept by the isolate as long as the school's stamp stands. */
export const loadWorld: (env: Env, school: School) => Promise<World> = perEdition(async (env, school) =>
  // Of the very stamp that it is kept by, also where an edit came since the school was read: a fold finds it again.
  worldFrom(school, await definitionsAt(env, school, school.stamp)),
);

/** Compiles what a school had defined at its stamp. */
export function worldFrom(school: SchoolThen, definitions: Definitions): World {
  const { automations, fields, segments, rules, syncs, autoGroups, bundles, tags } = definitions;
  const seen: CatalogueSchool = {
    id: school.id,
    name: school.name,
    mode: school.mode,
    settings: school.settings,
    fields: new Map(
      fields.map(({ id, type, choices }) => [
        id,
        { key: id, type, choices: choices === null ? [] : readJson(strings, choices) },
      ]),
    ),
    segments: new Map(segments.map((one) => [one.id, { managed: one.managed }])),
    bundles: coursesOf(bundles),
    subscriptions: coursesOf(definitions.subscriptions),
    seats: coursesOf(definitions.seats),
    fixedBundles: new Set(definitions.fixedBundles),
    names: NO_NAMES,
    spellings: spellingsOf(tags),
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
}

/** How tags are spelled, by their keys. Of two that are one, the one stored before keys were normalised came first. */
function spellingsOf(tags: readonly { key: string; value: string }[]): Map<string, string> {
  const asNow = ({ key }: { key: string }): boolean => tagKey(key) === key;
  const [now, then] = [tags.filter(asNow), tags.filter((one) => !asNow(one))];
  return new Map([...now, ...then].map(({ key, value }) => [tagKey(key), value]));
}

const coursesOf = (rows: readonly { id: string; courses: string }[]): Map<string, string[]> =>
  new Map(rows.map(({ id, courses }) => [id, readJson(strings, courses)]));

/** Puts a world together from its parts. */
function worldOf(
  school: SchoolThen,
  seen: CatalogueSchool,
  automations: readonly Automation[],
  rest: { segments: readonly CompiledSegment[]; syncs: World["syncs"]; autoGroups: World["autoGroups"] },
): World {
  return {
    school: seen,
    stamp: school.stamp,
    automations,
    byId: new Map(automations.map((one) => [one.id, one])),
    program: (automation, version) => programAtHand(school, automation, version),
    segments: new Map(rest.segments.map((one) => [one.id, one])),
    syncs: rest.syncs,
    autoGroups: rest.autoGroups,
  };
}

const TOLD_BY_EVENT = tellingSql("event", { replaces: false });

/** Courses in whatever order, each once. */
const asSet = (courses: readonly string[] | undefined): string | undefined =>
  courses && JSON.stringify([...new Set(courses)].sort());

/**
 * Whether that a bundle holds these courses is nothing new: in another order they are no change, and of one whose courses
 * were said by hand or by the LMS an event says nothing.
 */
export const isKnownToHold = ({ school }: World, bundle: string, courses: readonly string[]): boolean =>
  school.fixedBundles.has(bundle) || asSet(school.bundles.get(bundle)) === asSet(courses);

/**
 * Remembers which courses bundles hold, where others are known, in as few statements as one text holds of them; true when
 * it did.
 */
export async function learnBundles(
  env: Env,
  world: World,
  held: ReadonlyMap<string, readonly string[]>,
): Promise<boolean> {
  const school = world.school.id;
  const rows = [...held].flatMap(([id, list]) =>
    isKnownToHold(world, id, list)
      ? []
      : [toldRow({ school, type: "bundle", id, said: { courses: JSON.stringify(list) } })],
  );
  if (!rows.length) return false;
  const told = textsOf(rows).map((text) => env.DB.prepare(TOLD_BY_EVENT).bind(text));
  await env.DB.batch([env.DB.prepare(MOVE_STAMP).bind(school), ...told]);
  return true;
}
