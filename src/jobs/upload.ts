import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import type { Env } from "../env";
import type { School } from "../schools/snapshot";
import { MEMBER_COLUMNS, SEGMENT_COLUMNS } from "../segments/imports";
import { USER_COLUMNS } from "../users/import";
import { type Columns, readFile } from "./csv";
import type { JobKindName, JobParams } from "./kinds";
import { beginJob, prepareJob } from "./start";

/** What may be imported, with the columns of its file. */
const FILES = {
  users_import: USER_COLUMNS,
  segments_import: SEGMENT_COLUMNS,
  members_import: MEMBER_COLUMNS,
} satisfies Record<string, Columns>;

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
  kind: keyof typeof FILES,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<string> {
  const file = readFile(bytes, FILES[kind]);
  const told = { columns: file.columns, lines: file.total };
  return beginImport(env, school, kind, { ...file, fire: options.fire }, told, options);
}

/**
 * Sets the job of an import going; answers with the job.
 * @param told what the audit keeps of what came
 */
export async function beginImport<Kind extends JobKindName>(
  env: Env,
  school: School,
  kind: Kind,
  given: JobParams<Kind>,
  told: Record<string, unknown>,
  { fire, who }: ImportOptions,
): Promise<string> {
  const { id, statement } = await prepareJob(env, school, kind, given);
  const db = database(env.DB);
  const after = { kind, ...told, fire };
  await db.batch([statement, recordAudit(db, { school: school.id, who, what: "import.started", subject: id, after })]);
  await beginJob(env, school.id, id, { inline: true });
  return id;
}
