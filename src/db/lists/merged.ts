import { type AnyColumn, and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { database } from "../client";
import type { ListQuery } from "./list";

/* What lies in its order within each part of an index, as what an automation sent does by status and channel, as one list. */

/** D1 takes so many parts of a compound. */
const OF_A_COMPOUND = 5;

const groupsOf = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / OF_A_COMPOUND) }, (_, n) =>
    all.slice(n * OF_A_COMPOUND, (n + 1) * OF_A_COMPOUND),
  );

/**
 * The first rows of what five statements at most find, each in this order. The database goes on in the one whose row it
 * took: it reads one more in each of the others, and puts nothing in order. Of compounds in each other it would read each whole.
 */
export function merged(
  parts: readonly SQL[],
  key: readonly AnyColumn[],
  { order = "asc", limit }: Pick<ListQuery, "order" | "limit">,
): SQL {
  // Of a compound no table is known any more.
  const inTurn = key.map(({ name }) => sql`${sql.identifier(name)} ${sql.raw(order)}`);
  return sql`${sql.join([...parts], sql` union all `)} order by ${sql.join(inTurn, sql`, `)} limit ${limit}`;
}

/** Of rows in one order, up to so many of those behind one that meet any of these conditions; of all without any. */
type Next<Row> = (behind: Row | null, most: number, each: readonly SQL[]) => SQL;

/**
 * The first rows that meet any of some conditions. Of more than five at once each five are asked for their share of what is
 * missing, until none of them can have one that comes before the last.
 */
export async function firstOfParts<Row>(
  each: readonly SQL[],
  limit: number,
  behind: Row | null,
  next: Next<Row>,
  read: (statements: readonly SQL[]) => Promise<readonly Row[][]>,
  inTurn: (a: Row, b: Row) => number,
): Promise<Row[]> {
  const groups = (each.length ? groupsOf(each) : [[]]).map((some) => ({ some, rows: [] as Row[], isAll: false }));
  for (;;) {
    const all = groups.flatMap((group) => group.rows);
    // What is of one statement lies in the database's order.
    const rows = groups.length > 1 ? all.toSorted(inTurn) : all;
    const last = rows[limit - 1];
    const open = groups.flatMap((group) => {
      const end = group.rows.at(-1);
      const mayHave = !group.isAll && (end === undefined || last === undefined || inTurn(end, last) < 0);
      return mayHave ? [{ group, end: end ?? null }] : [];
    });
    if (!open.length) return rows.slice(0, limit);
    const sure = rows.filter((row) => open.every(({ end }) => end !== null && inTurn(row, end) <= 0));
    const share = Math.ceil((limit - sure.length) / open.length);
    const found = await read(open.map(({ group, end }) => next(end ?? behind, share, group.some)));
    for (const [n, { group }] of open.entries()) {
      const more = found[n] ?? [];
      group.rows.push(...more);
      group.isAll = more.length < share;
    }
  }
}

/** More parts than these are not read as one list. */
export const MOST_PARTS = 50;

/** A table of a school's things, and an index of it. */
interface Among {
  table: SQLiteTable & { school: SQLiteColumn };
  school: string;
  index: string;
  columns: readonly AnyColumn[];
}

/**
 * The parts, by these columns, in which an index has what one of some conditions finds: a condition for each; undefined
 * where they are more than so many. The database goes from one to the next over all between, for which the columns have to
 * follow in the index what the conditions say, and that needs its row in sqlite_stat1.
 */
export async function partsOf(
  d1: D1Database,
  { table, school, index, columns }: Among,
  conditions: readonly (SQL | undefined)[],
  most: number,
): Promise<SQL[] | undefined> {
  const named = sql.join([...columns], sql`, `);
  const by = sql`${table} indexed by ${sql.raw(index)}`;
  const each = conditions.map((one) => {
    const any = sql`select 1 from ${by} where ${and(eq(table.school, school), one)}`;
    // To go from one to the next reads a row where there is none; to ask before whether there is any reads none.
    const isOf =
      conditions.length > 1
        ? sql`${table.school} = (select ${school} where exists (${any}))`
        : eq(table.school, school);
    return sql`select distinct ${named} from ${by} where ${and(isOf, one)}`;
  });
  const [first, ...rest] = groupsOf(each).map((some) => sql.join(some, sql` union all `));
  const all = rest.length ? [first, ...rest].map((some) => sql`select * from (${some})`) : [first];
  const found = await database(d1).all<Record<string, unknown>>(
    sql`${sql.join(all, sql` union all `)} limit ${most + 1}`,
  );
  if (found.length > most) return undefined;
  return found.map((row) =>
    sql.join(
      columns.map((column) => eq(column, row[column.name])),
      sql` and `,
    ),
  );
}
