import type { SQL } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";
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

/** A statement that is written out. A value that stands in it again and again is bound once: D1 takes a hundred. */
function prepare(d1: D1Database, statement: SQL): D1PreparedStatement {
  const places = new Map<unknown, number>();
  const { sql } = statement.toQuery({
    casing: new CasingCache(),
    escapeName: dialect.escapeName,
    escapeString: dialect.escapeString,
    escapeParam: (_, value) => {
      const place = places.get(value) ?? places.size + 1;
      places.set(value, place);
      return `?${place}`;
    },
  });
  return d1.prepare(sql).bind(...places.keys());
}

/** What a statement reads. */
export const readRows = async (d1: D1Database, statement: SQL): Promise<Record<string, unknown>[]> =>
  (await prepare(d1, statement).all<Record<string, unknown>>()).results;

/** What several statements read at one moment: drizzle's own batch takes none that is written out. */
export const readTogether = async (d1: D1Database, statements: readonly SQL[]): Promise<Record<string, unknown>[][]> =>
  (await d1.batch<Record<string, unknown>>(statements.map((one) => prepare(d1, one)))).map(({ results }) => results);

/** Whether a write failed because it would break a constraint of these columns (`schools.id`). */
export function breaksConstraint(error: unknown, columns: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes(`constraint failed: ${columns}`)) return true;
  }
  return false;
}
