import { type AnyColumn, and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Env } from "../base/env";
import { database } from "./client";
import { after, encodeCursor, inOrder, isOneOf, type ListPage, type ListQuery } from "./list";
import { listRows } from "./rows";

/** So many rows a page is looked for among. */
export const LOOKED_AT = 1_000;

/** A table of a school's things by their ids. */
type OfSchool = SQLiteTable & { school: SQLiteColumn; id: SQLiteColumn };

/**
 * A page of rows that no index finds, of those of a school: among so many of the next, whereupon its cursor goes on behind
 * them. It may hold fewer than the limit, or none, while others still follow.
 * @param within what the index can say, school aside; `fits`: all else
 */
export async function lookForRows<Table extends OfSchool & { $inferSelect: { id: string } }>(
  env: Env,
  table: Table,
  school: string,
  query: ListQuery,
  { within, fits, index }: { within: SQL | undefined; fits: SQL | undefined; index?: string | undefined },
): Promise<ListPage<Table["$inferSelect"]>> {
  // As any table and column: drizzle does not work its types out while the table is open.
  const any: SQLiteTable = table;
  const id: AnyColumn = table.id;
  const of: AnyColumn = table.school;
  const by = index === undefined ? sql`` : sql` indexed by ${sql.raw(index)}`;
  const order = sql.raw(query.order ?? "asc");
  const next = sql`select ${id} as id, ${fits ?? sql`true`} as fits from ${any}${by}
    where ${and(eq(of, school), within, after(query, [id]))} order by ${sql.join(inOrder(query, [id]), sql`, `)} limit ${LOOKED_AT}`;
  const numbered = sql`select id, fits, row_number() over (order by id ${order}) as n from (${next})`;
  const found = await database(env.DB).all<{ id: string; fits: number; n: number }>(
    sql`select id, fits, n from (${numbered}) where fits or n = ${LOOKED_AT} order by n limit ${query.limit + 1}`,
  );
  const ids = found.flatMap((row) => (row.fits ? [row.id] : []));
  const page = await listRows(
    env,
    table,
    // Every such table has it, which is what its type says.
    ["id" as never],
    { ...query, cursor: undefined },
    and(eq(of, school), isOneOf(id, ids)),
  );
  const end = found.find(({ n }) => n === LOOKED_AT);
  return page.next_cursor === null && end ? { ...page, next_cursor: encodeCursor([end.id]) } : page;
}
