import { type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { Problem } from "../base/errors/errors";
import { breaksConstraint, type Database } from "./client";
import { guards } from "./schema";

/*
 * Compare-and-set within a batch. A batch of D1 is one transaction, but an update or delete that matches nothing fails
 * nothing: what stands beside it (a version, the stamp, the audit) would be kept all the same. So whoever changes what
 * it has read before puts a guard first.
 */

/** How often a change that was overtaken by another's begins anew. */
const TRIES = 25;
/** By how much longer, ms at most, each try waits than the one before: whoever came at once must not meet again. */
const STEP_MS = 20;

/** Fails the batch it stands in, whole, unless such a row is there. */
export const requireRow = (db: Database, table: SQLiteTable, where: SQL | undefined) =>
  db.insert(guards).select(sql`select 0 where not exists (select 1 from ${table} where ${where})`);

/** Fails the batch it stands in, whole, when such a row is there. */
export const requireNoRow = (db: Database, table: SQLiteTable, where: SQL | undefined) =>
  db.insert(guards).select(sql`select 0 where exists (select 1 from ${table} where ${where})`);

/** Whether a batch failed for its guard: what it was to change is not as it was read. */
export const isOvertaken = (error: unknown): boolean => breaksConstraint(error, "changed_meanwhile");

/** Reads and changes; anew, from the reading on, where another's change came between. */
export async function unlessOvertaken<T>(change: () => Promise<T>): Promise<T> {
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      return await change();
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
    await scheduler.wait(Math.random() * STEP_MS * tries);
  }
  throw new Problem("unavailable", "It is being changed by others. Try again.", undefined, 1);
}
