import type { SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";

export type Database = ReturnType<typeof open>;

const open = (d1: D1Database) => drizzle(d1);
const opened = new WeakMap<D1Database, Database>();

/** The typed face of D1; one for each binding. */
export function database(d1: D1Database): Database {
  let db = opened.get(d1);
  if (!db) {
    db = open(d1);
    opened.set(d1, db);
  }
  return db;
}

const dialect = new SQLiteAsyncDialect();

/** What several statements read at one moment: drizzle's own batch takes none that is written out. */
export async function readTogether(d1: D1Database, statements: readonly SQL[]): Promise<Record<string, unknown>[][]> {
  const prepared = statements.map((statement) => {
    const { sql, params } = dialect.sqlToQuery(statement);
    return d1.prepare(sql).bind(...params);
  });
  return (await d1.batch<Record<string, unknown>>(prepared)).map(({ results }) => results);
}

/** Whether a write failed because it would break a constraint of these columns (`schools.id`). */
export function breaksConstraint(error: unknown, columns: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes(`constraint failed: ${columns}`)) return true;
  }
  return false;
}
