import { type AnyColumn, and, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Env } from "../base/env";
import { readJson } from "../base/json";
import { readRows } from "./client";
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

/** So many of the next say whether few fit. */
const SAMPLE = 10;

/**
 * Looks for rows that fit where no index says which do: among a page at first, which holds them where nearly all do, then
 * in slices by how many of those before did, among so many in all. Each row is read once.
 * @param next the next rows in their order behind one, up to so many
 */
export async function lookAmong<Row extends { fits: number | null }>(
  limit: number,
  next: (behind: Row | null, most: number) => Promise<readonly Row[]>,
  among = LOOKED_AT,
): Promise<Looked<Row>> {
  const wanted = limit + 1;
  const fitting: Row[] = [];
  let behind: Row | null = null;
  for (let slice = 0, looked = 0; looked < among && fitting.length < wanted; slice++) {
    const left = among - looked;
    // More than is likely to do: what does not fit often comes in rows.
    const likely = Math.ceil((1.5 * (wanted - fitting.length) * looked) / fitting.length);
    const size = slice === 0 ? wanted : slice < FITTED_SLICES ? Math.min(left, Math.max(likely, looked >> 1)) : left;
    const rows: readonly Row[] = await next(behind, size);
    fitting.push(...rows.filter(({ fits }) => fits));
    looked += rows.length;
    behind = rows.at(-1) ?? null;
    if (rows.length < size) {
      behind = null;
      break;
    }
  }
  return { fitting: fitting.slice(0, limit + 1), end: behind };
}

/** A table of a school's things. */
type OfSchool = SQLiteTable & { school: SQLiteColumn; id: SQLiteColumn };

/** A row that was looked at; of one of a large slice only its key. */
interface Met<Row> {
  key: readonly KeyPart[];
  fits: number | null;
  sized?: Sized<Row>;
}

/** Where rows are looked for. */
export interface Looking<Row> {
  /** What the index can say, school aside. */
  within?: SQL | undefined;
  /** All else. */
  fits?: SQL | undefined;
  index?: string | undefined;
  /** Conditions of which each row meets one, where the index has the rows of each in their order. */
  each?: readonly SQL[] | undefined;
  /** Asked where few of the next fit: how what fits is found alone, in parts; undefined where those are too many. */
  parts?: (() => Promise<Looking<Row> | undefined>) | undefined;
  /** The columns that order them, and are no two rows' same; their ids when left out. */
  key?: readonly (keyof Row & string)[] | undefined;
  /** How the index orders them, where not by their ids: the same order, and what of a row's key its id tells. */
  order?: { columns: readonly AnyColumn[]; keyOf: (id: string) => readonly KeyPart[] } | undefined;
}

/**
 * A page of rows that no index finds, of those of a school: among so many of the next, whereupon its cursor goes on behind
 * them. It may hold fewer than the limit, or none, while others still follow.
 */
export async function lookForRows<Table extends OfSchool & { $inferSelect: { id: string } }>(
  env: Pick<Env, "DB">,
  table: Table,
  school: string,
  query: ListQuery,
  { within, fits, index, each, order, parts, key: names = ["id"] }: Looking<Table["$inferSelect"]>,
): Promise<ListPage<Table["$inferSelect"]>> {
  type Row = Table["$inferSelect"];
  if (each?.length === 0) return { data: [], next_cursor: null };
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
  const inParts = each !== undefined && each.length > 1;
  const next = async (behind: Met<Row> | null, most: number): Promise<Met<Row>[]> => {
    const last = behind?.key ?? begin;
    const from = { ...query, cursor: last === null ? undefined : encodeCursor(order?.keyOf(String(last[0])) ?? last) };
    const where = and(ofSchool, within, after(from, sorted));
    // Of about as many as two pages hold the rows themselves; of more, those alone that fit.
    if (most <= 2 * (query.limit + 1)) {
      const rows = await readRows(
        env.DB,
        firstRows(any, sorted, { ...query, limit: most - 1 }, where, { index, each, fits: isFit }),
      );
      return sizedRows(table, rows).map((sized, n) => ({ key: keyOf(sized.row), fits: Number(rows[n]?.fits), sized }));
    }
    const parted = sql.join(columns, sql`, `);
    // What several parts are put in order by is named among what is found.
    const named = inParts ? sql`, ${sql.join([...sorted], sql`, `)}` : sql``;
    const found = (one?: SQL) =>
      sql`select json_array(${parted}) as key, ${isFit} as fits${named} from ${any}${by} where ${and(where, one)}`;
    const slice = inParts
      ? merged(each.map(found), sorted, { ...query, limit: most })
      : sql`${found(each?.[0])} order by ${inTurn} limit ${most}`;
    const met = await readRows(env.DB, slice);
    return met.map((one) => ({ key: readJson(keyParts, String(one.key)), fits: Number(one.fits) }));
  };
  if (parts) {
    const some = await next(null, Math.min(SAMPLE, query.limit + 1));
    const alone = 2 * some.filter((one) => one.fits).length < some.length ? await parts() : undefined;
    if (alone) return lookForRows(env, table, school, query, alone);
  }
  const { fitting, end } = await lookAmong<Met<Row>>(query.limit, next);
  const left = fitting.flatMap((row) => (row.sized ? [] : [row.key]));
  const isOne = columns.map((column, n) => sql`${column} = one.value ->> ${sql.raw(String(n))}`);
  const found = left.length
    ? await readRows(env.DB, firstRows(any, columns, query, and(ofSchool, ...isOne), { ids: left }))
    : [];
  const rows = [...fitting.flatMap((row) => row.sized ?? []), ...sizedRows(table, found)];
  const page = await pageThatFits(query, rows, keyOf, (keys) => wholeRows(env, table, columns, ofSchool, keys));
  return page.next_cursor === null && end ? { ...page, next_cursor: encodeCursor(end.key) } : page;
}
