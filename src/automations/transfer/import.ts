import { and, eq, max } from "drizzle-orm";
import type { Env } from "../../base/env";
import { type Fault, invalid, Problem } from "../../base/errors/errors";
import type { FieldView } from "../../catalogue/facts/facts";
import { recordAudits } from "../../db/audit";
import { breaksConstraint, database } from "../../db/client";
import { isOvertaken } from "../../db/guard";
import { isOneOf } from "../../db/lists/list";
import { insertAll, replaceAll } from "../../db/many";
import { automations, automationVersions } from "../../db/schema";
import type { Definition } from "../../definition/types";
import { prepareJob } from "../../jobs/start";
import { requireEmptied } from "../../segments/find";
import { changingDefinitions, writeDefinition } from "../../segments/write";
import { alignJob } from "../../users/courses/align-job";
import { courseIdIn } from "../../world/naming/ids";
import { learnTags } from "../../world/naming/spelling";
import { loadSchool, type School } from "../../world/snapshot";
import { readDefinition } from "../../world/upgrades";
import { changedRow } from "../change";
import { faultsOfAutomation, tagsGiven, withoutReadOnly } from "../check";
import { prepareAutomation, versionOf } from "../create";
import { type AutomationRow, automationParts } from "../document";
import { faultsOfCalls } from "../hosts";
import { standingOf } from "../meaning";
import { requireRoom, requireRoomFor } from "../room";
import { touchDated, touchRuns, waitsForDates } from "../touch";
import {
  type AutomationItem,
  type Definitions,
  itemOf,
  type OtherDefinitions,
  partsOf,
  storedDefinitions,
} from "./export";
import { activeAfter, namingHeld, requireNoneTaken } from "./held";
import { othersMeant } from "./meant";
import {
  changesNothing,
  DEFINITION_KINDS,
  type DefinitionKind,
  faultsBetween,
  type ImportPlan,
  keyOfItem,
  merge,
  movesUsers,
  planOf,
} from "./plan";
import { type Pruned, prunedAt, prunedOf, pruneStatements, requireUnused, withoutPruned } from "./prune";
import { pruneJob } from "./prune-job";
import { planName, type ShownPlan, type Standing, showPlan } from "./shown";
import { entriesOf, statementsOf } from "./statements";

/** An export as it is given: its automations are not checked yet. */
export type GivenDefinitions = Omit<Definitions, "automations"> & {
  automations: (Record<string, unknown> & { id: string })[];
};

export interface ImportOptions {
  dryRun: boolean;
  /** What the job changes starts automations. */
  fire: boolean;
  /** Also takes away what is not given, of the kinds that are. */
  prune: boolean;
  /** What a dry run answered: only that is done. Null: whatever it comes to. */
  plan: string | null;
  who: string;
}

export interface Imported {
  /** By kind, the ids (keys of fields) made and changed, and how many are given as they were. */
  create: Record<DefinitionKind, string[]>;
  change: Record<DefinitionKind, string[]>;
  same: Record<DefinitionKind, number>;
  /** By kind, what is held now, to be deleted; of a dry run, what would be with `prune`. */
  remove: Record<DefinitionKind, string[]>;
  /** When that goes, by the school's clock, ms; null: nothing does. */
  removesAt: number | null;
  /** Of a dry run: what it comes to, in detail, and the name of just that. */
  shown: ShownPlan | null;
  /** The job that brings users in line, where one is needed. */
  jobId: string | null;
}

/**
 * Merges definitions into a school by their ids; what is not given stays, unless it is pruned. All or nothing is written.
 * @throws Problem 422 with every fault, 409 where an id is being taken at the same time, where what would go is in use,
 * or where it would come to something else than the plan
 */
export async function importDefinitions(
  env: Env,
  school: School,
  named: Partial<GivenDefinitions>,
  options: ImportOptions,
): Promise<Imported> {
  const asked: GivenDefinitions = { ...NONE, ...named };
  requireRoomFor(DEFINITION_KINDS.flatMap((kind): unknown[] => asked[kind]));
  return changingDefinitions(env, school, async (stamp) => {
    const { others: stored, rows, held } = await storedDefinitions(env, school.id);
    const { fields, rules, autoGroups, faults: ruleFaults } = othersMeant(stored, asked);
    const given: GivenDefinitions = { ...asked, segment_rules: rules, auto_groups: autoGroups };
    const checked = checkedAutomations(env, school, given.automations, { fields, rows });
    const definitions: Definitions = { ...given, automations: checked.items };
    const open = (id: string) => {
      const row = rows.get(id);
      return row && itemOf(row);
    };
    const { automations: isNamed, ...rest } = named;
    const others = {
      ...rest,
      ...(rest.segment_rules ? { segment_rules: rules } : {}),
      ...(rest.auto_groups ? { auto_groups: autoGroups } : {}),
    };
    const items = isNamed ? { ...others, automations: checked.items } : others;
    const plan = planOf(stored, items, { ids: rows.keys(), open });
    const standing: Standing = (kind, key) => {
      const row = kind === "automations" ? rows.get(key) : undefined;
      return row ? automationParts(row) : storedItem(stored, kind, key);
    };
    const pruned = options.prune ? prunedOf(plan, stored, named) : null;
    const left = pruned ? withoutPruned(stored, pruned) : stored;
    const naming = namingHeld(plan, definitions, held.names);
    const between = faultsBetween(left, definitions, await courseIdIn(env, school), held.others);
    const faults = [...between, ...ruleFaults, ...checked.faults, ...naming];
    if (faults.length) throw invalid(faults);
    requireNoneTaken(definitions, held, stored, pruned);
    if (pruned) requireUnused(pruned, merge(left, definitions), activeAfter(rows, definitions, pruned));
    const hostFaults = await faultsOfCalls(env, writtenDefinitions(plan, definitions));
    if (hostFaults.length) throw invalid(hostFaults);
    const lastVersions = await lastVersionsOf(env, school.id, plan.automations.create);
    const written = automationsOf(env, school, plan, { rows, lastVersions }, options.who);
    await requireRoom(env, school.id, written.rows);
    const told = tellOf(plan, options.dryRun && !pruned ? unnamedIn(plan) : pruned);
    if (options.plan !== null && options.plan !== (await planName(plan, standing)))
      throw new Problem("conflict", "It would come to something else by now than the plan says. Make the plan anew.");
    if (options.dryRun)
      return { ...told, shown: await showPlan(env, school, plan, rows, standing), removesAt: null, jobId: null };
    if (changesNothing(plan) && !DEFINITION_KINDS.some((kind) => pruned?.[kind].length))
      return { ...told, shown: null, removesAt: null, jobId: null };

    await requireEmptied(env, school.id, ...plan.segments.create.map(({ id }) => id));
    const tags = [...plan.automations.create, ...plan.automations.change.map((one) => one.after)].flatMap((one) =>
      tagsGiven(partsOf(one).definition),
    );
    const count = pruned ? DEFINITION_KINDS.reduce((sum, kind) => sum + pruned[kind].length, 0) : 0;
    const job = movesUsers(plan, merge(left, definitions))
      ? await prepareJob(env, school, alignJob, { fire: options.fire, everything: true })
      : count
        ? await prepareJob(env, school, pruneJob, { count })
        : null;
    const at = prunedAt(school);
    const db = database(env.DB);
    try {
      await writeDefinition(env, school, stamp, {
        statements: [
          ...(pruned ? pruneStatements(db, school.id, pruned, at) : []),
          ...statementsOf(db, school.id, plan),
          ...written.statements,
          ...learnTags(db, school.id, tags),
          ...recordAudits(db, entriesOf(school.id, plan, pruned && { keys: pruned, at }, options.who)),
        ],
        who: options.who,
        what: "definitions.imported",
        subject: school.id,
        after: told,
        job,
      });
    } catch (error) {
      if (!isOvertaken(error) && breaksConstraint(error, ""))
        throw new Problem("conflict", "Something of it was changed at the same time. Try again.");
      throw error;
    }
    const after = (await loadSchool(env, school.id)) ?? school;
    if (written.activated.length) await touchRuns(env, after, written.activated, ["held"]);
    if (written.isDated) await touchDated(env, after);
    return { ...told, shown: null, removesAt: count ? at : null, jobId: job?.id ?? null };
  });
}

const storedItem = (stored: OtherDefinitions, kind: DefinitionKind, key: string): unknown =>
  kind === "automations" ? undefined : stored[kind].find((item) => keyOfItem(item) === key);

const NONE: GivenDefinitions = {
  profile_fields: [],
  segments: [],
  segment_rules: [],
  segment_syncs: [],
  auto_groups: [],
  automations: [],
};

const byKind = <T>(of: (kind: DefinitionKind) => T): Record<DefinitionKind, T> =>
  // One entry for each of KINDS.
  Object.fromEntries(DEFINITION_KINDS.map((kind) => [kind, of(kind)])) as Record<DefinitionKind, T>;

const unnamedIn = (plan: ImportPlan): Pruned => byKind((kind) => plan[kind].unnamed);

const tellOf = (plan: ImportPlan, pruned: Pruned | null): Omit<Imported, "jobId" | "shown" | "removesAt"> => ({
  remove: byKind((kind) => pruned?.[kind] ?? []),
  create: byKind((kind) => plan[kind].create.map(keyOfItem)),
  change: byKind((kind) => plan[kind].change.map((one) => keyOfItem(one.after))),
  same: byKind((kind) => plan[kind].same),
});

export function checkedAutomations(
  env: Env,
  school: School,
  given: GivenDefinitions["automations"],
  { fields, rows }: { fields: ReadonlyMap<string, FieldView>; rows: ReadonlyMap<string, AutomationRow> },
): { items: AutomationItem[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const items = given.map((body, index): AutomationItem => {
    const row = rows.get(body.id);
    const meaning = { fields, standing: standingOf(row) };
    const { checked, faults: own } = faultsOfAutomation(env, school, withoutReadOnly(body), { meaning });
    faults.push(...own.map((fault) => ({ ...fault, path: `/automations/${index}${fault.path}` })));
    const { definition, ...rest } = checked;
    return { id: body.id, ...rest, ...definition };
  });
  return { items, faults };
}

/** The definitions that are not there yet, by where they stand in what was given. */
const writtenDefinitions = (plan: ImportPlan, given: Definitions): ReadonlyMap<string, Definition> =>
  new Map(
    [...plan.automations.create, ...plan.automations.change.map(({ after }) => after)].map((item) => [
      `/automations/${given.automations.findIndex(({ id }) => id === item.id)}`,
      partsOf(item).definition,
    ]),
  );

/** Of deleted automations that are made again, the last version by id: versions stay, for what ran by them. */
async function lastVersionsOf(env: Env, school: string, made: readonly { id: string }[]): Promise<Map<string, number>> {
  if (!made.length) return new Map();
  const { automation, version } = automationVersions;
  const rows = await database(env.DB)
    .select({ automation, version: max(version) })
    .from(automationVersions)
    .where(
      and(
        eq(automationVersions.school, school),
        isOneOf(
          automation,
          made.map(({ id }) => id),
        ),
      ),
    )
    .groupBy(automation);
  return new Map(rows.map((row) => [row.automation, row.version ?? 0]));
}

function automationsOf(
  env: Env,
  school: School,
  plan: ImportPlan,
  { rows, lastVersions }: { rows: ReadonlyMap<string, AutomationRow>; lastVersions: ReadonlyMap<string, number> },
  who: string,
) {
  const db = database(env.DB);
  const made = plan.automations.create.map((item) =>
    prepareAutomation(school, partsOf(item), who, { id: item.id, version: lastVersions.get(item.id) ?? 0 }),
  );
  const changed = plan.automations.change.flatMap(({ after }) => {
    const before = rows.get(after.id);
    return before ? changedRow(school, before, partsOf(after), who) : [];
  });
  const versions = [...made, ...changed.flatMap(({ row, isNew }) => (isNew ? row : []))];
  return {
    rows: [...made, ...changed.map(({ row }) => row)],
    statements: [
      ...insertAll(db, automations, made),
      ...replaceAll(
        db,
        automations,
        CHANGING,
        changed.map(({ row }) => row),
      ),
      ...insertAll(
        db,
        automationVersions,
        versions.map((row) => versionOf(row, who)),
      ),
    ],
    /** One that is active waits for dates of users. */
    isDated: [...made, ...changed.flatMap(({ row, isNew, activates }) => (isNew || activates ? row : []))].some(
      (row) => row.active && waitsForDates(readDefinition(row.definition)),
    ),
    activated: changed.flatMap(({ row, activates }) => (activates ? row.id : [])),
  };
}

/** What a change may write of an automation. */
const CHANGING = [
  ...(["name", "description", "active", "labels", "note", "goal", "definition", "version"] as const),
  ...(["revision", "activeSince", "stoppedBy", "failuresSince", "updatedAt", "updatedBy", "search"] as const),
];
