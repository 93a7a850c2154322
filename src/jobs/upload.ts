import type { Env } from "../base/env";
import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import type { School } from "../world/snapshot";
import { readFile } from "./csv";
import type { JobKind } from "./define";
import type { FileKind } from "./lines";
import { beginJob, prepareJob } from "./start";

interface ImportOptions {
  fire: boolean;
  who: string;
}

/**
 * Takes a file of CSV in and sets its job going; answers with the job.
 * @throws Problem 400 or 415 for what is not UTF-8, 422 for a header that is not allowed
 */
export async function startImport(
  env: Env,
  school: School,
  kind: FileKind,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<string> {
  const file = readFile(bytes, kind.columns);
  const told = { columns: file.columns, lines: file.total };
  return beginImport(env, school, kind, { ...file, fire: options.fire }, told, options);
}

/**
 * Sets the job of an import going; answers with the job.
 * @param told what the audit log keeps about the file
 */
export async function beginImport<Given>(
  env: Env,
  school: School,
  kind: JobKind<Given>,
  given: Given,
  told: Record<string, unknown>,
  { fire, who }: ImportOptions,
): Promise<string> {
  const { id, statement } = await prepareJob(env, school, kind, given);
  const db = database(env.DB);
  const after = { kind: kind.name, ...told, fire };
  await db.batch([statement, recordAudit(db, { school: school.id, who, what: "import.started", subject: id, after })]);
  await beginJob(env, school.id, id, { inline: true });
  return id;
}
