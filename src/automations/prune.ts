import { and, eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { invalid, Problem } from "../base/errors";
import type { Database } from "../db/client";
import { isOneOf } from "../db/list";
import { autoGroups, automations, profileFields, runCounts, segmentRules, segmentSyncs, segments } from "../db/schema";
import type { Gone } from "../engine/input";
import type { OtherDefinitions } from "./export";
import { DEFINITION_KINDS, type DefinitionKind, type ImportPlan, keyOfItem } from "./import-plan";

/*
 * An import that prunes also takes away what its document does not name, of the kinds whose list it has.
 */

export type Pruned = Readonly<Record<DefinitionKind, string[]>>;

/** What one import may take from users: the job that does so carries their names to each. */
const MOST_GIVERS = 100;

/** What goes: what is not named, and with a segment its rules. */
export function prunedOf(plan: ImportPlan, stored: OtherDefinitions, given: Partial<OtherDefinitions>): Pruned {
  const of = (kind: DefinitionKind) => plan[kind].unnamed;
  const segmentsGone = new Set(of("segments"));
  const rulesGiven = new Set(given.segment_rules?.map(({ id }) => id));
  const rules = stored.segment_rules
    .filter(({ id, segment }) => segmentsGone.has(segment) && !rulesGiven.has(id))
    .map(({ id }) => id);
  const pruned: Pruned = {
    profile_fields: of("profile_fields"),
    segments: of("segments"),
    segment_rules: [...new Set([...of("segment_rules"), ...rules])],
    segment_syncs: of("segment_syncs"),
    auto_groups: of("auto_groups"),
    automations: of("automations"),
  };
  const givers = [...pruned.segments, ...pruned.segment_syncs, ...pruned.auto_groups];
  if (givers.length > MOST_GIVERS) {
    const message = `${givers.length} segments, syncs and auto groups would go, and at once only ${MOST_GIVERS} may`;
    throw invalid([{ path: "", message }]);
  }
  return pruned;
}

/** What is left of the stored definitions. */
export function withoutPruned(stored: OtherDefinitions, pruned: Pruned): OtherDefinitions {
  const left = <T extends OtherDefinitions[keyof OtherDefinitions][number]>(kind: DefinitionKind, items: T[]): T[] => {
    const gone = new Set(pruned[kind]);
    return gone.size ? items.filter((item) => !gone.has(keyOfItem(item))) : items;
  };
  return {
    profile_fields: left("profile_fields", stored.profile_fields),
    segments: left("segments", stored.segments),
    segment_rules: left("segment_rules", stored.segment_rules),
    segment_syncs: left("segment_syncs", stored.segment_syncs),
    auto_groups: left("auto_groups", stored.auto_groups),
  };
}

/** Throws 409 where something stays, by its kind not being given, that goes by what would go. */
export function requireUnused(pruned: Pruned, after: OtherDefinitions): void {
  const segmentsGone = new Set(pruned.segments);
  const fieldsGone = new Set(pruned.profile_fields);
  const uses = [
    ...after.segment_syncs
      .filter(({ segment }) => segmentsGone.has(segment))
      .map(({ name, segment }) => `the sync ${JSON.stringify(name)} uses the segment ${segment}`),
    ...after.segment_rules.flatMap(({ id, where }) =>
      where.filter(({ field }) => fieldsGone.has(field)).map(({ field }) => `the rule ${id} uses the field ${field}`),
    ),
    ...after.auto_groups
      .filter(({ field }) => fieldsGone.has(field))
      .map(({ id, field }) => `the auto group ${id} uses the field ${field}`),
  ];
  if (!uses.length) return;
  const more = uses.length > 10 ? `; and ${uses.length - 10} more` : "";
  throw new Problem("conflict", `What would go is in use: ${uses.slice(0, 10).join("; ")}${more}.`);
}

/** What users were given by what goes, to be taken from them. Null: nothing. */
export function goneOf(pruned: Pruned, stored: OtherDefinitions): Gone | null {
  const groups = new Set(pruned.auto_groups);
  const gone: Gone = {
    segments: pruned.segments,
    syncs: pruned.segment_syncs,
    autoGroups: stored.auto_groups
      .filter(({ id }) => groups.has(id))
      .map(({ id, course, field }) => ({ id, course, field })),
  };
  return gone.segments.length + gone.syncs.length + gone.autoGroups.length ? gone : null;
}

/** Whether members of a segment that stays have lost a rule. */
export function losesRules(pruned: Pruned, stored: OtherDefinitions): boolean {
  const rules = new Set(pruned.segment_rules);
  const gone = new Set(pruned.segments);
  return stored.segment_rules.some(({ id, segment }) => rules.has(id) && !gone.has(segment));
}

export function pruneStatements(db: Database, school: string, pruned: Pruned): BatchItem<"sqlite">[] {
  const statements: { readonly [K in DefinitionKind]: (keys: readonly string[]) => BatchItem<"sqlite">[] } = {
    profile_fields: (keys) => [
      db.delete(profileFields).where(and(eq(profileFields.school, school), isOneOf(profileFields.key, keys))),
    ],
    segments: (keys) => [db.delete(segments).where(and(eq(segments.school, school), isOneOf(segments.id, keys)))],
    segment_rules: (keys) => [
      db.delete(segmentRules).where(and(eq(segmentRules.school, school), isOneOf(segmentRules.id, keys))),
    ],
    segment_syncs: (keys) => [
      db.delete(segmentSyncs).where(and(eq(segmentSyncs.school, school), isOneOf(segmentSyncs.id, keys))),
    ],
    auto_groups: (keys) => [
      db.delete(autoGroups).where(and(eq(autoGroups.school, school), isOneOf(autoGroups.id, keys))),
    ],
    automations: (keys) => [
      db.delete(automations).where(and(eq(automations.school, school), isOneOf(automations.id, keys))),
      db.delete(runCounts).where(and(eq(runCounts.school, school), isOneOf(runCounts.automation, keys))),
    ],
  };
  return DEFINITION_KINDS.flatMap((kind) => (pruned[kind].length ? statements[kind](pruned[kind]) : []));
}
