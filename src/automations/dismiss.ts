import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { type AuditEntry, recordAudit } from "../db/audit";
import { database } from "../db/client";
import { automations } from "../db/schema";
import { type AutomationDocument, automationRow, DISMISSED, documentOf } from "./document";

/**
 * Notes that it is known that an automation has stopped itself: Health and the day's mail name it no more, until it is
 * made active and stops again. 409 where it has not stopped itself; saying it twice is saying it once.
 */
export async function dismissStopped(
  env: Env,
  school: string,
  id: string,
  entry: AuditEntry | null,
): Promise<AutomationDocument> {
  const row = await automationRow(env, school, id);
  if (row.active || row.stoppedBy === null) throw new Problem("conflict", "The automation has not stopped itself.");
  // What was made active meanwhile stays so.
  const db = database(env.DB);
  const dismiss = db
    .update(automations)
    .set({ stoppedBy: DISMISSED })
    .where(
      and(
        eq(automations.school, school),
        eq(automations.id, id),
        eq(automations.active, false),
        eq(automations.stoppedBy, row.stoppedBy),
      ),
    );
  await (entry ? db.batch([dismiss, recordAudit(db, entry)]) : dismiss);
  return documentOf(env, school, await automationRow(env, school, id));
}
