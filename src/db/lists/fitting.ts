import { type AnyColumn, and, getTableColumns, getTableName, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { bytesOf } from "../../base/bytes";
import type { Env } from "../../base/env";
import { database } from "../client";
import { inOrder, type KeyPart, type ListPage, type ListQuery, mapPage, toPage } from "./list";
import { merged } from "./merged";

/**
 * So many bytes of rows a page holds before it ends, whatever its limit: rows may be of some hundred KB, and a hundred
 * of those, read, taken apart and written again, are more than an isolate has room for.
 */
export const PAGE_BYTES = 4_000_000;

/** A larger row is left behind at first, and read once it is known to stand in the page: a hundred others fit into one. */
const LARGE = PAGE_BYTES / 100;

const isText = (column: AnyColumn): boolean => column.getSQLType() === "text";
const list = (parts: readonly SQLWrapper[]): SQL => sql.join([...parts], sql`, `);

/** A row and how many bytes its texts are. Of one that is not whole only its key and numbers were read. */
export interface Sized<Row> {
  row: Row;
  bytes: number;
  isWhole: boolean;
}

/** How the rows are found. */
interface Found {
  /** The index to find them by, where the database would choose another. */
  index?: string | undefined;
  /** The rows' ids, or keys, where they are known: each is read by its own, in their order; it stands in `one.value`. */
  ids?: readonly (string | readonly KeyPart[])[];
  /** Conditions of which each row meets one, where the index has the rows of each in their order: see `merged.ts`. */
  each?: readonly SQL[] | undefined;
  /** Which of the rows are meant, as their `fits`: of the others no text is read. */
  fits?: SQL | undefined;
  /** Of a large one; left out: so many bytes. Of those no text is read at first. */
  large?: number | undefined;
  /** What another table has beside it, in the same order. It may lack columns, which are empty then. */
  beside?: Beside | undefined;
}

/** Rows of another table that are of the same list. */
export interface Beside {
  table: SQLiteTable;
  where: SQL | undefined;
  index?: string | undefined;
  fits?: SQL | undefined;
}

/**
 * The statement for the first rows of a list, which `sizedRows` reads: each row is read once.
 * @param key the columns that order them
 * @param where the rows of the list that come behind its cursor
 */
export function firstRows(
  table: SQLiteTable,
  key: readonly AnyColumn[],
  query: ListQuery,
  where: SQL | undefined,
  { index, ids, each = [], fits, large = LARGE, beside }: Found = {},
): SQL {
  const columns = Object.values<AnyColumn>(getTableColumns(table));
  const isRead = sql`${fits === undefined ? sql`` : sql`fits and `}bytes <= ${sql.raw(String(large))}`;
  const read = columns.map((column) =>
    isText(column) && !key.includes(column)
      ? sql`case when ${isRead} then ${column} end as ${sql.identifier(column.name)}`
      : sql`${column}`,
  );
  const among = ids === undefined ? sql`` : sql`json_each(${JSON.stringify(ids)}) as one cross join `;
  const judged = fits === undefined ? sql`` : sql`, fits`;
  const found = (of: Beside, one?: SQL) => {
    const by = of.index === undefined ? sql`` : sql` indexed by ${sql.raw(of.index)}`;
    const judge = of.fits === undefined ? sql`` : sql`, (${of.fits}) as fits`;
    return sql`select ${beside ? namedAs(columns, of.table) : sql`${of.table}.*`}, ${bytesIn(of.table)} as bytes${judge} from ${among}${of.table}${by}
    where ${and(of.where, one) ?? sql`true`}`;
  };
  const own = { table, where, index, fits };
  const parts = (each.length ? each : [undefined]).map((one) => found(own, one));
  const all = beside ? [...parts, found(beside)] : parts;
  const limit = query.limit + 1;
  const isMerged = all.length > 1;
  const rows = isMerged ? merged(all, key, { ...query, limit }) : sql.join(all);
  const isInOrder = ids !== undefined || isMerged;
  const order = isInOrder ? sql`` : sql` order by ${list(inOrder(query, key))}`;
  return sql`select ${list(read)}, bytes${judged} from (${rows}) as ${sql.identifier(getTableName(table))}${order} limit ${limit}`;
}

/** Of a table what has the names of some columns, in their order, as parts of a compound have it. */
function namedAs(columns: readonly AnyColumn[], table: SQLiteTable): SQL {
  const own = new Map(Object.values<AnyColumn>(getTableColumns(table)).map((column) => [column.name, column]));
  return list(columns.map(({ name }) => sql`${own.get(name) ?? sql`null`} as ${sql.identifier(name)}`));
}

/** How many bytes the texts of a row are. */
const bytesIn = (table: SQLiteTable): SQL =>
  sql.join(
    Object.values<AnyColumn>(getTableColumns(table))
      .filter(isText)
      .map((column) => sql`coalesce(octet_length(${column}), 0)`),
    sql` + `,
  );

/** What `firstRows` found. */
export function sizedRows<Table extends SQLiteTable>(
  table: Table,
  found: readonly Record<string, unknown>[],
): Sized<Table["$inferSelect"]>[] {
  const columns = Object.entries<AnyColumn>(getTableColumns(table as SQLiteTable));
  return found.map((raw) => ({
    // As drizzle itself makes a row: each of its columns by its name.
    row: Object.fromEntries(
      columns.map(([name, column]) => {
        const value = raw[column.name] ?? null;
        return [name, value === null ? null : column.mapFromDriverValue(value)];
      }),
    ),
    bytes: Number(raw.bytes),
    isWhole: Number(raw.bytes) <= LARGE,
  }));
}

/** A row that was read whole. */
export function sizedRow<Row extends Record<string, unknown>>(row: Row): Sized<Row> {
  const bytes = Object.values(row).reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? bytesOf(value) : 0),
    0,
  );
  return { row, bytes, isWhole: true };
}

/** Rows by their keys, whole. */
export function wholeRows<Table extends SQLiteTable>(
  env: Pick<Env, "DB">,
  table: Table,
  columns: readonly AnyColumn[],
  where: SQL | undefined,
  keys: readonly (readonly KeyPart[])[],
): Promise<Table["$inferSelect"][]> {
  const parts = columns.map((_, n) => sql`value ->> ${sql.raw(String(n))}`);
  return database(env.DB)
    .select()
    .from(table as SQLiteTable)
    .where(and(where, sql`(${list(columns)}) in (select ${list(parts)} from json_each(${JSON.stringify(keys)}))`));
}

/**
 * A page of rows, of which one more than its limit was found: as many as fit.
 * @param whole reads by their keys those that were left behind; one that is gone by then is left out
 */
export async function pageThatFits<Row>(
  query: ListQuery,
  rows: readonly Sized<Row>[],
  keyOf: (row: Row) => readonly KeyPart[],
  whole: (keys: readonly (readonly KeyPart[])[]) => Promise<readonly Row[]>,
): Promise<ListPage<Row>> {
  let before = 0;
  const fit = rows.findIndex(({ bytes }) => {
    if (before >= PAGE_BYTES) return true;
    before += bytes;
    return false;
  });
  const limit = fit < 0 ? query.limit : Math.min(query.limit, fit);
  const page = toPage({ ...query, limit }, rows, ({ row }) => keyOf(row));
  const left = page.data.flatMap(({ row, isWhole }) => (isWhole ? [] : [keyOf(row)]));
  if (!left.length) return mapPage(page, ({ row }) => row);
  const read = new Map((await whole(left)).map((row) => [JSON.stringify(keyOf(row)), row]));
  const data = page.data.flatMap(({ row, isWhole }) =>
    isWhole ? [row] : (read.get(JSON.stringify(keyOf(row))) ?? []),
  );
  return { ...page, data };
}
