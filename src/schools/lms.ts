import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { admitFor } from "../calls/reaching/school-gate";
import { type ChangeType, changeTypes } from "../catalogue/facts/changes";
import { checkConnection, type Finding, lmsOf } from "../connectors";
import { connectorsOf } from "../world/connectors";
import { findProblem, forgetProblem, noteProblem, type SchoolProblem } from "../world/problems";
import { senderOf } from "../world/secrets/webhook-secrets";
import type { School } from "../world/snapshot";

/* The LMS of a school: which it is, how it stands, and whether it can be reached. */

export interface LmsStatus {
  /** What serves it; `none`: the LMS reads our answers, or pulls the feed. */
  type: string;
  label: string;
  /** What is wrong with the connection. */
  problem: SchoolProblem | null;
  /** Changes that it knows nothing of. */
  unsupported: ChangeType[];
}

export async function lmsStatus(env: Env, school: School): Promise<LmsStatus> {
  const lms = lmsOf(school.settings.connectors);
  if (!lms) return { type: "none", label: "none", problem: null, unsupported: [] };
  return {
    type: lms.name,
    label: lms.label,
    problem: await findProblem(env, school.id, "lms_broken"),
    unsupported: changeTypes.filter((type) => !lms.port.supports(type)),
  };
}

/**
 * Tries the connection, in a test school too: it reads, and writes nothing. What it finds is what the school shows from
 * then on.
 */
export async function checkLms(env: Env, school: School): Promise<{ ok: boolean; findings: Finding[] }> {
  const findings = await checkConnection(
    env,
    await senderOf(env, school),
    await connectorsOf(env, school),
    admitFor(env, school),
  );
  if (!findings)
    throw new Problem("conflict", "No LMS is chosen in settings.connectors.lms, so there is none to reach.");
  const fault = findings.find(({ ok }) => !ok);
  if (fault) await noteProblem(env, school, "lms_broken", fault.advice ?? fault.what);
  else await forgetProblem(env, school, "lms_broken");
  return { ok: !fault, findings };
}
