import { type AnyColumn, and, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Env } from "../base/env";
import { readJson } from "../base/json";
import { database } from "./client";
import { firstRows, pageThatFits, type Sized, sizedRows, wholeRows } from "./fitting";
import {
  after,
  decodeCursor,
  encodeCursor,
  inOrder,
  type KeyPart,
  keyParts,
  type ListPage,
  type ListQuery,
} from "./list";
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

/** A table of a school's things. */
type OfSchool = SQLiteTable & { school: SQLiteColumn; id: SQLiteColumn };

/** A row that was looked at; of one of a large slice only its key. */
interface Met<Row> {
  key: readonly KeyPart[];
  fits: number | null;
  sized?: Sized<Row>;
}

interface Looking<Row> {
  within: SQL | undefined;
  fits: SQL | undefined;
  index?: string | undefined;
  /** Conditions of which each row meets one, where the index has the rows of each in their order. */
  each?: readonly SQL[] | undefined;
  /** The columns that order them, and are no two rows' same; their ids when left out. */
  key?: readonly (keyof Row & string)[] | undefined;
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
  { within, fits, index, each = [], order, key: names = ["id"], most: inAll }: Looking<Table["$inferSelect"]>,
): Promise<ListPage<Table["$inferSelect"]>> {
  type Row = Table["$inferSelect"];
  // As any table and column: drizzle does not work its types out while the table is open.
  const any: SQLiteTable = table;
  const all: Record<string, AnyColumn> = getTableColumns(any);
  const columns = names.flatMap((name) => all[name] ?? []);
  const by = index === undefined ? sql`` : sql` indexed by ${sql.raw(index)}`;
  const sorted = order?.columns ?? columns;
  const inTurn = sql.join(inOrder(query, sorted), sql`, `);
  const begin = query.cursor === undefined ? null : decodeCursor(query.cursor, names.length);
  const isFit = fits ?? sql`true`;
  const ofSchool = eq(table.school, school);
  // What orders a list is a text or a number, and never left out.
  const keyOf = (row: Row): KeyPart[] => names.map((name) => row[name] as KeyPart);
  const next = async (behind: Met<Row> | null, most: number): Promise<Met<Row>[]> => {
    const last = behind?.key ?? begin;
    const from = { ...query, cursor: last === null ? undefined : encodeCursor(order?.keyOf(String(last[0])) ?? last) };
    const where = and(ofSchool, within, after(from, sorted));
    // Of about as many as two pages hold the rows themselves; of more, those alone that fit.
    if (most <= 2 * (query.limit + 1)) {
      const rows = await database(env.DB).all<Record<string, unknown>>(
        firstRows(any, sorted, { ...query, limit: most - 1 }, where, { index, each, fits: isFit }),
      );
      return sizedRows(table, rows).map((sized, n) => ({ key: keyOf(sized.row), fits: Number(rows[n]?.fits), sized }));
    }
    const parts = sql.join(columns, sql`, `);
    // What several parts are put in order by is named among what is found.
    const named = each.length > 1 ? sql`, ${sql.join([...sorted], sql`, `)}` : sql``;
    const found = (one?: SQL) =>
      sql`select json_array(${parts}) as key, ${isFit} as fits${named} from ${any}${by} where ${and(where, one)}`;
    const slice = merged(found, { query, key: sorted, each, limit: most });
    const inOrderOf = each.length > 1 ? sql`` : sql` order by ${inTurn} limit ${most}`;
    const met = await database(env.DB).all<{ key: string; fits: number | null }>(sql`${slice}${inOrderOf}`);
    return met.map((one) => ({ key: readJson(keyParts, one.key), fits: one.fits }));
  };
  const { fitting, end } = await lookAmong<Met<Row>>(query.limit, next, inAll);
  const left = fitting.flatMap((row) => (row.sized ? [] : [row.key]));
  const isOne = columns.map((column, n) => sql`${column} = one.value ->> ${sql.raw(String(n))}`);
  const found = left.length
    ? await database(env.DB).all<Record<string, unknown>>(
        firstRows(any, columns, query, and(ofSchool, ...isOne), { ids: left }),
      )
    : [];
  const rows = [...fitting.flatMap((row) => row.sized ?? []), ...sizedRows(table, found)];
  const page = await pageThatFits(query, rows, keyOf, (keys) => wholeRows(env, table, columns, ofSchool, keys));
  return page.next_cursor === null && end ? { ...page, next_cursor: encodeCursor(end.key) } : page;
}
