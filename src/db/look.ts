import { type AnyColumn, and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Env } from "../base/env";
import { database } from "./client";
import { firstRows, pageThatFits, sizedRows, wholeRows } from "./fitting";
import { after, encodeCursor, inOrder, type ListPage, type ListQuery } from "./list";

/** So many rows a page is looked for among. */
export const LOOKED_AT = 1_000;

export interface Looked<Row> {
  /** Up to one more than the limit. */
  fitting: Row[];
  /** The last that was looked at, where others follow that were not. */
  end: Row | null;
}

/**
 * Looks for rows that fit where no index says which do: among a page or two at first, which mostly holds them, then
 * among so many. Each row is read once.
 * @param next the next rows in their order behind one, up to so many
 */
export async function lookAmong<Row extends { fits: number | null }>(
  limit: number,
  next: (behind: Row | null, most: number) => Promise<readonly Row[]>,
): Promise<Looked<Row>> {
  const first = 2 * (limit + 1);
  const fitting: Row[] = [];
  let behind: Row | null = null;
  for (const most of [first, LOOKED_AT - first]) {
    const rows: readonly Row[] = await next(behind, most);
    fitting.push(...rows.filter(({ fits }) => fits));
    behind = rows.at(-1) ?? null;
    if (rows.length < most) behind = null;
    if (behind === null || fitting.length > limit) break;
  }
  return { fitting: fitting.slice(0, limit + 1), end: behind };
}

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
  const order = sql.join(inOrder(query, [id]), sql`, `);
  const { fitting, end } = await lookAmong<{ id: string; fits: number }>(query.limit, (behind, most) => {
    const from = behind === null ? query : { ...query, cursor: encodeCursor([behind.id]) };
    return database(env.DB).all(
      sql`select ${id} as id, ${fits ?? sql`true`} as fits from ${any}${by}
        where ${and(eq(of, school), within, after(from, [id]))} order by ${order} limit ${most}`,
    );
  });
  const ids = fitting.map((row) => row.id);
  if (!ids.length) return { data: [], next_cursor: end && encodeCursor([end.id]) };
  const found = await database(env.DB).all<Record<string, unknown>>(
    firstRows(any, [id], query, and(eq(of, school), sql`${id} = one.value`), undefined, ids),
  );
  const page = await pageThatFits(
    query,
    sizedRows(table, found),
    (row) => [row.id],
    (keys) => wholeRows(env, table, [id], eq(of, school), keys),
  );
  return page.next_cursor === null && end ? { ...page, next_cursor: encodeCursor([end.id]) } : page;
}
