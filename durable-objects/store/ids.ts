import type { JournalEntry } from "../../src/calls/shape";
import type { UserPlace } from "../../src/calls/user";
import { hash53 } from "../../src/engine/identity";
import type { Tables } from "./tables";

/*
 * Ids of events that may come again lie many to a row, as hashes, each with the digest of its event's body: by them a row
 * is found without reading the events in it, and they are all that stays of who was erased.
 */

/** An event's id as it stays when its user is erased: it tells nothing of either. */
export const idHash = ({ school, user }: UserPlace, id: string): string =>
  hash53(JSON.stringify([school, user, id])).toString(36);

export interface SeenId {
  id: string;
  hash: string;
}

/** Those of events that may come again. */
export const seenIdsOf = (place: UserPlace, entries: readonly Pick<JournalEntry, "eventId" | "hash">[]): SeenId[] =>
  entries.flatMap(({ eventId, hash }) => (eventId === null || !hash ? [] : [{ id: idHash(place, eventId), hash }]));

export const idsText = (ids: readonly SeenId[]): string =>
  ids.length ? JSON.stringify(ids.flatMap(({ id, hash }) => [id, hash])) : "";

export function readIds(text: string): SeenId[] {
  if (text === "") return [];
  // Written by idsText: an id and a digest in turn.
  const flat = JSON.parse(text) as string[];
  return flat.flatMap((id, index) => (index % 2 ? [] : [{ id, hash: flat[index + 1] ?? "" }]));
}

/** All that is kept of the events of somebody erased, those of before too: rows to write. @param at real time, ms */
export function idsToKeep(
  sql: SqlStorage,
  tables: Tables,
  packed: readonly SeenId[],
  at: number,
): [at: number, ids: string][] {
  const before = tables.has("erased_ids")
    ? sql.exec<{ at: number; ids: string }>("select at, ids from erased_ids order by n").toArray()
    : [];
  const rows = tables.has("entries")
    ? sql.exec<{ ids: string }>("select ids from entries where n = 0 and ids <> '' order by seq").toArray()
    : [];
  const now = [...rows.map(({ ids }) => ids), idsText(packed)].filter((ids) => ids !== "");
  return [
    ...before.map((row): [number, string] => [row.at, row.ids]),
    ...now.map((ids): [number, string] => [at, ids]),
  ];
}
