import { type AnyColumn, and, eq, getTableColumns, getTableName, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { Cache } from "../../base/cache";
import type { Env } from "../../base/env";
import { readJson } from "../../base/json";
import { database } from "../client";
import { firstRows, pageThatFits, sizedRows, wholeRows } from "./fitting";
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
import { lookForRows } from "./look";

/*
 * A list by a text: first those of which words begin as those of the text do, by an index; on the pages behind them whoever
 * has it in the middle of a word, looked for among so many a page. Each part comes in the list's own order.
 */

/** A list of no more than so many is gone through as it is. */
const FEW = 200;
/** Where words of more begin so than these, nearly all are likely to fit: the list is gone through in its order. */
const MOST_BEGUN = 100;
/** Of a word that few have, the others of a text are not counted on. */
const A_FEW = 20;
/** Once a list was begun by words it is gone on with, also where more of them came meanwhile. */
const MOST_LATER = Number.MAX_SAFE_INTEGER - 1;

type OfSchool = SQLiteTable & { school: SQLiteColumn; id: SQLiteColumn };

interface Seeking<Row> {
  /** The columns that order the list, and are no two rows' same. */
  key: readonly (keyof Row & string)[];
  /** The columns by which `find` names rows, beside the school. */
  names: readonly (keyof Row & string)[];
  /** The condition of the list, and the index that has it in its order. */
  within: SQL | undefined;
  index?: string | undefined;
  /** What else each row has to be. */
  fits: SQL;
  /** Whether words of a row begin so. */
  begun: SQL;
  /** Those of whom words may begin so, by their names: null where they are more than so many. */
  find: (most: number) => Promise<readonly (readonly KeyPart[])[] | null>;
}

/** Lists that were seen to be long, which they mostly stay. */
const longOnes = new Cache<true>({ entries: 10_000 });

export async function lookByWords<Table extends OfSchool & { $inferSelect: { id: string } }>(
  env: Pick<Env, "DB">,
  table: Table,
  school: string,
  query: ListQuery,
  seeking: Seeking<Table["$inferSelect"]>,
): Promise<ListPage<Table["$inferSelect"]>> {
  const { key, within, index, fits, begun, find } = seeking;
  const place = placeOf(query, key.length);
  if (place?.part === "rest") {
    const page = await lookForRows(
      env,
      table,
      school,
      { ...query, cursor: place.cursor },
      {
        ...{ key, within, index },
        // What is neither true nor false is not begun.
        fits: sql`(${fits}) and (${begun}) is not true`,
      },
    );
    return { ...page, next_cursor: page.next_cursor && cursorOf("rest", page.next_cursor, key.length) };
  }
  const found = place
    ? await find(MOST_LATER)
    : (await isLong(env, table, school))
      ? ((await find(A_FEW)) ?? (await find(MOST_BEGUN)))
      : null;
  if (!found && !place) return lookForRows(env, table, school, query, { key, within, index, fits });
  const page = await pageOfBegun(env, table, school, { ...query, cursor: place?.cursor }, seeking, found ?? []);
  const behind = encodeCursor([REST_BEGINS, ...key.map(() => "")]);
  return { ...page, next_cursor: page.next_cursor ? cursorOf("begun", page.next_cursor, key.length) : behind };
}

/** A part of the list, and the place in it: from its beginning where that is left out. */
interface Place {
  part: Part;
  cursor: string | undefined;
}

type Part = "begun" | "rest";
/** The rest from its beginning: nothing of a key stands behind it. */
const REST_BEGINS = "behind";

/** The cursor of a part: it names that before the key. */
const cursorOf = (part: Part, cursor: string, length: number): string =>
  encodeCursor([part, ...decodeCursor(cursor, length)]);

/** Null: the list begins, or is gone through as it is. */
function placeOf({ cursor }: ListQuery, length: number): Place | null {
  if (cursor === undefined) return null;
  const [part, ...key] = decodeCursor(cursor, [length, length + 1]);
  if (key.length < length) return null;
  if (part === REST_BEGINS) return { part: "rest", cursor: undefined };
  return { part: part === "rest" ? "rest" : "begun", cursor: encodeCursor(key) };
}

async function isLong(env: Pick<Env, "DB">, table: OfSchool, school: string): Promise<boolean> {
  const list = `${getTableName(table)} ${school}`;
  if (longOnes.get(list)) return true;
  const where = eq(table.school, school);
  const [more] = await database(env.DB).all(sql`select 1 from ${table} where ${where} limit 1 offset ${FEW}`);
  if (more !== undefined) longOnes.set(list, true);
  return more !== undefined;
}

/** A page of those whose words begin so, of so few that all are looked at. */
async function pageOfBegun<Table extends OfSchool & { $inferSelect: { id: string } }>(
  env: Pick<Env, "DB">,
  table: Table,
  school: string,
  query: ListQuery,
  { key, names, within, fits, begun }: Seeking<Table["$inferSelect"]>,
  found: readonly (readonly KeyPart[])[],
): Promise<ListPage<Table["$inferSelect"]>> {
  const db = database(env.DB);
  const any: SQLiteTable = table;
  const all: Record<string, AnyColumn> = getTableColumns(any);
  const columnsOf = (some: readonly string[]) => some.flatMap((name) => all[name] ?? []);
  const columns = columnsOf(key);
  const ofSchool = eq(table.school, school);
  const isOne = (some: readonly AnyColumn[]) =>
    and(ofSchool, ...some.map((column, n) => sql`${column} = one.value ->> ${sql.raw(String(n))}`));
  const parts = sql.join(columns, sql`, `);
  const keys = await db.all<{ key: string }>(
    sql`select json_array(${parts}) as key from json_each(${JSON.stringify(found)}) as one
      cross join ${any} on ${isOne(columnsOf(names))}
      where ${and(within, sql`(${fits}) and (${begun}) is true`, after(query, columns))}
      order by ${sql.join(inOrder(query, columns), sql`, `)} limit ${query.limit + 1}`,
  );
  const ids = keys.map((one) => readJson(keyParts, one.key));
  const rows = ids.length
    ? sizedRows(table, await db.all<Record<string, unknown>>(firstRows(any, columns, query, isOne(columns), { ids })))
    : [];
  // What orders a list is a text or a number, and never left out.
  const keyOf = (row: Table["$inferSelect"]): KeyPart[] => key.map((name) => row[name] as KeyPart);
  return pageThatFits(query, rows, keyOf, (some) => wholeRows(env, table, columns, ofSchool, some));
}
