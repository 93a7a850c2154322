import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import type { LogBatch } from "../../calls/batch";

/*
 * A statement takes the rows of many users as one JSON text: D1 takes 100 parameters a statement, and each statement
 * costs a turn of its single thread. A column stands beside the value it gets; SQL and rows are made of that one list.
 */

type Value = string | number | boolean | null;
type Columns<Row> = Readonly<Record<string, (row: Row) => Value>>;
/** What a statement has rows for, of what one user's object has to tell. */
type RowsOf<Row> = (batch: LogBatch, realNow: number) => Row[];
/** What reads a column from a row of the text. */
type Read<Name extends string = string> = Readonly<Record<Name, string>>;

export interface LogStatement {
  readonly sql: string;
  rows(batch: LogBatch, realNow: number): Value[][];
  /** The table it fills, and the columns it gives values to, both as the schema names them. */
  readonly fills?: { readonly table: SQLiteTable; readonly columns: readonly string[] };
}

/** A statement over rows of `columns`. */
export function statement<Row, Name extends string>(
  rowsOf: RowsOf<Row>,
  columns: Readonly<Record<Name, (row: Row) => Value>>,
  sql: (read: Read<Name>) => string,
): LogStatement {
  const read = Object.fromEntries(Object.keys(columns).map((name, place) => [name, `value->>${place}`]));
  const values = Object.values<(row: Row) => Value>(columns);
  return {
    // Made of the names of `columns`.
    sql: sql(read as Read<Name>),
    rows: (batch, realNow) => rowsOf(batch, realNow).map((row) => values.map((make) => make(row))),
  };
}

type Widened<V> = V extends string ? string : V;

/** A value for every column of a table: for those too that could be left out, or a new one would stay empty unseen. */
export type ColumnsOf<T extends SQLiteTable, Row> = {
  readonly [K in keyof T["$inferInsert"]]-?: (row: Row) => Widened<Required<T["$inferInsert"]>[K]>;
};

/** A table as SQL writes it, and what the schema calls the columns of its key. */
function namesOf(table: SQLiteTable) {
  const columns = getTableColumns(table);
  const { name, primaryKeys } = getTableConfig(table);
  const inKey = new Set(primaryKeys.flatMap((one) => one.columns.map((column) => column.name)));
  return {
    table: name,
    key: Object.keys(columns).filter((column) => inKey.has(columns[column]?.name ?? "")),
    list: (names: readonly string[], write = (name: string) => name): string =>
      names.map((column) => write(`"${columns[column]?.name}"`)).join(", "),
  };
}

const readAll = (names: readonly string[], read: Read): string => names.map((name) => read[name]).join(", ");

/** A condition on the rows taken, and what of them it reads besides their columns. */
interface Only<Row> {
  reads: Columns<Row>;
  where(read: Read): string;
}

interface Replacing<Row> {
  /** `older`: a row told again is not written again. `not newer`: what a row says may change without the user's seq. */
  replaces: "older" | "not newer";
  /** Columns that stay as they were first written: an index is not written anew for them. */
  keeps?: readonly string[];
  only?: Only<Row>;
}

const everyRow = { reads: {}, where: () => "true" };

/** Inserts rows, or replaces those that are there: the table has, as `seq`, the user's change that a row tells of. */
export function upsert<T extends SQLiteTable, Row>(
  table: T,
  rowsOf: RowsOf<Row>,
  columnsOf: ColumnsOf<T, Row>,
  { replaces, keeps = [], only = everyRow }: Replacing<Row>,
): LogStatement {
  const { table: name, key, list } = namesOf(table);
  // Whatever the table, its columns get texts, numbers, flags and nulls.
  const columns = columnsOf as unknown as Columns<Row>;
  const names = Object.keys(columns);
  const rest = names.filter((column) => !key.includes(column) && !keeps.includes(column));
  const sql = (read: Read): string => `insert into ${name} (${list(names)})
    select ${readAll(names, read)} from json_each(?) where ${only.where(read)}
    on conflict (${list(key)}) do update set ${list(rest, (column) => `${column} = excluded.${column}`)}
    where excluded.seq ${replaces === "older" ? ">" : ">="} ${name}.seq`;
  return { ...statement(rowsOf, { ...columns, ...only.reads }, sql), fills: { table, columns: names } };
}

/**
 * Changes rows that are there and older, where they have the same in some columns: an index of those is not written anew, as
 * it is by an upsert that names them. It stands before the upsert, which passes over what it changed.
 */
export function change<T extends SQLiteTable, Row>(
  table: T,
  rowsOf: RowsOf<Row>,
  columnsOf: ColumnsOf<T, Row>,
  { keeps, same }: { keeps: readonly string[]; same: readonly string[] },
): LogStatement {
  const { table: name, key, list } = namesOf(table);
  // As above.
  const columns = columnsOf as unknown as Columns<Row>;
  const rest = Object.keys(columns).filter((column) => ![...key, ...keeps, ...same].includes(column));
  const sql = (
    read: Read,
  ): string => `update ${name} set ${rest.map((one) => `${list([one])} = told.${list([one])}`).join(", ")}
    from (select ${Object.keys(columns)
      .map((one) => `${read[one]} as ${list([one])}`)
      .join(", ")} from json_each(?)) as told
    where ${[...key, ...same].map((one) => `${name}.${list([one])} = told.${list([one])}`).join(" and ")}
      and ${name}.seq < told.seq`;
  return statement(rowsOf, columns, sql);
}

/** Writes rows that are new; what is there stays, or is replaced. */
export function insert<T extends SQLiteTable, Row>(
  or: "ignore" | "replace",
  table: T,
  rowsOf: RowsOf<Row>,
  columnsOf: ColumnsOf<T, Row>,
  only: Only<Row> = everyRow,
): LogStatement {
  const { table: name, list } = namesOf(table);
  // As above.
  const columns = columnsOf as unknown as Columns<Row>;
  const names = Object.keys(columns);
  const sql = (read: Read): string => `insert or ${or} into ${name} (${list(names)})
    select ${readAll(names, read)} from json_each(?) where ${only.where(read)}`;
  return { ...statement(rowsOf, { ...columns, ...only.reads }, sql), fills: { table, columns: names } };
}

/** Takes rows away by their key. */
export function remove<T extends SQLiteTable, Row>(
  table: T,
  rowsOf: RowsOf<Row>,
  columnsOf: Partial<ColumnsOf<T, Row>>,
  only: Only<Row>,
): LogStatement {
  const { table: name, key, list } = namesOf(table);
  // As above: the columns of its key, and perhaps others.
  const columns = columnsOf as unknown as Columns<Row>;
  const sql = (read: Read): string => `delete from ${name} where (${list(key)}) in
    (select ${readAll(key, read)} from json_each(?) where ${only.where(read)})`;
  return statement(rowsOf, { ...columns, ...only.reads }, sql);
}
