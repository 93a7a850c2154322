import { type AnyColumn, and, eq, getTableColumns, type SQL } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { database } from "../client";
import { firstRows, pageThatFits, sizedRows, wholeRows } from "./fitting";
import { after, type KeyPart, type ListPage, type ListQuery } from "./list";

/*
 * The rows of one table: a page of them, or one. Whoever asks says whose: `where` names the school.
 */

type RowOf<Table extends SQLiteTable> = Table["$inferSelect"];
type KeyOf<Row> = { [Name in keyof Row]: Row[Name] extends KeyPart ? Name : never }[keyof Row] & string;

/** The condition that a column is `value`; none where that is left out. */
export const ifGiven = (column: AnyColumn, value: string | boolean | undefined): SQL | undefined =>
  value === undefined ? undefined : eq(column, value);

/** A page of the rows for which `where` holds, fewer where they are large; `key` names the columns that order them and are no two rows' same, `index` the one to find them by. */
export async function listRows<Table extends SQLiteTable>(
  env: Pick<Env, "DB">,
  table: Table,
  key: readonly KeyOf<RowOf<Table>>[],
  query: ListQuery,
  where: SQL | undefined,
  index?: string,
): Promise<ListPage<RowOf<Table>>> {
  const all: Record<string, AnyColumn> = getTableColumns(table);
  const columns = key.flatMap((name) => all[name] ?? []);
  const found = await database(env.DB).all<Record<string, unknown>>(
    firstRows(table, columns, query, and(where, after(query, columns)), { index }),
  );
  return pageThatFits(
    query,
    sizedRows(table, found),
    (row) => key.map((name) => row[name]),
    (keys) => wholeRows(env, table, columns, where, keys),
  );
}

/** The row for which `where` holds; 404 when there is none. `what` says of what: "segment". */
export async function getRow<Table extends SQLiteTable>(
  env: Pick<Env, "DB">,
  table: Table,
  where: SQL | undefined,
  what: string,
): Promise<RowOf<Table>> {
  const row: RowOf<Table> | undefined = await database(env.DB)
    .select()
    .from(table as SQLiteTable)
    .where(where)
    .get();
  if (!row) throw notFound(what);
  return row;
}
