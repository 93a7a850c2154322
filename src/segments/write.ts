import { and, eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Env } from "../base/env";
import { notFound } from "../base/errors/errors";
import { type AuditEntry, recordAudit } from "../db/audit";
import { database } from "../db/client";
import { requireRow, unlessOvertaken } from "../db/guard";
import { schools } from "../db/schema";
import { beginJob, type PreparedJob } from "../jobs/start";
import { forgetSchool, moveStamp, type School } from "../world/snapshot";

export interface DefinitionChange extends Omit<AuditEntry, "school"> {
  statements: readonly BatchItem<"sqlite">[];
  /** The job that brings users in line. */
  job?: PreparedJob | null | undefined;
}

/**
 * Reads definitions and changes them by what it read; all of it anew where another change of the school's came between.
 * @param change is given the school's stamp before anything is read, for `writeDefinition`
 */
export const changingDefinitions = <T>(
  env: Env,
  school: Pick<School, "id">,
  change: (stamp: number) => Promise<T>,
): Promise<T> =>
  unlessOvertaken(async () => {
    const row = await database(env.DB)
      .select({ stamp: schools.stamp })
      .from(schools)
      .where(eq(schools.id, school.id))
      .get();
    if (!row) throw notFound("school");
    return change(row.stamp);
  });

/**
 * Writes a definition, who did it and the job that follows in one batch, and sets the job going. The batch fails, whole,
 * when the school's stamp has moved: what was read since then may not be so any more.
 */
export async function writeDefinition(
  env: Env,
  school: School,
  stamp: number,
  { statements, job, ...entry }: DefinitionChange,
): Promise<void> {
  const db = database(env.DB);
  await db.batch([
    requireRow(db, schools, and(eq(schools.id, school.id), eq(schools.stamp, stamp))),
    moveStamp(db, school.id),
    ...statements,
    recordAudit(db, { school: school.id, ...entry }),
    ...(job ? [job.statement] : []),
  ]);
  forgetSchool(school.id);
  if (job) await beginJob(env, school.id, job.id, { inline: true });
}
