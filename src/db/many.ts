import { getTableColumns, type SQL, sql } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { textsOf } from "../base/json";
import type { Database } from "./client";

/*
 * Many rows in few statements: an invocation has a thousand, and one for each row of what a school may give at once
 * would be more. Rows travel as JSON, as many a statement as one text may hold.
 */

type RowOf<Table extends SQLiteTable> = Table["$inferSelect"];

const inserting = <Table extends SQLiteTable>(db: Database, table: Table, rows: readonly RowOf<Table>[]) => {
  const columns = Object.entries(getTableColumns(table));
  const read = sql.join(
    columns.map((_, place) => sql.raw(`value->>${place}`)),
    sql`, `,
  );
  const values = rows.map((row) =>
    columns.map(([name, column]) => (row[name] === null ? null : column.mapToDriverValue(row[name]))),
  );
  return textsOf(values).map((text) =>
    // As any table: drizzle does not work its types out while the table is open.
    db.insert(table as SQLiteTable).select(sql`select ${read} from json_each(${text}) where true`),
  );
};

/** The statements that insert rows, each with a value for every column. */
export const insertAll = <Table extends SQLiteTable>(db: Database, table: Table, rows: readonly RowOf<Table>[]) =>
  inserting(db, table, rows);

/** The statements that change rows that are there, found by their key: `set` names the columns that change. */
export function replaceAll<Table extends SQLiteTable>(
  db: Database,
  table: Table,
  set: readonly (keyof RowOf<Table> & string)[],
  rows: readonly RowOf<Table>[],
) {
  const columns = getTableColumns(table);
  const target = getTableConfig(table).primaryKeys.flatMap((key) => key.columns);
  const changed = Object.fromEntries(
    set.map((name): [string, SQL] => [name, sql`excluded.${sql.identifier(columns[name]?.name ?? name)}`]),
  );
  return inserting(db, table, rows).map((statement) => statement.onConflictDoUpdate({ target, set: changed }));
}
