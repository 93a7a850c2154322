import type { EventRow, HistoryEntry, JournalEntry } from "../../src/calls/shape";
import type { UserPlace } from "../../src/calls/user";
import { hash53 } from "../../src/engine/identity";
import type { JournalFact } from "../../src/engine/types";
import { openEntries, VERSION } from "../upgrades";

/*
 * What has happened: events that may come again, with what they were answered, and the journal of all others, many
 * entries to a row. And of whoever was erased, hashes of the ids of such events.
 */

export type SqlStatement = [sql: string, ...bindings: SqlStorageValue[]];

/** So many entries of the journal lie packed with the rest before they move to a row of their own. */
export const ENTRIES_A_ROW = 16;

// ---- Events ----

export function readEvent(sql: SqlStorage, id: string): EventRow | null {
  const found = sql.exec<{ hash: string; answer: string | null }>("select hash, answer from events where id = ?", id);
  return found.toArray()[0] ?? null;
}

export type NewEvent = EventRow & { at: number; seq: number; facts: JournalFact[] };

export const addingEvent = (id: string, { hash, at, seq, answer, facts }: NewEvent): SqlStatement => [
  "insert into events (id, hash, at, seq, answer, facts, v) values (?, ?, ?, ?, ?, ?, ?)",
  id,
  hash,
  at,
  seq,
  answer,
  JSON.stringify(facts),
  VERSION,
];

// ---- The journal ----

/** Moves entries to rows of their own. */
export function movingEntries(entries: readonly JournalEntry[]): SqlStatement[] {
  const statements: SqlStatement[] = [];
  for (let from = 0; from < entries.length; from += ENTRIES_A_ROW) {
    const moved = entries.slice(from, from + ENTRIES_A_ROW);
    statements.push([
      "insert or replace into journal (seq, at, entries, v) values (?, ?, ?, ?)",
      moved[0]?.seq ?? 0,
      Math.max(...moved.map((entry) => entry.at)),
      JSON.stringify(moved),
      VERSION,
    ]);
  }
  return statements;
}

/** All that has happened, oldest first. @param packed entries that have no rows yet */
export function readHistory(sql: SqlStorage, packed: readonly JournalEntry[]): HistoryEntry[] {
  const events = sql
    .exec<{ id: string; hash: string; at: number; seq: number; answer: string | null; facts: string; v: number }>(
      "select id, hash, at, seq, answer, facts, v from events",
    )
    .toArray()
    .flatMap(({ id, facts, v, ...row }) =>
      openEntries<HistoryEntry>([{ ...row, eventId: id, facts: JSON.parse(facts) }], v),
    );
  const others = sql
    .exec<{ entries: string; v: number }>("select entries, v from journal")
    .toArray()
    .flatMap(({ entries, v }) => openEntries(JSON.parse(entries), v));
  const silent = [...others, ...packed].map((entry) => ({ ...entry, hash: null, answer: null }));
  return [...events, ...silent].sort((a, b) => a.seq - b.seq);
}

export const forgettingBefore = (at: number): SqlStatement[] => [
  ["delete from events where at < ?", at],
  ["delete from journal where at < ?", at],
];

// ---- Who was erased ----

interface Erased {
  id: string;
  hash: string;
  at: number;
}

const idHash = ({ school, user }: UserPlace, id: string): string =>
  hash53(JSON.stringify([school, user, id])).toString(36);

/** All that may be kept of the events of somebody erased: those of before, and of now. @param at real time, ms */
export function erasedOf(sql: SqlStorage, place: UserPlace, at: number): Erased[] {
  const before = sql.exec<{ id: string; hash: string; at: number }>("select id, hash, at from erased").toArray();
  const events = sql.exec<{ id: string; hash: string }>("select id, hash from events").toArray();
  return [...before, ...events.map(({ id, hash }) => ({ id: idHash(place, id), hash, at }))];
}

export const keepingErased = (rows: readonly Erased[]): SqlStatement[] =>
  rows.map(({ id, hash, at }) => ["insert or ignore into erased (id, hash, at) values (?, ?, ?)", id, hash, at]);

export function readErased(sql: SqlStorage, place: UserPlace, id: string): EventRow | null {
  const found = sql.exec<{ hash: string }>("select hash from erased where id = ?", idHash(place, id)).toArray()[0];
  return found ? { hash: found.hash, answer: null } : null;
}

export const anyErased = (sql: SqlStorage): boolean => sql.exec("select 1 from erased limit 1").toArray().length > 0;
