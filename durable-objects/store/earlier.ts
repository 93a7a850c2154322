import { isStored, type Stored, storedIn } from "../../src/base/upgrades";
import type { JournalEntry, Packed } from "../../src/calls/shape";
import type { UserPlace } from "../../src/calls/user";
import { openEntries, openPacked, openRuns } from "../packed/upgrades";
import { idHash, idsText } from "./ids";
import { addingEntries, beginningAt, type Write } from "./rows";
import type { Tables } from "./tables";

/*
 * What releases before the journal of inputs have left: what lies packed in up to three parts, a row for each event that
 * may come again with its answer, the journal beside, ended runs until D1 had heard of them.
 */

/** Of these releases alone, whatever they stored. */
export const isEarlier = (tables: Tables): boolean => tables.has("migrations");

const PARTS = [1_000, 2_000, 3_000];
const ERASED_A_ROW = 100;

/** What lay packed, and what is to be written so that the rest lies as it does today. */
export function bringOver(
  sql: SqlStorage,
  tables: Tables,
  place: UserPlace,
): { packed: Packed | null; writes: Write[] } {
  const writes: Write[] = ["events", "journal", "log", "erased", "migrations"].flatMap((table): Write[] =>
    tables.has(table) ? [["state", `drop table ${table}`]] : [],
  );
  if (tables.has("erased")) writes.push(...erasedIds(sql));
  const stored = tables.has("state") ? readState(sql) : null;
  if (!stored) return { packed: null, writes };
  writes.push(["state", "delete from state"]);
  if (tables.has("log")) addRuns(sql, stored);
  const packed = openPacked(stored);
  const entries = [...readEvents(sql, tables), ...readJournal(sql, tables), ...packed.entries];
  packed.entries = [];
  entries.sort((one, other) => one.seq - other.seq);
  const seen = (some: readonly JournalEntry[]) =>
    some.flatMap(({ eventId, hash }) => (eventId === null || !hash ? [] : [{ id: idHash(place, eventId), hash }]));
  writes.push(...addingEntries(entries, seen));
  // Of what was before nothing says what happened, only what came of it.
  return { packed, writes: [...writes, ...beginningAt({ seq: packed.seq, state: packed.state })] };
}

/** The first two forms of the tables had no versions. */
const versionIn = (sql: SqlStorage): string =>
  Number(sql.exec("select count(*) as n from migrations").one().n) < 3 ? "0" : "v";

function readState(sql: SqlStorage): Stored | null {
  const rows = new Map(
    sql
      .exec<{ slot: number; body: string }>("select slot, body from state")
      .toArray()
      .map(({ slot, body }) => [slot, body]),
  );
  const parts = (rows.has(0) ? [0] : PARTS).flatMap((slot) => {
    let text = "";
    for (let n = slot; rows.has(n); n++) text += rows.get(n);
    const part: unknown = text === "" ? null : JSON.parse(text);
    return isStored(part) ? [part] : [];
  });
  return parts.length ? Object.assign({}, ...parts) : null;
}

/** Ended runs that lay beside, of which D1 has not heard. */
function addRuns(sql: SqlStorage, stored: Stored): void {
  const runs: Stored = isStored(stored.runs) ? stored.runs : {};
  const seqOf = (entry: unknown): number => (isStored(entry) && typeof entry.seq === "number" ? entry.seq : 0);
  const rows = sql.exec<{ runs: string; v: number }>(`select runs, ${versionIn(sql)} as v from log`);
  for (const { runs: text, v } of rows) {
    for (const [id, entry] of Object.entries(openRuns(JSON.parse(text), v)))
      if (seqOf(runs[id]) < seqOf(entry)) runs[id] = entry;
  }
  stored.runs = runs;
}

function readEvents(sql: SqlStorage, tables: Tables): JournalEntry[] {
  if (!tables.has("events")) return [];
  const rows = sql.exec<{
    id: string;
    hash: string;
    at: number;
    seq: number;
    runs: string | null;
    facts: string;
    v: number;
  }>(`select id, hash, at, seq, facts, ${versionIn(sql)} as v, answer ->> '$.runs' as runs from events`);
  return rows.toArray().flatMap(({ id, hash, at, seq, runs, facts, v }) => {
    const begun = storedIn(runs === null ? [] : JSON.parse(runs)).map((run) => [
      run.id,
      run.automation_id,
      run.synchronous,
      run.status,
    ]);
    const entry = { seq, at, eventId: id, hash, facts: JSON.parse(facts), ...(begun.length ? { runs: begun } : {}) };
    return openEntries([entry], v);
  });
}

const readJournal = (sql: SqlStorage, tables: Tables): JournalEntry[] =>
  tables.has("journal")
    ? sql
        .exec<{ entries: string; v: number }>(`select entries, ${versionIn(sql)} as v from journal`)
        .toArray()
        .flatMap(({ entries, v }) => openEntries(JSON.parse(entries), v))
    : [];

function erasedIds(sql: SqlStorage): Write[] {
  const rows = sql.exec<{ id: string; hash: string; at: number }>("select id, hash, at from erased").toArray();
  const writes: Write[] = [];
  for (let from = 0; from < rows.length; from += ERASED_A_ROW) {
    const some = rows.slice(from, from + ERASED_A_ROW);
    const at = Math.max(...some.map((row) => row.at));
    writes.push(["erased_ids", "insert into erased_ids (n, at, ids) values (?, ?, ?)", from, at, idsText(some)]);
  }
  return writes;
}
