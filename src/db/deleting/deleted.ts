import { and, eq, gte } from "drizzle-orm";
import type { Env } from "../../base/env";
import { database } from "../client";
import { deletedSchools } from "../schema";

/** Whether a school was deleted: that it is not there alone proves nothing. */
export async function isDeleted(env: Env, id: string, epoch: number): Promise<boolean> {
  const row = await database(env.DB)
    .select({ id: deletedSchools.id })
    .from(deletedSchools)
    .where(and(eq(deletedSchools.id, id), gte(deletedSchools.epoch, epoch)))
    .get();
  return row !== undefined;
}
