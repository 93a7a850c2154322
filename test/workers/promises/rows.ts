import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as schema from "../../../src/db/schema";
import { env } from "../live";

/** The tables of D1 with rows of schools, by name. */
const TABLES = Object.values(schema).flatMap((table) => {
  if (!is(table, SQLiteTable)) return [];
  const { name, columns } = getTableConfig(table);
  return columns.some((column) => column.name === "school") ? [name] : [];
});

/** Every row that D1 has of a school, its own among them, by table; tables without one are left out. */
export async function rowsOf(school: string): Promise<Record<string, unknown[]>> {
  const queries = [
    ...TABLES.map((name) => env.DB.prepare(`select * from "${name}" where school = ?`).bind(school)),
    env.DB.prepare("select * from schools where id = ?").bind(school),
  ];
  const results = await env.DB.batch(queries);
  const found = [...TABLES, "schools"].map((name, n) => [name, results[n]?.results ?? []] as const);
  return Object.fromEntries(found.filter(([, rows]) => rows.length));
}
