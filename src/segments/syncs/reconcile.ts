import type { Env } from "../../base/env";
import type { AuditEntry } from "../../db/audit";
import { requireStanding } from "../../db/deleting/held";
import { startJob } from "../../jobs/start";
import { alignJob } from "../../users/courses/align-job";
import type { School } from "../../world/snapshot";
import { getSegment } from "../find";
import { requireManaged } from "./drift";

/** Brings the members of a managed segment in line with its rules again; answers with the job. 409 for one kept by hand. */
export async function reconcileSegment(
  env: Env,
  school: School,
  id: string,
  options: { fire: boolean },
  entry: AuditEntry | null,
): Promise<string> {
  await requireManaged(env, school.id, id);
  requireStanding("segment", id, await getSegment(env, school.id, id));
  return startJob(env, school, alignJob, { segment: id, fire: options.fire }, { inline: true, entry });
}
