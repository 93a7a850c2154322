import { type Column, eq, getTableColumns, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Env } from "../base/env";
import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import * as schema from "../db/schema";
import { forgetWords } from "../journal/words";
import { eraseSchoolUsers } from "../users/of-school";
import { forgetSchool } from "../world/snapshot";
import { changeSchool } from "./change";

/** Every table with rows of schools, and the column that says whose they are. */
const tables = Object.values(schema).flatMap((table) => {
  if (!is(table, SQLiteTable)) return [];
  const columns: Record<string, Column> = getTableColumns(table);
  const school = table === schema.schools ? schema.schools.id : columns.school;
  return school ? [{ table, school }] : [];
});

/**
 * Deletes a school with its users' objects and all its rows; 404 when there is none. It is suspended first, so that
 * nothing comes after the erasure; where that fails midway, the school still stands and can be deleted again.
 */
export async function deleteSchool(env: Env, id: string, who: string): Promise<void> {
  const db = database(env.DB);
  await changeSchool(env, id, { suspended: true }, who);
  await eraseSchoolUsers(env, id);
  await db.batch([
    recordAudit(db, { school: "", who, what: "school.deleted", subject: id }),
    db.insert(schema.deletedSchools).values({ id, deletedAt: Date.now() }).onConflictDoNothing(),
    ...tables.map(({ table, school }) => db.delete(table).where(eq(school, id))),
  ]);
  forgetWords(id);
  forgetSchool(id);
}
