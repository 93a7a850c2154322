import type { BatchItem } from "drizzle-orm/batch";
import { formatInstant } from "../../catalogue/dates/time";
import type { AuditEntry } from "../../db/audit";
import type { Database } from "../../db/client";
import { insertAll, replaceAll } from "../../db/many";
import { autoGroups, profileFields, segmentRules, segmentSyncs, segments } from "../../db/schema";
import type { Definitions } from "./export";
import { DEFINITION_KINDS, type DefinitionKind, type ImportPlan, keyOfItem, SUBJECTS } from "./plan";
import type { Pruned } from "./prune";

/*
 * How an import is written down.
 */

/** Everything but the automations. */
export function statementsOf(db: Database, school: string, plan: ImportPlan): BatchItem<"sqlite">[] {
  const now = Date.now();
  // Lists of these go by the time they were made: the order given is kept.
  const made = <T>(items: readonly T[]) =>
    items.map((item, index) => ({ ...item, school, deleteAt: null, createdAt: now + index }));
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

/** An entry for each definition, as if it had been written by itself. */
export function* entriesOf(
  school: string,
  plan: ImportPlan,
  /** What is held from now on, and until when, ms. */
  pruned: { keys: Pruned; at: number } | null,
  who: string,
): Generator<AuditEntry> {
  for (const kind of DEFINITION_KINDS) {
    const subjectOf = (item: Item) => ({ school, who, subject: keyOfItem(item) });
    for (const after of plan[kind].create) yield { ...subjectOf(after), what: `${SUBJECTS[kind]}.created`, after };
    for (const { before, after } of plan[kind].change)
      yield { ...subjectOf(after), what: `${SUBJECTS[kind]}.changed`, before, after };
    if (pruned)
      for (const subject of pruned.keys[kind])
        yield { school, who, subject, what: `${SUBJECTS[kind]}.held`, after: { delete_at: formatInstant(pruned.at) } };
  }
}
