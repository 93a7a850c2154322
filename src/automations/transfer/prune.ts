import { and, eq, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { invalid, Problem } from "../../base/errors/errors";
import { type ReferenceKind, referencesIn, type WithGoal } from "../../catalogue/checking/references";
import { addDuration } from "../../catalogue/dates/time";
import type { Database } from "../../db/client";
import { HELD, notingAt } from "../../db/deleting/held";
import { isOneOf } from "../../db/lists/list";
import { automations } from "../../db/schema";
import { nowOf, type School } from "../../world/snapshot";
import type { OtherDefinitions } from "./export";
import { DEFINITION_KINDS, type DefinitionKind, type ImportPlan, keyOfItem, SUBJECTS } from "./plan";

/*
 * An import that prunes also takes away what its document does not name, of the kinds whose list it has: it is held for a
 * time, as by the verb DELETE.
 */

export type Pruned = Readonly<Record<DefinitionKind, string[]>>;

/** What one import may take from users: a job goes over them for each. */
const MOST_GIVERS = 100;

const PRUNED_FOR = "P7D";

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

/** An automation that will be active; `text`: something that holds every name in it. */
export interface ActiveAfter {
  name: string;
  text: string;
  definition(): WithGoal;
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

/**
 * Throws 409 where something stays, by its kind not being given, that goes by what would go.
 * @param active definitions of the automations that will be active
 */
export function requireUnused(pruned: Pruned, after: OtherDefinitions, active: Iterable<ActiveAfter>): void {
  const segmentsGone = new Set(pruned.segments);
  const fieldsGone = new Set(pruned.profile_fields);
  const all = segmentsGone.size + fieldsGone.size ? [...active] : [];
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
    ...usesIn(all, "segment", segmentsGone),
    ...usesIn(all, "field", fieldsGone),
  ];
  if (!uses.length) return;
  const more = uses.length > 10 ? `; and ${uses.length - 10} more` : "";
  throw new Problem("conflict", `What would go is in use: ${uses.slice(0, 10).join("; ")}${more}.`);
}

function* usesIn(active: readonly ActiveAfter[], kind: ReferenceKind, gone: ReadonlySet<string>): Generator<string> {
  if (!gone.size) return;
  // Whoever names it holds its text: the others are not opened.
  const texts = [...gone].map((id) => JSON.stringify(id).slice(1, -1));
  for (const { name, definition, text } of active) {
    if (!texts.some((one) => text.includes(one))) continue;
    for (const id of referencesIn(definition(), kind))
      if (gone.has(id)) yield `the automation ${JSON.stringify(name)} names the ${kind} ${id}`;
  }
}

/** When what is pruned goes, by the school's clock, ms: until then it is held, and can be restored. */
export const prunedAt = (school: School): number => addDuration(nowOf(school), PRUNED_FOR, school.settings.timezone);

/** The statements that hold what is pruned, to be deleted then. */
export function pruneStatements(db: Database, school: string, pruned: Pruned, at: number): BatchItem<"sqlite">[] {
  const holding = DEFINITION_KINDS.flatMap((kind) => {
    const keys = pruned[kind];
    if (!keys.length) return [];
    const { table, school: of, key } = HELD[SUBJECTS[kind]];
    return db
      .update(table)
      .set({ deleteAt: at })
      .where(and(eq(of, school), isOneOf(key, keys)));
  });
  const moved = { revision: sql`${automations.revision} + 1` };
  return [
    ...holding,
    ...(pruned.automations.length
      ? [
          db
            .update(automations)
            .set(moved)
            .where(and(eq(automations.school, school), isOneOf(automations.id, pruned.automations))),
        ]
      : []),
    ...(holding.length ? [notingAt(db, school, at)] : []),
  ];
}
