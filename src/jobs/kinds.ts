import { enrolJob } from "../automations/enrol-job";
import { alignJob } from "../segments/align-job";
import { membersImport, segmentsImport } from "../segments/imports";
import { usersImport } from "../users/import";
import type { JobKind, Ready, Work } from "./define";
import { rosterImport } from "./roster";

/** Every kind of job there is. */
const KINDS = {
  align: alignJob,
  enrol: enrolJob,
  users_import: usersImport,
  segments_import: segmentsImport,
  members_import: membersImport,
  roster_import: rosterImport,
};

export type JobKindName = keyof typeof KINDS;
export type JobParams<Kind extends JobKindName> = (typeof KINDS)[Kind] extends JobKind<infer Given> ? Given : never;

export function readyJob<Kind extends JobKindName>(kind: Kind, given: JobParams<Kind>): Ready {
  // The parameters are those of this very kind.
  const { ready } = KINDS[kind] as unknown as JobKind<JobParams<Kind>>;
  return ready(given);
}

/** The work of a stored job; null when its kind or parameters are not known any more. */
export const workOf = (kind: string, params: unknown): Work | null =>
  Object.hasOwn(KINDS, kind) ? KINDS[kind as JobKindName].read(params) : null;
