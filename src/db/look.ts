import { type AnyColumn, and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Env } from "../base/env";
import { database } from "./client";
import { firstRows, pageThatFits, type Sized, sizedRows, wholeRows } from "./fitting";
import { after, decodeCursor, encodeCursor, inOrder, type KeyPart, type ListPage, type ListQuery } from "./list";
import { merged } from "./merged";

/** So many rows a page is looked for among. */
export const LOOKED_AT = 1_000;

export interface Looked<Row> {
  /** Up to one more than the limit. */
  fitting: Row[];
  /** The last that was looked at, where others follow that were not. */
  end: Row | null;
}

/** So often a slice is made to fit what is missing; the next is all that may still be looked at. */
const FITTED_SLICES = 3;

/**
 * Looks for rows that fit where no index says which do: among a page at first, which holds them where nearly all do, then
 * in slices by how many of those before did, among so many in all. Each row is read once.
 * @param next the next rows in their order behind one, up to so many
 * @param most how many fit in all: behind them nothing is looked at
 */
export async function lookAmong<Row extends { fits: number | null }>(
  limit: number,
  next: (behind: Row | null, most: number) => Promise<readonly Row[]>,
  most = Number.POSITIVE_INFINITY,
): Promise<Looked<Row>> {
  const wanted = Math.min(limit + 1, most);
  const fitting: Row[] = [];
  let behind: Row | null = null;
  for (let slice = 0, looked = 0; looked < LOOKED_AT && fitting.length < wanted; slice++) {
    const left = LOOKED_AT - looked;
    // More than is likely to do: what does not fit often comes in rows.
    const likely = Math.ceil((1.5 * (wanted - fitting.length) * looked) / fitting.length);
    const size =
      slice === 0
        ? Math.min(limit + 1, 2 * wanted)
        : slice < FITTED_SLICES
          ? Math.min(left, Math.max(likely, looked >> 1))
          : left;
    const rows: readonly Row[] = await next(behind, size);
    fitting.push(...rows.filter(({ fits }) => fits));
    looked += rows.length;
    behind = rows.at(-1) ?? null;
    if (rows.length < size) {
      behind = null;
      break;
    }
  }
  return { fitting: fitting.slice(0, limit + 1), end: fitting.length >= most ? null : behind };
}

/** A table of a school's things by their ids. */
type OfSchool = SQLiteTable & { school: SQLiteColumn; id: SQLiteColumn };

/** A row that was looked at; of one of a large slice only its id. */
interface Met<Row> {
  id: string;
  fits: number | null;
  sized?: Sized<Row>;
}

interface Looking {
  within: SQL | undefined;
  fits: SQL | undefined;
  index?: string | undefined;
  /** Conditions of which each row meets one, where the index has the rows of each in their order. */
  each?: readonly SQL[] | undefined;
  /** How many there are in all, where that is known. */
  most?: number | undefined;
  /** How the index orders them, where not by their ids: the same order, and what of a row's key its id tells. */
  order?: { columns: readonly AnyColumn[]; keyOf: (id: string) => readonly KeyPart[] } | undefined;
}

/**
 * A page of rows that no index finds, of those of a school: among so many of the next, whereupon its cursor goes on behind
 * them. It may hold fewer than the limit, or none, while others still follow.
 * @param within what the index can say, school aside; `fits`: all else
 */
export async function lookForRows<Table extends OfSchool & { $inferSelect: { id: string } }>(
  env: Pick<Env, "DB">,
  table: Table,
  school: string,
  query: ListQuery,
  { within, fits, index, each = [], order, most: inAll }: Looking,
): Promise<ListPage<Table["$inferSelect"]>> {
  // As any table and column: drizzle does not work its types out while the table is open.
  const any: SQLiteTable = table;
  const id: AnyColumn = table.id;
  const of: AnyColumn = table.school;
  const by = index === undefined ? sql`` : sql` indexed by ${sql.raw(index)}`;
  const key = order?.columns ?? [id];
  const inTurn = sql.join(inOrder(query, key), sql`, `);
  const begin = query.cursor === undefined ? null : String(decodeCursor(query.cursor, 1)[0]);
  const isFit = fits ?? sql`true`;
  const ofSchool = eq(of, school);
  const next = async (behind: Met<Table["$inferSelect"]> | null, most: number) => {
    const last = behind?.id ?? begin;
    const from = { ...query, cursor: last === null ? undefined : encodeCursor(order?.keyOf(last) ?? [last]) };
    const where = and(ofSchool, within, after(from, key));
    // Of about as many as two pages hold the rows themselves; of more, those alone that fit.
    if (most <= 2 * (query.limit + 1)) {
      const rows = await database(env.DB).all<Record<string, unknown>>(
        firstRows(any, key, { ...query, limit: most - 1 }, where, { index, each, fits: isFit }),
      );
      return sizedRows(table, rows).map((sized, n) => ({ id: sized.row.id, fits: Number(rows[n]?.fits), sized }));
    }
    const found = (one?: SQL) => sql`select ${id} as id, ${isFit} as fits from ${any}${by} where ${and(where, one)}`;
    const slice = merged(found, { query, key, each, limit: most });
    const inOrderOf = each.length > 1 ? sql`` : sql` order by ${inTurn} limit ${most}`;
    return database(env.DB).all<Met<Table["$inferSelect"]>>(sql`${slice}${inOrderOf}`);
  };
  const { fitting, end } = await lookAmong<Met<Table["$inferSelect"]>>(query.limit, next, inAll);
  const ids = fitting.flatMap((row) => (row.sized ? [] : [row.id]));
  const found = ids.length
    ? await database(env.DB).all<Record<string, unknown>>(
        firstRows(any, [id], query, and(ofSchool, sql`${id} = one.value`), { ids }),
      )
    : [];
  const rows = [...fitting.flatMap((row) => row.sized ?? []), ...sizedRows(table, found)];
  const page = await pageThatFits(
    query,
    rows,
    (row) => [row.id],
    (keys) => wholeRows(env, table, [id], ofSchool, keys),
  );
  return page.next_cursor === null && end ? { ...page, next_cursor: encodeCursor([end.id]) } : page;
}
