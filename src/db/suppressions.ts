import { and, eq, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import type { SuppressionReason } from "../catalogue/messages/suppression";
import { database } from "./client";
import { suppressions } from "./schema";

/** Why addresses are suppressed in a school, by their keys (`addressKey`); those that are not, are not in it. */
export async function readSuppressions(
  env: Env,
  school: string,
  keys: readonly string[],
): Promise<Map<string, SuppressionReason>> {
  const found = new Map<string, SuppressionReason>();
  const db = database(env.DB);
  for (const text of textsOf(keys)) {
    const rows = await db
      .select({ key: suppressions.key, reason: suppressions.reason })
      .from(suppressions)
      .where(and(eq(suppressions.school, school), sql`${suppressions.key} in (select value from json_each(${text}))`));
    for (const { key, reason } of rows) found.set(key, reason);
  }
  return found;
}
