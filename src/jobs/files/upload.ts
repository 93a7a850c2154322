import type { Env } from "../../base/env";
import { newId } from "../../base/ids";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import type { School } from "../../world/snapshot";
import type { JobKind } from "../define";
import { beginJob, prepareJob } from "../start";
import { dropEntries, storeEntries } from "./chunks";
import { openFile } from "./csv";
import type { FileKind } from "./lines";

interface ImportOptions {
  /** That the file is declared in. */
  charset?: string | undefined;
  fire: boolean;
  who: string;
  /** That the call named; null: none. */
  trace: string | null;
}

/**
 * Takes a file of CSV in as it comes, and sets its job going; answers with the job. What is refused leaves nothing.
 * @throws Problem 400 for what is not of its charset, 422 for a header that is not allowed
 */
export async function startImport(
  env: Env,
  school: School,
  kind: FileKind,
  pieces: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<string> {
  const { columns, delimiter, lines, total, dayOrders } = await openFile(pieces, kind.columns, options.charset);
  const id = newId("job_");
  try {
    await storeEntries(env, school.id, id, lines);
  } catch (error) {
    await dropEntries(env, school.id, id);
    throw error;
  }
  const { fire, trace } = options;
  const given = { columns, delimiter, total: total(), fire, trace, dayOrders: [...dayOrders()], entries: [] };
  return beginImport(env, school, kind, given, { columns, lines: total() }, options, id);
}

/**
 * Sets the job of an import going; answers with the job.
 * @param told what the audit log keeps about the file
 * @param job its id, where its entries are there already
 */
export async function beginImport<Given>(
  env: Env,
  school: School,
  kind: JobKind<Given>,
  given: Given,
  told: Record<string, unknown>,
  { fire, who }: Pick<ImportOptions, "fire" | "who">,
  job?: string,
): Promise<string> {
  const { id, statement } = await prepareJob(env, school, kind, given, job);
  const db = database(env.DB);
  const after = { kind: kind.name, ...told, fire };
  await db.batch([statement, recordAudit(db, { school: school.id, who, what: "import.started", subject: id, after })]);
  await beginJob(env, school.id, id, { inline: true });
  return id;
}
