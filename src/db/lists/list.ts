import { type AnyColumn, asc, desc, type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { fromBase64Url, toBase64Url } from "../../base/bytes";
import { invalid } from "../../base/errors/errors";

/*
 * Lists come in pages by key: a cursor names the last row shown, so that it stands while others insert and delete.
 */

const limit = z.coerce
  .number("not a number")
  .int("not a whole number")
  .min(1, "at least 1")
  .max(100, "at most 100")
  .default(50)
  .meta({ description: "How many at most." });
const cursor = z.string().max(1_024).optional().meta({ description: "`next_cursor` of the page before." });

/** Query of a list that is oldest first. */
export const listQuery = z.object({ limit, cursor });

/** Query of a list that may be turned round. */
export const turnableListQuery = listQuery.extend({ order: z.enum(["asc", "desc"]).default("asc") });

export interface ListQuery {
  limit: number;
  cursor?: string | undefined;
  order?: "asc" | "desc" | undefined;
}

const nextCursor = z.string().nullable();

/** The schema of a list's answer. */
export const pageOf = <S extends z.ZodType>(item: S) => z.object({ data: z.array(item), next_cursor: nextCursor });

/** The same query of things by their ids, with one more than a page holds, as users' objects are asked. */
export const turned = <Query extends ListQuery>({ cursor, order, limit, ...rest }: Query) => ({
  ...rest,
  ...(cursor === undefined ? {} : { after: String(decodeCursor(cursor, 1)[0]) }),
  newestFirst: order === "desc",
  limit: limit + 1,
});

export interface ListPage<T> {
  data: T[];
  next_cursor: string | null;
}

export type KeyPart = string | number;

/** A key, as a cursor names it. */
export const keyParts = z.array(z.union([z.string(), z.number()]));

export const encodeCursor = (key: readonly KeyPart[]): string =>
  toBase64Url(new TextEncoder().encode(JSON.stringify(key)));

/** The key a cursor names, an option of the query; 422 when it is none of ours or not of `length` parts (one of those). */
export function decodeCursor(text: string, length: number | readonly number[], path = "/cursor"): KeyPart[] {
  const refused = invalid([{ path, message: "not a cursor of this list" }]);
  const bytes = fromBase64Url(text);
  if (!bytes) throw refused;
  let key: unknown;
  try {
    key = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw refused;
  }
  const read = keyParts.safeParse(key);
  if (!read.success || ![length].flat().includes(read.data.length)) throw refused;
  return read.data;
}

/** The condition that a column is one of `values`: as one parameter, of which D1 takes a hundred. */
export const isOneOf = (column: AnyColumn, values: readonly string[]): SQL =>
  sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;

/** The condition that takes up a list after its cursor; `columns` are the key in the order listed by. */
export function after(query: ListQuery, columns: readonly AnyColumn[]): SQL | undefined {
  if (query.cursor === undefined) return undefined;
  const key = decodeCursor(query.cursor, columns.length);
  const row = sql.join([...columns], sql`, `);
  const values = sql.join(
    key.map((part) => sql`${part}`),
    sql`, `,
  );
  return query.order === "desc" ? sql`(${row}) < (${values})` : sql`(${row}) > (${values})`;
}

/** The same columns to order by. */
export const inOrder = (query: ListQuery, columns: readonly AnyColumn[]): SQL[] =>
  columns.map((column) => (query.order === "desc" ? desc(column) : asc(column)));

/** A page of `rows`, of which one more than `query.limit` was read. */
export function toPage<Row>(
  query: ListQuery,
  rows: readonly Row[],
  keyOf: (row: Row) => readonly KeyPart[],
): ListPage<Row> {
  const data = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? data.at(-1) : undefined;
  return { data, next_cursor: last === undefined ? null : encodeCursor(keyOf(last)) };
}

/** The same page, each of its rows shown as something else. */
export const mapPage = <Row, T>({ data, next_cursor }: ListPage<Row>, show: (row: Row) => T): ListPage<T> => ({
  data: data.map(show),
  next_cursor,
});

/** A page of a list that is held whole in memory, by its ids in the order given. */
export function pageOfArray<T>(query: ListQuery, items: readonly T[], idOf: (item: T) => string): ListPage<T> {
  const ordered = query.order === "desc" ? [...items].reverse() : items;
  const last = query.cursor === undefined ? undefined : decodeCursor(query.cursor, 1)[0];
  const start = last === undefined ? 0 : ordered.findIndex((item) => idOf(item) === last) + 1;
  return toPage(query, ordered.slice(start, start + query.limit + 1), (item) => [idOf(item)]);
}
