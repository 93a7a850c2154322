import { type AnyColumn, and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { readRows } from "./client";
import type { ListQuery } from "./list";

/* What lies in its order within each part of an index, as what an automation sent does by status and channel, as one list. */

/** D1 takes so many parts of a compound: more stand in each other. */
const OF_A_COMPOUND = 5;

const compound = (parts: readonly SQL[], end: SQL): SQL => {
  if (parts.length <= OF_A_COMPOUND) return sql`${sql.join([...parts], sql` union all `)}${end}`;
  const groups = Array.from({ length: Math.ceil(parts.length / OF_A_COMPOUND) }, (_, n) =>
    parts.slice(n * OF_A_COMPOUND, (n + 1) * OF_A_COMPOUND),
  );
  return compound(
    groups.map((some) => sql`select * from (${compound(some, end)})`),
    end,
  );
};

/**
 * The first rows of what several statements find, each in this order. The database goes on in the one whose row it took:
 * it reads one more in each of the others, and puts nothing in order.
 */
export function merged(
  parts: readonly SQL[],
  key: readonly AnyColumn[],
  { order = "asc", limit }: Pick<ListQuery, "order" | "limit">,
): SQL {
  // Of a compound no table is known any more.
  const inTurn = key.map(({ name }) => sql`${sql.identifier(name)} ${sql.raw(order)}`);
  return compound(parts, sql` order by ${sql.join(inTurn, sql`, `)} limit ${limit}`);
}

/** More parts than these are not read as one list. */
const MOST_PARTS = 50;

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
  most = MOST_PARTS,
): Promise<SQL[] | undefined> {
  const named = sql.join([...columns], sql`, `);
  const each = conditions.map(
    (one) =>
      sql`select distinct ${named} from ${table} indexed by ${sql.raw(index)} where ${and(eq(table.school, school), one)}`,
  );
  const found = await readRows(d1, compound(each, sql` limit ${most + 1}`));
  if (found.length > most) return undefined;
  return found.map((row) =>
    sql.join(
      columns.map((column) => eq(column, row[column.name])),
      sql` and `,
    ),
  );
}
