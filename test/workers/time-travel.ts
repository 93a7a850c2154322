import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { forgetEverything } from "../../src/base/cache";
import * as schema from "../../src/db/schema";
import { env } from "./live";

/*
 * D1 as it would be brought back to a moment, for some schools: their rows are copied, and later put back. The platform
 * does it to the whole database at once; a test's is that of all tests.
 */

const OF_SCHOOLS: readonly (readonly [table: string, column: string])[] = [
  ["schools", "id"],
  ["deleted_schools", "id"],
  ...Object.values(schema).flatMap((table) => {
    if (!is(table, SQLiteTable)) return [];
    const { name, columns } = getTableConfig(table);
    return columns.some((column) => column.name === "school") ? [[name, "school"] as const] : [];
  }),
];

type Row = Record<string, string | number | null>;
type Copy = Map<string, Row[]>;

async function readAll(school: string): Promise<Copy> {
  const results = await env.DB.batch<Row>(
    OF_SCHOOLS.map(([table, column]) => env.DB.prepare(`select * from ${table} where ${column} = ?`).bind(school)),
  );
  return new Map(OF_SCHOOLS.map(([table], n) => [table, results[n]?.results ?? []]));
}

const inserting = (table: string, row: Row): D1PreparedStatement => {
  const names = Object.keys(row);
  const marks = names.map(() => "?").join();
  return env.DB.prepare(
    `insert or replace into ${table} (${names.map((name) => `"${name}"`).join()}) values (${marks})`,
  ).bind(...Object.values(row));
};

const textOf = (rows: readonly Row[] | undefined): string =>
  JSON.stringify((rows ?? []).map((row) => JSON.stringify(row)).sort());

/** Copies what D1 has of schools; what is answered puts it back. */
export async function copyOf(...schools: string[]): Promise<() => Promise<void>> {
  const copies = await Promise.all(schools.map(async (school) => [school, await readAll(school)] as const));
  return async () => {
    for (const [school, copy] of copies) await putBack(school, copy);
    forgetEverything();
  };
}

/** Triggers write while rows are put back: what they wrote goes, until all is as it was. */
async function putBack(school: string, copy: Copy): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const now = await readAll(school);
    const wrong = OF_SCHOOLS.filter(([table]) => textOf(now.get(table)) !== textOf(copy.get(table)));
    if (!wrong.length) return;
    await env.DB.batch([
      ...wrong
        .toReversed()
        .map(([table, column]) => env.DB.prepare(`delete from ${table} where ${column} = ?`).bind(school)),
      ...wrong.flatMap(([table]) => (copy.get(table) ?? []).map((row) => inserting(table, row))),
    ]);
  }
  throw new Error("the copy could not be put back");
}
