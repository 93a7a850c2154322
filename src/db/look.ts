import { type AnyColumn, and, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Env } from "../base/env";
import { readJson } from "../base/json";
import { database, readTogether } from "./client";
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
import { firstOfParts, merged } from "./merged";

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

/** So many are looked at first where what fits may be found otherwise, should few fit. */
const SAMPLE = 5;

interface Otherwise {
  /** Among how many is looked. */
  among?: number | undefined;
  /** Asked once, where fewer than half fit: whether they are found otherwise, so that no more is looked at. */
  otherwise?: (() => Promise<boolean>) | undefined;
}

/**
 * Looks for rows that fit where no index says which do: among a page at first, which holds them where nearly all do, then
 * in slices by how many of those before did, among so many in all. Each row is read once.
 * @param next the next rows in their order behind one, up to so many
 */
export async function lookAmong<Row extends { fits: number | null }>(
  limit: number,
  next: (behind: Row | null, most: number) => Promise<readonly Row[]>,
  { among = LOOKED_AT, otherwise }: Otherwise = {},
): Promise<Looked<Row>> {
  const wanted = limit + 1;
  const fitting: Row[] = [];
  let asks = otherwise;
  let behind: Row | null = null;
  // A page's worth: with a few of it first, where those say whether to go on.
  const first = otherwise && wanted > SAMPLE ? [SAMPLE, wanted - SAMPLE] : [wanted];
  const fitted = first.length + FITTED_SLICES - 1;
  for (let slice = 0, looked = 0; looked < among && fitting.length < wanted; slice++) {
    const left = among - looked;
    // More than is likely to do: what does not fit often comes in rows.
    const likely = Math.ceil((1.5 * (wanted - fitting.length) * looked) / fitting.length);
    const size = first[slice] ?? (slice < fitted ? Math.min(left, Math.max(likely, looked >> 1)) : left);
    const rows: readonly Row[] = await next(behind, size);
    fitting.push(...rows.filter(({ fits }) => fits));
    looked += rows.length;
    behind = rows.at(-1) ?? null;
    if (rows.length < size) {
      behind = null;
      break;
    }
    if (asks && 2 * fitting.length < looked) {
      if (await asks()) break;
      asks = undefined;
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

/** As the database compares them. */
function compareKeys(a: readonly KeyPart[], b: readonly KeyPart[]): number {
  for (const [n, one] of a.entries()) {
    const other = b[n] ?? "";
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/** Where rows are looked for. */
export interface Looking<Row> {
  /** What the index can say, school aside. */
  within?: SQL | undefined;
  /** What else is sought, that `parts` may find. */
  fits?: SQL | undefined;
  /** What is in no index at all. */
  rest?: SQL | undefined;
  index?: string | undefined;
  /** Conditions of which each row meets one, where the index has the rows of each in their order. */
  each?: readonly SQL[] | undefined;
  /** Among how many of the next, where not among as many as elsewhere. */
  among?: number | undefined;
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
  { within, fits, rest, index, each, order, parts, among, key: names = ["id"] }: Looking<Table["$inferSelect"]>,
): Promise<ListPage<Table["$inferSelect"]>> {
  type Row = Table["$inferSelect"];
  if (each?.length === 0) return { data: [], next_cursor: null };
  // As any table and column: drizzle does not work its types out while the table is open.
  const any: SQLiteTable = table;
  const all: Record<string, AnyColumn> = getTableColumns(any);
  const columns = names.flatMap((name) => all[name] ?? []);
  const by = index === undefined ? sql`` : sql` indexed by ${sql.raw(index)}`;
  const sorted = order?.columns ?? columns;
  const way = query.order === "desc" ? -1 : 1;
  const inTurn = (a: Met<Row>, b: Met<Row>): number => way * compareKeys(a.key, b.key);
  const begin = query.cursor === undefined ? null : decodeCursor(query.cursor, names.length);
  const isFit = and(fits, rest) ?? sql`true`;
  const ofSchool = eq(table.school, school);
  // What orders a list is a text or a number, and never left out.
  const keyOf = (row: Row): KeyPart[] => names.map((name) => row[name] as KeyPart);
  const next = async (behind: Met<Row> | null, most: number): Promise<Met<Row>[]> => {
    // Of about as many as two pages hold the rows themselves; of more, those alone that fit.
    const isWhole = most <= 2 * (query.limit + 1);
    const statement = (last: Met<Row> | null, limit: number, some: readonly SQL[]): SQL => {
      const from = last?.key ?? begin;
      const cursor = from === null ? undefined : encodeCursor(order?.keyOf(String(from[0])) ?? from);
      const where = and(ofSchool, within, after({ ...query, cursor }, sorted));
      if (isWhole)
        return firstRows(any, sorted, { ...query, limit: limit - 1 }, where, { index, each: some, fits: isFit });
      // What several parts are put in order by is named among what is found.
      const named = some.length > 1 ? sql`, ${sql.join([...sorted], sql`, `)}` : sql``;
      const found = (one?: SQL) =>
        sql`select json_array(${sql.join(columns, sql`, `)}) as key, ${isFit} as fits${named} from ${any}${by}
          where ${and(where, one)}`;
      if (some.length > 1) return merged(some.map(found), sorted, { ...query, limit });
      return sql`${found(some[0])} order by ${sql.join(inOrder(query, sorted), sql`, `)} limit ${limit}`;
    };
    const met = (row: Record<string, unknown>): Met<Row> => {
      const fits = Number(row.fits);
      if (!isWhole) return { key: readJson(keyParts, String(row.key)), fits };
      const [sized] = sizedRows(table, [row]);
      return sized ? { key: keyOf(sized.row), fits, sized } : { key: [], fits };
    };
    const read = async (statements: readonly SQL[]) =>
      (await readTogether(env.DB, statements)).map((rows) => rows.map(met));
    return firstOfParts(each ?? [], most, behind, statement, read, inTurn);
  };
  let alone: Looking<Row> | undefined;
  const otherwise = async () => {
    alone = await parts?.();
    return alone !== undefined;
  };
  const { fitting, end } = await lookAmong<Met<Row>>(query.limit, next, { among, otherwise: parts && otherwise });
  if (alone) return lookForRows(env, table, school, query, { ...alone, rest, among });
  const left = fitting.flatMap((row) => (row.sized ? [] : [row.key]));
  const isOne = columns.map((column, n) => sql`${column} = one.value ->> ${sql.raw(String(n))}`);
  const found = left.length
    ? await database(env.DB).all<Record<string, unknown>>(
        firstRows(any, columns, query, and(ofSchool, ...isOne), { ids: left }),
      )
    : [];
  const read = new Map(sizedRows(table, found).map((one) => [JSON.stringify(keyOf(one.row)), one]));
  const rows = fitting.flatMap((row) => row.sized ?? read.get(JSON.stringify(row.key)) ?? []);
  const page = await pageThatFits(query, rows, keyOf, (keys) => wholeRows(env, table, columns, ofSchool, keys));
  return page.next_cursor === null && end ? { ...page, next_cursor: encodeCursor(end.key) } : page;
}
