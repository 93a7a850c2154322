import type { BatchItem } from "drizzle-orm/batch";
import type { Env } from "../base/env";
import { type AuditEntry, recordAudit } from "../db/audit";
import { database } from "../db/client";
import { beginJob, type PreparedJob } from "../jobs/start";
import { forgetSchool, moveStamp, type School } from "../world/snapshot";

export interface DefinitionChange extends Omit<AuditEntry, "school"> {
  statements: readonly BatchItem<"sqlite">[];
  /** The job that brings users in line. */
  job?: PreparedJob | null | undefined;
}

/** Writes a definition, who did it and the job that follows in one batch, and sets the job going. */
export async function writeDefinition(
  env: Env,
  school: School,
  { statements, job, ...entry }: DefinitionChange,
): Promise<void> {
  const db = database(env.DB);
  await db.batch([
    moveStamp(db, school.id),
    ...statements,
    recordAudit(db, { school: school.id, ...entry }),
    ...(job ? [job.statement] : []),
  ]);
  forgetSchool(school.id);
  if (job) await beginJob(env, school.id, job.id, { inline: true });
}
