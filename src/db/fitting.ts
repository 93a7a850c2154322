import { type AnyColumn, getTableColumns, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { bytesOf } from "../base/bytes";
import { inOrder, type KeyPart, type ListPage, type ListQuery, toPage } from "./list";

/**
 * So many bytes of rows a page holds before it ends, whatever its limit: rows may be of some hundred KB, and a hundred
 * of those, read, taken apart and written again, are more than an isolate has room for.
 */
export const PAGE_BYTES = 4_000_000;

const isText = (column: AnyColumn): boolean => column.getSQLType() === "text";

/**
 * The condition that keeps, of the first rows of a list in its order, those that fit a page and the one after them:
 * their sizes are summed up before any of them is read out.
 * @param where the rows of the list that come behind its cursor
 * @param index the index to find them by, where the database would choose another
 */
export function fittingRows(
  table: SQLiteTable,
  key: readonly AnyColumn[],
  query: ListQuery,
  where: SQL | undefined,
  index?: string,
): SQL {
  const texts = Object.values<AnyColumn>(getTableColumns(table)).filter(isText);
  const size = sql.join(
    texts.map((column) => sql`coalesce(octet_length(${column}), 0)`),
    sql` + `,
  );
  const names = key.map((_, place) => sql.identifier(`key${place}`));
  const list = (parts: readonly SQLWrapper[]) => sql.join([...parts], sql`, `);
  const named = list(key.map((column, place) => sql`${column} as ${names[place]}`));
  const order = list(names.map((name) => (query.order === "desc" ? sql`${name} desc` : name)));
  const by = index === undefined ? sql`` : sql` indexed by ${sql.raw(index)}`;
  const first = sql`select ${named}, ${size} as bytes from ${table}${by} where ${where ?? sql`true`}
    order by ${list(inOrder(query, key))} limit ${query.limit + 1}`;
  const summed = sql`select ${list(names)}, sum(bytes) over (order by ${order} rows between unbounded preceding and 2 preceding) as before
    from (${first})`;
  return sql`(${list(key)}) in (select ${list(names)} from (${summed}) where coalesce(before, 0) < ${PAGE_BYTES})`;
}

/** A page of rows read by `fittingRows`. */
export function pageThatFits<Row extends Record<string, unknown>>(
  query: ListQuery,
  rows: readonly Row[],
  keyOf: (row: Row) => readonly KeyPart[],
): ListPage<Row> {
  let before = 0;
  const fit = rows.findIndex((row) => {
    if (before >= PAGE_BYTES) return true;
    for (const value of Object.values(row)) if (typeof value === "string") before += bytesOf(value);
    return false;
  });
  const limit = fit < 0 ? query.limit : Math.min(query.limit, fit);
  return toPage({ ...query, limit }, rows, keyOf);
}
