import { and, eq, max } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Env } from "../base/env";
import { type Fault, invalid, Problem } from "../base/errors";
import { type AuditEntry, recordAudits } from "../db/audit";
import { breaksConstraint, type Database, database } from "../db/client";
import { isOvertaken } from "../db/guard";
import { isOneOf } from "../db/list";
import { insertAll, replaceAll } from "../db/many";
import {
  autoGroups,
  automations,
  automationVersions,
  profileFields,
  segmentRules,
  segmentSyncs,
  segments,
} from "../db/schema";
import type { Definition } from "../definition/types";
import { prepareJob } from "../jobs/start";
import { requireEmptied } from "../segments/find";
import { changingDefinitions, writeDefinition } from "../segments/write";
import { alignJob } from "../users/align-job";
import { loadSchool, type School } from "../world/snapshot";
import { learnTags } from "../world/spelling";
import { readDefinition } from "../world/upgrades";
import { changedRow } from "./change";
import { faultsOfAutomation, tagsGiven, withoutReadOnly } from "./check";
import { prepareAutomation, versionOf } from "./create";
import type { AutomationRow } from "./document";
import { type AutomationItem, type Definitions, itemOf, storedDefinitions } from "./export";
import { faultsOfCalls } from "./hosts";
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
} from "./import-plan";
import { requireRoom, requireRoomFor } from "./room";
import { touchDated, touchRuns, waitsForDates } from "./touch";

/** An export as it is given: its automations are not checked yet. */
export type GivenDefinitions = Omit<Definitions, "automations"> & {
  automations: (Record<string, unknown> & { id: string })[];
};

export interface ImportOptions {
  dryRun: boolean;
  /** What the job changes starts automations. */
  fire: boolean;
  who: string;
}

export interface Imported {
  /** By kind, the ids (keys of fields) made and changed, and how many are given as they were. */
  create: Record<DefinitionKind, string[]>;
  change: Record<DefinitionKind, string[]>;
  same: Record<DefinitionKind, number>;
  /** The job that brings users in line, where one is needed. */
  jobId: string | null;
}

/**
 * Merges definitions into a school by their ids; what is not given stays. All or nothing is written.
 * @throws Problem 422 with every fault, 409 where an id is being taken at the same time
 */
export async function importDefinitions(
  env: Env,
  school: School,
  given: GivenDefinitions,
  options: ImportOptions,
): Promise<Imported> {
  requireRoomFor(DEFINITION_KINDS.flatMap((kind): unknown[] => given[kind]));
  return changingDefinitions(env, school, async (stamp) => {
    const { others: stored, rows } = await storedDefinitions(env, school.id);
    const checked = checkedAutomations(env, school, given.automations);
    const definitions: Definitions = { ...given, automations: checked.items };
    const faults = [...faultsBetween(stored, definitions), ...checked.faults];
    if (faults.length) throw invalid(faults);
    const plan = planOf(stored, definitions, (id) => {
      const row = rows.get(id);
      return row && itemOf(row);
    });
    const hostFaults = await faultsOfCalls(env, writtenDefinitions(plan, definitions));
    if (hostFaults.length) throw invalid(hostFaults);
    const lastVersions = await lastVersionsOf(env, school.id, plan.automations.create);
    const written = automationsOf(env, school, plan, { rows, lastVersions }, options.who);
    await requireRoom(env, school.id, written.rows);
    const told = tellOf(plan);
    if (options.dryRun || changesNothing(plan)) return { ...told, jobId: null };

    await requireEmptied(env, school.id, ...plan.segments.create.map(({ id }) => id));
    const tags = [...plan.automations.create, ...plan.automations.change.map((one) => one.after)].flatMap((one) =>
      tagsGiven(parts(one).definition),
    );
    const moves = movesUsers(plan, merge(stored, definitions));
    const job = moves ? await prepareJob(env, school, alignJob, { everything: true, fire: options.fire }) : null;
    try {
      await writeDefinition(env, school, stamp, {
        statements: [
          ...statementsOf(database(env.DB), school.id, plan),
          ...written.statements,
          ...learnTags(database(env.DB), school.id, tags),
          ...recordAudits(database(env.DB), entriesOf(school.id, plan, options.who)),
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
    return { ...told, jobId: job?.id ?? null };
  });
}

const byKind = <T>(of: (kind: DefinitionKind) => T): Record<DefinitionKind, T> =>
  // One entry for each of KINDS.
  Object.fromEntries(DEFINITION_KINDS.map((kind) => [kind, of(kind)])) as Record<DefinitionKind, T>;

const tellOf = (plan: ImportPlan): Omit<Imported, "jobId"> => ({
  create: byKind((kind) => plan[kind].create.map(keyOfItem)),
  change: byKind((kind) => plan[kind].change.map((one) => keyOfItem(one.after))),
  same: byKind((kind) => plan[kind].same),
});

function checkedAutomations(
  env: Env,
  school: School,
  given: GivenDefinitions["automations"],
): { items: AutomationItem[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const items = given.map((body, index): AutomationItem => {
    const { checked, faults: own } = faultsOfAutomation(env, school, withoutReadOnly(body));
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
      parts(item).definition,
    ]),
  );

/** An item's own fields apart from its definition. */
const parts = ({ id: _, name, description, active, ...definition }: AutomationItem) => ({
  name,
  description,
  active,
  definition,
});

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
    prepareAutomation(school, parts(item), who, { id: item.id, version: lastVersions.get(item.id) ?? 0 }),
  );
  const changed = plan.automations.change.flatMap(({ after }) => {
    const before = rows.get(after.id);
    return before ? changedRow(school, before, parts(after), who) : [];
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
  ...(["name", "description", "active", "definition", "version", "revision", "activeSince", "stoppedBy"] as const),
  ...(["failuresSince", "updatedAt", "updatedBy"] as const),
];

/** Everything but the automations. */
function statementsOf(db: Database, school: string, plan: ImportPlan): BatchItem<"sqlite">[] {
  const now = Date.now();
  // Lists of these go by the time they were made: the order given is kept.
  const made = <T>(items: readonly T[]) => items.map((item, index) => ({ ...item, school, createdAt: now + index }));
  const changed = <T>(changes: readonly { after: T }[]) => made(changes.map(({ after }) => after));
  const fieldRow = <T extends { choices: string[] | null }>(field: T) => ({
    ...field,
    choices: field.choices && JSON.stringify(field.choices),
  });
  const syncRow = <T extends Definitions["segment_syncs"][number]>({ on_leave: onLeave, ...rest }: T) => ({
    ...rest,
    onLeave,
  });
  const ruleRow = <T extends Definitions["segment_rules"][number]>(rule: T) => ({
    ...rule,
    where: JSON.stringify(rule.where),
  });
  const { profile_fields, segment_rules, segment_syncs, auto_groups } = plan;
  return [
    ...insertAll(db, profileFields, made(profile_fields.create).map(fieldRow)),
    ...replaceAll(
      db,
      profileFields,
      ["name", "type", "choices", "category"],
      changed(profile_fields.change).map(fieldRow),
    ),
    ...insertAll(db, segments, made(plan.segments.create)),
    ...replaceAll(db, segments, ["name", "managed"], changed(plan.segments.change)),
    ...insertAll(db, segmentRules, made(segment_rules.create).map(ruleRow)),
    ...replaceAll(db, segmentRules, ["segment", "match", "where"], changed(segment_rules.change).map(ruleRow)),
    ...insertAll(db, segmentSyncs, made(segment_syncs.create).map(syncRow)),
    ...replaceAll(
      db,
      segmentSyncs,
      ["name", "active", "role", "group", "onLeave", "enrol"],
      changed(segment_syncs.change).map(syncRow),
    ),
    ...insertAll(db, autoGroups, made(auto_groups.create)),
    ...replaceAll(db, autoGroups, ["active"], changed(auto_groups.change)),
  ];
}

type Item = Definitions[DefinitionKind][number];

const SUBJECTS: Record<DefinitionKind, string> = {
  profile_fields: "profile_field",
  segments: "segment",
  segment_rules: "segment_rule",
  segment_syncs: "segment_sync",
  auto_groups: "auto_group",
  automations: "automation",
};

/** An entry for each definition, as if it had been written by itself. */
function* entriesOf(school: string, plan: ImportPlan, who: string): Generator<AuditEntry> {
  for (const kind of DEFINITION_KINDS) {
    const subjectOf = (item: Item) => ({ school, who, subject: keyOfItem(item) });
    for (const after of plan[kind].create) yield { ...subjectOf(after), what: `${SUBJECTS[kind]}.created`, after };
    for (const { before, after } of plan[kind].change)
      yield { ...subjectOf(after), what: `${SUBJECTS[kind]}.changed`, before, after };
  }
}
