import { asc, eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { database } from "../../db/client";
import type { Holdable } from "../../db/deleting/held";
import { autoGroups, automations, profileFields, segmentRules, segmentSyncs, segments } from "../../db/schema";
import type { Definition } from "../../definition/types";
import { type ProfileField, toField } from "../../segments/fields/fields";
import { type Rule, toRule } from "../../segments/rules/rule-rows";
import type { CheckedAutomation } from "../check";
import { type AutomationRow, automationParts } from "../document";
import type { Envelope } from "../envelope";
import type { HeldNames } from "../held-references";

/** An automation in an export: all that is written of one. */
export interface AutomationItem extends Definition, Envelope {
  id: string;
}

/** All definitions of a school, as one document. Settings are none: they hold addresses, people and secrets. */
export interface Definitions {
  profile_fields: ProfileField[];
  segments: { id: string; name: string; managed: boolean }[];
  segment_rules: Pick<Rule, "id" | "segment" | "match" | "where">[];
  segment_syncs: {
    id: string;
    name: string;
    active: boolean;
    segment: string;
    course: string;
    role: string;
    group: string | null;
    on_leave: "unenrol" | "suspend";
    enrol: boolean;
  }[];
  auto_groups: { id: string; course: string; field: string; active: boolean }[];
  automations: AutomationItem[];
}

export type OtherDefinitions = Omit<Definitions, "automations">;

export interface StoredDefinitions {
  /** All but the automations. */
  others: OtherDefinitions;
  /** Automations as they lie in D1, by id: what they say is long, and opened one by one. */
  rows: ReadonlyMap<string, AutomationRow>;
  /** What is held, to be deleted: it is none of the above, and its ids are taken. */
  held: { others: OtherDefinitions; automations: readonly string[]; names: HeldNames };
}

export const itemOf = (row: AutomationRow): AutomationItem => ({ id: row.id, ...automationParts(row) });

/** All definitions of a school as they stand, each kind in order of creation. */
export async function storedDefinitions(env: Env, school: string): Promise<StoredDefinitions> {
  const db = database(env.DB);
  const [fields, segmentRows, rules, syncs, groups, automationRows] = await db.batch([
    db
      .select()
      .from(profileFields)
      .where(eq(profileFields.school, school))
      .orderBy(asc(profileFields.createdAt), asc(profileFields.key)),
    db.select().from(segments).where(eq(segments.school, school)).orderBy(asc(segments.createdAt), asc(segments.id)),
    db.select().from(segmentRules).where(eq(segmentRules.school, school)).orderBy(asc(segmentRules.id)),
    db.select().from(segmentSyncs).where(eq(segmentSyncs.school, school)).orderBy(asc(segmentSyncs.id)),
    db.select().from(autoGroups).where(eq(autoGroups.school, school)).orderBy(asc(autoGroups.id)),
    db.select().from(automations).where(eq(automations.school, school)).orderBy(asc(automations.id)),
  ]);
  const of = (wanted: (row: Holdable) => boolean): OtherDefinitions => ({
    profile_fields: fields
      .filter(wanted)
      .map(toField)
      .map(({ createdAt: _, deleteAt: __, ...field }) => field),
    segments: segmentRows.filter(wanted).map(({ id, name, managed }) => ({ id, name, managed })),
    segment_rules: rules
      .filter(wanted)
      .map(toRule)
      .map(({ id, segment, match, where }) => ({ id, segment, match, where })),
    segment_syncs: syncs.filter(wanted).map(({ id, name, active, segment, course, role, group, onLeave, enrol }) => ({
      id,
      name,
      active,
      segment,
      course,
      role,
      group,
      on_leave: onLeave,
      enrol,
    })),
    auto_groups: groups.filter(wanted).map(({ id, course, field, active }) => ({ id, course, field, active })),
  });
  const stands = ({ deleteAt }: Holdable): boolean => deleteAt === null;
  const isHeld = (row: Holdable): boolean => !stands(row);
  return {
    rows: new Map(automationRows.filter(stands).map((row) => [row.id, row])),
    others: of(stands),
    held: {
      others: of(isHeld),
      automations: automationRows.filter(isHeld).map(({ id }) => id),
      names: {
        segment: timesOf(segmentRows, ({ id }) => id),
        field: timesOf(fields, ({ key }) => key),
      },
    },
  };
}

const timesOf = <Row extends Holdable>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, number> =>
  new Map(rows.flatMap((row) => (row.deleteAt === null ? [] : [[keyOf(row), row.deleteAt] as const])));

/** An item's own fields apart from its definition. */
export const partsOf = (item: AutomationItem): CheckedAutomation => {
  const { id: _, name, description, active, labels, note, goal, ...definition } = item;
  return { name, description, active, labels, note, goal, definition };
};
