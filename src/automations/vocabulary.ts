import { and, eq, inArray } from "drizzle-orm";
import type { Env } from "../base/env";
import { PRODUCTS } from "../catalogue/kinds";
import { database } from "../db/client";
import { vocabulary } from "../db/schema";

/** The products a school was ever heard to have, as `<kind> <id>`. */
export async function vocabularyOf(env: Env, school: string): Promise<ReadonlySet<string>> {
  const rows = await database(env.DB)
    .select({ kind: vocabulary.kind, value: vocabulary.value })
    .from(vocabulary)
    .where(and(eq(vocabulary.school, school), inArray(vocabulary.kind, PRODUCTS)));
  return new Set(rows.map((row) => `${row.kind} ${row.value}`));
}
