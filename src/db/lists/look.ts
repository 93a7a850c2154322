import { type AnyColumn, and, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Env } from "../../base/env";
import { readJson } from "../../base/json";
import { database, readTogether } from "../client";
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
import { firstOfParts, MOST_PARTS, merged } from "./merged";

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
const SAMPLE = 2;
/** So many parts are asked for whatever was found. */
const FEW_PARTS = 4;

/** The next rows in their order behind one, up to so many. */
type Next<Row> = (behind: Row | null, most: number) => Promise<readonly Row[]>;

interface Otherwise<Row> {
  /** Among how many is looked. */
  among?: number | undefined;
  /** Asked where some of the last do not fit: how the next of those that do are found alone, in so many parts at most. */
  otherwise?: ((most: number) => Promise<Next<Row> | undefined>) | undefined;
}

/**
 * Looks for rows that fit where no index says which do: among a page at first, which holds them where nearly all do, then
 * in slices by how many of those before did, among so many in all. Where they may be found otherwise a page is come to by
 * as many again as were looked at. Once not all of those fit it is asked whether there are no more parts than were found, and
 * once fewer than half do, whether they can be read as one list at all: then it is gone on there. Each row is read once.
 */
export async function lookAmong<Row extends { fits: number | null }>(
  limit: number,
  next: Next<Row>,
  { among = LOOKED_AT, otherwise }: Otherwise<Row> = {},
): Promise<Looked<Row>> {
  const wanted = limit + 1;
  const fitting: Row[] = [];
  let asked = otherwise ? 0 : MOST_PARTS;
  let behind: Row | null = null;
  let looked = 0;
  for (let fitted = 0; looked < among && fitting.length < wanted; ) {
    const left = among - looked;
    // More than is likely to do: what does not fit often comes in rows.
    const likely = Math.ceil((1.5 * (wanted - fitting.length) * looked) / fitting.length);
    const toPage = asked < MOST_PARTS ? Math.min(Math.max(SAMPLE, looked), wanted - looked) : wanted - looked;
    const isFitted = toPage <= 0 && fitted++ < FITTED_SLICES;
    const size = toPage > 0 ? toPage : isFitted ? Math.min(left, Math.max(likely, looked >> 1)) : left;
    const rows: readonly Row[] = await next(behind, size);
    const found = rows.filter(({ fits }) => fits);
    fitting.push(...found);
    looked += rows.length;
    const last: Row | null = rows.at(-1) ?? behind;
    behind = last;
    if (rows.length < size) return { fitting: fitting.slice(0, wanted), end: null };
    const few = 2 * found.length < rows.length;
    const most = few ? MOST_PARTS : Math.min(MOST_PARTS, Math.max(FEW_PARTS, fitting.length));
    const asks = few ? asked < MOST_PARTS : asked === 0 && found.length < rows.length;
    if (!asks || fitting.length >= wanted) continue;
    const alone = await otherwise?.(most);
    asked = most;
    if (!alone) continue;
    const goOn: Next<Row> = (then, size) => alone(then ?? last, size);
    const rest = await lookAmong<Row>(limit - fitting.length, goOn, { among });
    return { fitting: [...fitting, ...rest.fitting], end: rest.end };
  }
  return { fitting: fitting.slice(0, wanted), end: behind };
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
  /** How what fits is found alone, in parts; undefined where those are more than so many. */
  parts?: ((most: number) => Promise<Looking<Row> | undefined>) | undefined;
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
  looking: Looking<Table["$inferSelect"]>,
): Promise<ListPage<Table["$inferSelect"]>> {
  type Row = Table["$inferSelect"];
  const { rest, parts, among, key: names = ["id"] } = looking;
  if (looking.each?.length === 0) return { data: [], next_cursor: null };
  // As any table and column: drizzle does not work its types out while the table is open.
  const any: SQLiteTable = table;
  const all: Record<string, AnyColumn> = getTableColumns(any);
  const columns = names.flatMap((name) => all[name] ?? []);
  const way = query.order === "desc" ? -1 : 1;
  const inTurn = (a: Met<Row>, b: Met<Row>): number => way * compareKeys(a.key, b.key);
  const begin = query.cursor === undefined ? null : decodeCursor(query.cursor, names.length);
  const ofSchool = eq(table.school, school);
  // What orders a list is a text or a number, and never left out.
  const keyOf = (row: Row): KeyPart[] => names.map((name) => row[name] as KeyPart);
  const nextBy =
    ({ within, fits, index, each = [], order }: Looking<Row>): Next<Met<Row>> =>
    async (behind, most) => {
      const by = index === undefined ? sql`` : sql` indexed by ${sql.raw(index)}`;
      const sorted = order?.columns ?? columns;
      const isFit = and(fits, rest) ?? sql`true`;
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
      return firstOfParts(each, most, behind, statement, read, inTurn);
    };
  const otherwise = async (most: number) => {
    const alone = await parts?.(most);
    return alone && (alone.each?.length === 0 ? async () => [] : nextBy(alone));
  };
  const { fitting, end } = await lookAmong(query.limit, nextBy(looking), { among, otherwise: parts && otherwise });
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
