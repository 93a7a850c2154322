import { and, eq, getTableName, isNotNull, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import { Problem } from "../../base/errors/errors";
import { formatInstant } from "../../catalogue/dates/time";
import type { Database } from "../client";
import { isOneOf } from "../lists/list";
import { autoGroups, automations, profileFields, schools, segmentRules, segmentSyncs, segments } from "../schema";

/*
 * Definitions that are held: to be deleted at `delete_at`, by the school's clock. `schools.deletes_at` is the first of
 * those, so that nobody is asked who has none.
 */

/** By the names that the audit log has for them, each behind what may name it: in this order they end. */
export const HELD_KINDS = [
  "automation",
  "segment_sync",
  "auto_group",
  "segment",
  "segment_rule",
  "profile_field",
] as const;
export type HeldKind = (typeof HELD_KINDS)[number];

/** A row as far as it may be held. */
export interface Holdable {
  /** By the school's clock, ms; null: it stands. */
  deleteAt: number | null;
}

/** In documents, where one is held. */
export const deleteAtOut = z.string().exactOptional().meta({
  format: "date-time",
  description: "Of what is held, to be deleted: when it is, by the school's clock.",
});
export const withDeleteAt = ({ deleteAt }: Holdable): { delete_at?: string } =>
  deleteAt === null ? {} : { delete_at: formatInstant(deleteAt) };

/** Of each kind its table, the key beside the school, and how people call one. */
interface HeldTable {
  table: SQLiteTable;
  school: SQLiteColumn;
  /** What it is known by in its school. */
  key: SQLiteColumn;
  deleteAt: SQLiteColumn;
  /** As people call one. */
  label: string;
}

const held = <T extends SQLiteTable & Record<"school" | "deleteAt", SQLiteColumn>>(
  table: T,
  key: SQLiteColumn,
  label: string,
): HeldTable => ({ table, school: table.school, key, deleteAt: table.deleteAt, label });

export const HELD: Readonly<Record<HeldKind, HeldTable>> = {
  automation: held(automations, automations.id, "automation"),
  segment_sync: held(segmentSyncs, segmentSyncs.id, "sync"),
  auto_group: held(autoGroups, autoGroups.id, "auto group"),
  segment: held(segments, segments.id, "segment"),
  segment_rule: held(segmentRules, segmentRules.id, "rule"),
  profile_field: held(profileFields, profileFields.key, "field"),
};

/** The index by which those that stand, or those that are held, lie in the order of their list. */
export const listIndex = (kind: HeldKind, deleted = false): string =>
  `${getTableName(HELD[kind].table)}_${deleted ? "held_in_order" : "standing"}`;

export const whichHeld = (kind: HeldKind, of: string, id: string): SQL | undefined =>
  and(eq(HELD[kind].school, of), eq(HELD[kind].key, id));

/** The condition of a list: those that stand or, asked for, those that are held. */
export const listed = (kind: HeldKind, deleted = false): SQL =>
  deleted ? isNotNull(HELD[kind].deleteAt) : isNull(HELD[kind].deleteAt);

/** What is said of one that is held: a problem names it, and the way back. */
export const heldText = (label: string, id: string, { deleteAt }: Holdable): string =>
  `The ${label} ${JSON.stringify(id)} is to be deleted${deleteAt === null ? "" : ` at ${formatInstant(deleteAt)}`}: restore it first.`;

/** Throws 409 where it is held: until it is restored nothing of it changes. */
export function requireStanding(kind: HeldKind, id: string, row: Holdable): void {
  if (row.deleteAt !== null) throw new Problem("conflict", heldText(HELD[kind].label, id, row));
}

/** A delete for which somebody else's time has come: only of what is still to be deleted by then. */
export interface Due {
  /** By the school's clock, ms; left out: it is deleted whatever it was. */
  dueBy?: number | undefined;
}

/** Throws 404 where one that was due is not any more: it was restored meanwhile. */
export function requireDue(kind: HeldKind, { deleteAt }: Holdable, { dueBy }: Due): void {
  if (dueBy === undefined || (deleteAt !== null && deleteAt <= dueBy)) return;
  throw new Problem("not_found", `The ${HELD[kind].label} is not to be deleted any more.`);
}

const firstOf = (kind: HeldKind, school: string): SQL => {
  const { table } = HELD[kind];
  const index = sql.identifier(`${getTableName(table)}_held`);
  return sql`coalesce((select min(delete_at) from ${table} indexed by ${index} where school = ${school} and delete_at is not null), ${NEVER})`;
};

/** Behind every moment. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** The statement that has a school know when the first of what it still holds is due: behind those that took some away. */
export const notingFirst = (db: Database, school: string) =>
  db
    .update(schools)
    .set({
      // A union of so many is more than D1 takes.
      deletesAt: sql`nullif(min(${sql.join(
        HELD_KINDS.map((kind) => firstOf(kind, school)),
        sql`, `,
      )}), ${NEVER})`,
    })
    .where(and(eq(schools.id, school), isNotNull(schools.deletesAt)));

/** The statement that has a school know that something is due at a moment. */
export const notingAt = (db: Database, school: string, at: number) =>
  db
    .update(schools)
    .set({ deletesAt: sql`min(coalesce(${schools.deletesAt}, ${at}), ${at})` })
    .where(eq(schools.id, school));

/** What is held of a kind, the first due first; with `dueBy` what is due by then, with `ids` what is so of those. */
export async function heldOf(
  db: Database,
  kind: HeldKind,
  of: string,
  { dueBy, ids, limit = 1_000 }: Due & { limit?: number; ids?: readonly string[] } = {},
): Promise<{ id: string; deleteAt: number }[]> {
  if (ids?.length === 0) return [];
  const { table, school, key, deleteAt } = HELD[kind];
  return db
    .select({ id: sql<string>`${key}`, deleteAt: sql<number>`${deleteAt}` })
    .from(table)
    .where(
      and(
        eq(school, of),
        ids && isOneOf(key, ids),
        // Of some by their keys, not by how few are held.
        ids ? sql`+${deleteAt} is not null` : isNotNull(deleteAt),
        dueBy === undefined ? undefined : lte(deleteAt, dueBy),
      ),
    )
    .orderBy(deleteAt, key)
    .limit(limit);
}
