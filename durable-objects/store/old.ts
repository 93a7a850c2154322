import { FIRST_OWN, type JournalEntry, type Packed } from "../../src/calls/shape";
import type { Write } from "./rows";

/*
 * What is too old to keep, of what lies in rows. The user's own journal goes from its beginning on, as it is folded; what
 * was another's goes by its age.
 */

/** @param packed the newest entries, which lie in no row */
export function oldEntriesIn(sql: SqlStorage | null, packed: readonly JournalEntry[], before: number): number | null {
  const firstKept = (entries: readonly JournalEntry[]): number | undefined =>
    entries.find(({ at }) => at >= before)?.seq;
  if (sql) {
    const { kept, old } = sql
      .exec<{ kept: number | null; old: number | null }>(
        `select kept, (select max(seq) from entries where n = 0 and seq >= ?2 and (kept is null or seq < kept)) as old
          from (select min(seq) as kept from entries where n = 0 and seq >= ?2 and at >= ?1)`,
        before,
        FIRST_OWN,
      )
      .one();
    if (kept !== null) return old;
    if (firstKept(packed) === packed[0]?.seq) return old;
  }
  const kept = firstKept(packed) ?? Number.POSITIVE_INFINITY;
  return packed.findLast(({ seq }) => seq < kept)?.seq ?? null;
}

/** @param heard the `seq` up to which D1 has heard of what has ended */
export function hasOldIn(
  ended: SqlStorage | null,
  entries: SqlStorage | null,
  endedBefore: number,
  before: number,
  heard: number,
): boolean {
  const finds = (sql: SqlStorage | null, text: string, ...bindings: number[]): boolean =>
    sql !== null && sql.exec(text, ...bindings).toArray().length > 0;
  return (
    finds(ended, "select 1 from ended where at < ? and seq <= ? limit 1", endedBefore, heard) ||
    finds(entries, "select 1 from entries where seq < ? and at < ? limit 1", FIRST_OWN, before)
  );
}

/** Whether something is kept that will be too old one day. */
export function keepsMuchIn(ended: SqlStorage | null, entries: SqlStorage | null, packed: Packed): boolean {
  return (
    packed.entries.length + packed.ended.length + packed.inbox.length > 0 ||
    (entries !== null && entries.exec("select 1 from entries limit 1").toArray().length > 0) ||
    (ended !== null && ended.exec("select 1 from ended limit 1").toArray().length > 0)
  );
}

/** @param heard the `seq` up to which D1 has heard of what has ended */
export const forgettingEnded = (before: number, heard: number): Write => [
  "ended",
  "delete from ended where at < ? and seq <= ?",
  before,
  heard,
];

/** @param upTo of the user's own; null: none of them */
export const forgettingEntries = (before: number, upTo: number | null): Write[] => [
  ["entries", "delete from entries where seq < ? and at < ?", FIRST_OWN, before],
  ...(upTo === null
    ? []
    : [["entries", "delete from entries where seq between ? and ?", FIRST_OWN, upTo] satisfies Write]),
];
