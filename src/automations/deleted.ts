import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import { findAudited, lastAudited } from "../schools/audit";

const DELETED = "automation.deleted";

/** How long there is a way back. */
const UNDO_MS = 3_600_000;

/** The deletion of an automation, by the id of its entry in the audit log; null: it was not deleted. */
export const deletionOf = async (env: Env, school: string, automation: string): Promise<string | null> =>
  (await lastAudited(env, school, { what: DELETED, subject: automation }))?.id ?? null;

/**
 * What a deletion took, by the id of its entry, as it may be made again.
 * @throws Problem 404 where that is no deletion, 409 after an hour
 */
export async function deletedBy(env: Env, school: string, entry: string): Promise<Record<string, unknown>> {
  const found = await findAudited(env, school, entry);
  if (found?.what !== DELETED || found.before === null) throw new Problem("not_found", "There is nothing to restore.");
  if (Date.now() - found.at > UNDO_MS)
    throw new Problem("conflict", "That was more than an hour ago. Its definition still stands in the audit log.");
  return found.before;
}
