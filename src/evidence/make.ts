import { and, eq, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { type Fault, invalid, notFound, Problem } from "../base/errors/errors";
import type { AuditEntry } from "../db/audit";
import type { ListQuery } from "../db/lists/list";
import { listRows } from "../db/lists/rows";
import { jobs } from "../db/schema";
import { startJob } from "../jobs/start";
import { askedOf, getJob, type JobRow } from "../jobs/store";
import { HEARD_MS } from "../schools/health/lateness";
import { nowOf, type School } from "../world/snapshot";
import { aboutOf } from "./definitions";
import { evidenceJob, LAG_MS, paramsOf } from "./job";
import { requireKey } from "./keys";
import type { About } from "./lines";
import { packOf } from "./pack";

/* Asking for packs, and what became of them. */

export interface Asked extends Pick<About, "kind" | "id" | "from" | "to"> {}

/** What is wrong with the time that a pack is asked for, of which a part may be missing. */
export function faultsOfTime(school: School, { from, to }: Partial<Pick<Asked, "from" | "to">>): Fault[] {
  const fault = (message: string): Fault[] => [{ path: "/to", message }];
  if (to === undefined) return [];
  if (from !== undefined && from >= to) return fault("it must be after `from`");
  return to > nowOf(school) ? fault("it is still ahead") : [];
}

/** Begins to make a pack; answers with its job. 503 without a key to sign it by. */
export async function makeEvidence(env: Env, school: School, asked: Asked, entry: AuditEntry | null): Promise<string> {
  const faults = faultsOfTime(school, asked);
  if (faults.length) throw invalid(faults);
  await requireKey(env);
  const about = await aboutOf(env, school.id, asked);
  const since = Math.max(Date.now() + LAG_MS, asked.to + HEARD_MS);
  return startJob(env, school, evidenceJob, { about, since }, { inline: true, entry });
}

/** As the index says it: a name given beside the text would not find it. */
const IS_EVIDENCE = sql`${jobs.kind} = 'evidence'`;

/** A page of the packs of a school. */
export const listEvidence = (env: Env, school: string, query: ListQuery) =>
  listRows(env, jobs, ["id"], query, and(eq(jobs.school, school), IS_EVIDENCE), "jobs_evidence");

/** What a pack is about, as it was asked for. */
export const aboutOfJob = (row: JobRow): About => paramsOf(askedOf(row).params).about;

/** A pack that is made, as a zip, and what its file is called. 409 while it is not, or will not be. */
export async function readEvidence(env: Env, school: School, id: string) {
  const row = await getJob(env, school.id, id);
  if (row.kind !== evidenceJob.name) throw notFound("evidence pack");
  if (row.status === "queued" || row.status === "running")
    throw new Problem("conflict", "The pack is still being made: ask again when its job is done.");
  if (row.status !== "done") throw new Problem("conflict", "The pack was not made to the end: make it anew.");
  const about = aboutOfJob(row);
  const key = await requireKey(env);
  const plain = about.id.replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(0, 60);
  return { stream: packOf(env, school, row, about, key), name: `evidence-${about.kind}-${plain}.zip` };
}
