import type { Beginning, Ended, JournalEntry, Page } from "../../src/calls/shape";
import type { Range } from "../../src/calls/user";
import { openEnded, openEntries, VERSION } from "../packed/upgrades";
import { idsText, type SeenId } from "./ids";
import { slicesOf } from "./slices";
import type { Table } from "./tables";
import { textOf, textOfAll } from "./texts";

/*
 * What only grows, many to a row: entries of the journal, and runs and deliveries that have ended.
 */

export type SqlStatement = [sql: string, ...bindings: SqlStorageValue[]];
/** A statement, and the table that it writes to. */
export type Write = [table: Table, ...statement: SqlStatement];

interface Item {
  seq: number;
  at: number;
}

/** So much of what is read at once. A call between isolates takes 32 MiB. */
export const PAGE_CHARACTERS = 2_000_000;
/** How long a row may get by what is put into it together. */
const ROW_CHARACTERS = 100_000;

const OPEN = { entries: openEntries, ended: openEnded } as const;

/** Puts items into rows of their own. */
function adding(
  table: keyof typeof OPEN,
  items: readonly (JournalEntry | Ended)[],
  more: (items: readonly Item[]) => Record<string, string>,
): Write[] {
  const writes: Write[] = [];
  let texts: string[] = [];
  let from = 0;
  for (const [index, item] of items.entries()) {
    texts.push(textOf(item));
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    const next = items[index + 1];
    // A row goes by its last: what has one `seq` is not put asunder.
    if (next && (length < ROW_CHARACTERS || next.seq === item.seq)) continue;
    const row = items.slice(from, index + 1);
    const columns = { at: Math.max(...row.map(({ at }) => at)), v: VERSION, ...more(row) };
    for (const [n, body] of slicesOf(`[${texts.join()}]`).entries()) {
      const values = { seq: item.seq, n, body, ...columns };
      const names = Object.keys(values);
      writes.push([
        table,
        `insert or replace into ${table} (${names.join()}) values (${names.map(() => "?").join()})`,
        ...Object.values(values),
      ]);
    }
    from = index + 1;
    texts = [];
  }
  return writes;
}

/** @param idsOf of the events among them that may come again */
export const addingEntries = (
  entries: readonly JournalEntry[],
  idsOf: (entries: readonly JournalEntry[]) => SeenId[],
): Write[] =>
  adding("entries", entries, (row) => ({
    // Of the entries handed in.
    ids: idsText(idsOf(row as readonly JournalEntry[])),
  }));

export const addingEnded = (ended: readonly Ended[]): Write[] => adding("ended", ended, () => ({}));

/** Has the journal begin with a state. */
export const beginningAt = (beginning: Beginning): Write[] => [
  ["beginning", "delete from beginning"],
  ...slicesOf(JSON.stringify(beginning)).map(
    (body, n): Write => ["beginning", "insert into beginning (n, body, v) values (?, ?, ?)", n, body, VERSION],
  ),
];

interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  n: number;
  body: string;
  v: number;
}

/** A row as it was put together, and how long it is. */
interface Whole<T extends keyof typeof OPEN> {
  items: ReturnType<(typeof OPEN)[T]>;
  characters: number;
}

/** Rows, put together from their slices. */
function* read<T extends keyof typeof OPEN>(table: T, cursor: Iterable<Row>): Generator<Whole<T>> {
  // Each table has, by its name, what opens its rows.
  const open = OPEN[table] as (items: unknown, version: number) => Whole<T>["items"];
  let slices: Row[] = [];
  const whole = (): Whole<T> => {
    const text = slices
      .sort((one, other) => one.n - other.n)
      .map(({ body }) => body)
      .join("");
    return { items: open(JSON.parse(text), slices[0]?.v ?? VERSION), characters: text.length };
  };
  for (const row of cursor) {
    if (slices[0] && slices[0].seq !== row.seq) {
      yield whole();
      slices = [];
    }
    slices.push(row);
  }
  if (slices.length) yield whole();
}

/** The row of a `seq`. */
export function readRow(sql: SqlStorage, seq: number): JournalEntry[] {
  const rows = sql.exec<Row>("select seq, n, body, v from entries where seq = ? order by n", seq);
  return [...read("entries", rows)].flatMap(({ items }) => items);
}

/**
 * Reads a page: whole rows, until it is long.
 * @param packed what has no row yet: all of it newer than what has
 */
function page<T extends keyof typeof OPEN, I extends JournalEntry | Ended>(
  sql: SqlStorage | null,
  table: T,
  packed: readonly I[],
  {
    after = -Number.MAX_SAFE_INTEGER,
    before = Number.MAX_SAFE_INTEGER,
    newestFirst = false,
    most = Number.POSITIVE_INFINITY,
  }: Range,
  characters: number,
): Page<I> {
  const isMeant = ({ seq }: Item): boolean => seq > after && seq < before;
  const items: I[] = [];
  let length = 0;
  /** Takes what is in a row; false once the page is full. */
  const take = (row: readonly I[], more: number): boolean => {
    const meant = row.filter(isMeant);
    items.push(...(newestFirst ? meant.toReversed() : meant));
    if (meant.length) length += more;
    return length < characters && items.length < most;
  };
  const next = (): number | null => items.at(-1)?.seq ?? null;
  const takePacked = (): boolean => !packed.length || take(packed, textOfAll(packed).length);
  if (newestFirst && !takePacked()) return { items, next: next() };
  if (sql) {
    // A row goes by the last in it: the first that begins too late may still hold some that are meant.
    const rows = sql.exec<Row>(
      `select seq, n, body, v from ${table}
        where seq > ?1 and seq <= coalesce((select seq from ${table} where seq >= ?2 order by seq limit 1), ?2)
        order by seq ${newestFirst ? "desc" : "asc"}, n`,
      after,
      before,
    );
    for (const row of read(table, rows)) {
      // The table holds such items.
      if (!take(row.items as readonly unknown[] as readonly I[], row.characters)) return { items, next: next() };
    }
  }
  if (!newestFirst) takePacked();
  return { items, next: null };
}

export const pageOfEntries = (
  sql: SqlStorage | null,
  packed: readonly JournalEntry[],
  range: Range,
  characters = PAGE_CHARACTERS,
): Page<JournalEntry> => page(sql, "entries", packed, range, characters);

export const pageOfEnded = (
  sql: SqlStorage | null,
  packed: readonly Ended[],
  range: Range,
  characters = PAGE_CHARACTERS,
): Page<Ended> => page(sql, "ended", packed, range, characters);

// ---- Pieces of what lies packed ----

/** By their ids. @param sql null: there are none */
export function readPieces(sql: SqlStorage | null): Map<number, string> {
  const pieces = new Map<number, string>();
  if (!sql) return pieces;
  const rows = sql.exec<{ id: number; body: string }>("select id, body from pieces order by id, n");
  for (const { id, body } of rows) pieces.set(id, (pieces.get(id) ?? "") + body);
  return pieces;
}

/** Those that differ. */
export function writingPieces(before: ReadonlyMap<number, string>, now: ReadonlyMap<number, string>): Write[] {
  if (now === before) return [];
  const writes: Write[] = [];
  for (const [id, text] of now) {
    const was = before.get(id);
    if (was === text) continue;
    const slices = slicesOf(text);
    if (was !== undefined && slicesOf(was).length > slices.length)
      writes.push(["pieces", "delete from pieces where id = ? and n >= ?", id, slices.length]);
    for (const [n, body] of slices.entries())
      writes.push(["pieces", "insert or replace into pieces (id, n, body) values (?, ?, ?)", id, n, body]);
  }
  for (const id of before.keys()) if (!now.has(id)) writes.push(["pieces", "delete from pieces where id = ?", id]);
  return writes;
}
