import { and, eq, isNotNull } from "drizzle-orm";
import type { Env } from "../base/env";
import { type Fault, invalid, pointer } from "../base/errors/errors";
import {
  placesOf,
  REFERENCE_KINDS,
  type ReferenceKind,
  referencesIn,
  type WithGoal,
} from "../catalogue/checking/references";
import { database } from "../db/client";
import { HELD, heldText, listed } from "../db/deleting/held";
import { requireNoRow } from "../db/guard";
import { isOneOf } from "../db/lists/list";
import { profileFields, segments } from "../db/schema";
import { isRecord } from "../definition/types";

/*
 * What is to be deleted is named by nobody anew: what names it when its time has come would name nothing.
 */

/** Of each kind, what is to be deleted, and when: ms by the school's clock. */
export type HeldNames = Readonly<Record<ReferenceKind, ReadonlyMap<string, number>>>;

/** What of a school definitions may not name. */
export async function heldNames(env: Env, school: string): Promise<HeldNames> {
  const db = database(env.DB);
  const [held, fields] = await db.batch([
    db
      .select({ id: segments.id, at: segments.deleteAt })
      .from(segments)
      .where(and(eq(segments.school, school), isNotNull(segments.deleteAt))),
    db
      .select({ id: profileFields.key, at: profileFields.deleteAt })
      .from(profileFields)
      .where(and(eq(profileFields.school, school), isNotNull(profileFields.deleteAt))),
  ]);
  const byId = (rows: readonly { id: string; at: number | null }[]) =>
    new Map(rows.flatMap(({ id, at }) => (at === null ? [] : [[id, at] as const])));
  return { segment: byId(held), field: byId(fields) };
}

/** An automation as it will be, and as it is; `before` is null where it is new, or switched on. */
export interface Naming {
  before: WithGoal | null;
  after: WithGoal;
}

/** What it names anew, with where it does. What an automation that is off names already may stay so. */
const namedAnew = ({ before, after }: Naming, kind: ReferenceKind) => {
  const known = before ? referencesIn(before, kind) : new Set<string>();
  return [...placesOf(after, kind)].filter(([id]) => !known.has(id));
};

/** A fault for each that it names anew and may not. */
export const faultsOfHeld = (naming: Naming, held: HeldNames): Fault[] =>
  REFERENCE_KINDS.flatMap((kind) =>
    (held[kind].size ? namedAnew(naming, kind) : []).flatMap(([id, { use, option }]) => {
      const deleteAt = held[kind].get(id);
      if (deleteAt === undefined) return [];
      const path = pointer([...(keysTo(naming.after, use) ?? []), option]);
      return [{ path, message: heldText(kind, id, { deleteAt }) }];
    }),
  );

/**
 * Throws 422 where an automation would name anew what is to be deleted.
 * @returns statements that fail the batch they stand in where that has come about meanwhile
 */
export async function namingNoneHeld(env: Env, school: string, naming: Naming) {
  const db = database(env.DB);
  const [named, declared] = REFERENCE_KINDS.map((kind) => namedAnew(naming, kind).map(([id]) => id));
  if (!named?.length && !declared?.length) return [];
  const faults = faultsOfHeld(naming, await heldNames(env, school));
  if (faults.length) throw invalid(faults);
  const isHeld = (kind: "segment" | "profile_field", ids: readonly string[] = []) =>
    requireNoRow(
      db,
      HELD[kind].table,
      and(eq(HELD[kind].school, school), isOneOf(HELD[kind].key, ids), listed(kind, true)),
    );
  return [isHeld("segment", named), isHeld("profile_field", declared)];
}

/** The keys that lead to a card in a definition. */
function keysTo(within: unknown, card: object): PropertyKey[] | undefined {
  if (within === card) return [];
  if (!Array.isArray(within) && !isRecord(within)) return undefined;
  for (const [key, value] of Object.entries(within)) {
    const keys = keysTo(value, card);
    if (keys) return [key, ...keys];
  }
  return undefined;
}
