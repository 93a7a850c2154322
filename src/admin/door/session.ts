import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { addressKey } from "../../catalogue/account/email";
import { ROLES, type Role, SCOPES_OF_ROLE, type SessionCredential } from "../../http/access/credentials";
import { say } from "../../language/say";
import { schoolsListing } from "../../schools/sign-in/listed";
import { loadSchool, type School } from "../../world/snapshot";

/*
 * What somebody signed in may do. It is asked of the school's collaborators at every request, so that taking somebody
 * off the list ends it at once.
 */

/** In place of an email: whoever holds the platform token. No email is without an "@". */
export const OPERATOR = "operator";

/** What somebody is in a school; null: nothing. Where an address is listed twice, the most it may. */
export function roleIn(school: Pick<School, "settings">, email: string): Role | null {
  if (email === OPERATOR) return "owner";
  const listed = school.settings.collaborators.filter((one) => addressKey(one.email) === addressKey(email));
  return ROLES.findLast((role) => listed.some((one) => one.role === role)) ?? null;
}

/** A school and what somebody is in it; the same 404 whether the school is others' alone or nobody's. */
export async function schoolFor(env: Env, email: string, id: string): Promise<{ school: School; role: Role }> {
  const school = await loadSchool(env, id);
  const role = school ? roleIn(school, email) : null;
  if (!school || !role) throw new Problem("not_found", say("There is no such school, or you have no access to it."));
  return { school, role };
}

/** The schools that somebody is something in, by name. */
export const schoolsOf = (env: Env, email: string) => schoolsListing(env, email, ROLES);

export const credentialOf = (school: string, email: string, role: Role): SessionCredential => ({
  kind: "session",
  school,
  email,
  role,
  scopes: SCOPES_OF_ROLE[role],
});
