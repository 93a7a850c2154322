import { eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { log } from "../../base/reports/log";
import type { ActionMessage } from "../../calls/messages";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { isOvertaken, requireRow } from "../../db/guard";
import { apiKeys, deletedSchools, origins, schools } from "../../db/schema";
import { forgetSchool } from "../../world/snapshot";
import { getSchool } from "../find";
import { LEASE_MS } from "./clear";

/** Deletes a school; 404 when there is none. It is gone at once, and what is left of it is cleared by the queue. */
export async function deleteSchool(env: Env, id: string, who: string): Promise<void> {
  const db = database(env.DB);
  const { epoch } = await getSchool(env, id);
  const deletedAt = Date.now();
  const row = { id, epoch, deletedAt, lookAt: deletedAt + LEASE_MS };
  try {
    await db.batch([
      requireRow(db, schools, eq(schools.id, id)),
      recordAudit(db, { school: "", who, what: "school.deleted", subject: id }),
      db.insert(deletedSchools).values(row).onConflictDoUpdate({ target: deletedSchools.id, set: row }),
      db.delete(schools).where(eq(schools.id, id)),
      db.delete(apiKeys).where(eq(apiKeys.school, id)),
      db.delete(origins).where(eq(origins.school, id)),
    ]);
  } catch (error) {
    if (isOvertaken(error)) throw notFound("school");
    throw error;
  }
  forgetSchool(id);
  const message: ActionMessage = { kind: "clear_school", school: id };
  // Without it cron goes on once the lease is over.
  await env.JOBS.send(message).catch((error: unknown) => log("warn", "queue.refused", { school: id, error }));
}
