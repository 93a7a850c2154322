import type { Env } from "../../base/env";
import { ROLES, type Role, SCOPES_OF_ROLE, type SessionCredential } from "../../http/credentials";
import { schoolsListing } from "../../schools/sign-in/listed";
import type { Session } from "../../schools/sign-in/sessions";
import type { School } from "../../world/snapshot";

/*
 * What somebody signed in may do. It is asked of the school's collaborators at every request, so that taking somebody
 * off the list ends it at once.
 */

/** In place of an email: whoever holds the platform token. No email is without an "@". */
export const OPERATOR = "operator";

/** What somebody is in a school; null: nothing. Where an address is listed twice, the most it may. */
export function roleIn(school: Pick<School, "settings">, email: string): Role | null {
  if (email === OPERATOR) return "owner";
  const listed = school.settings.collaborators.filter((one) => one.email.toLowerCase() === email);
  return ROLES.findLast((role) => listed.some((one) => one.role === role)) ?? null;
}

/** The schools that somebody is something in, by name. */
export const schoolsOf = (env: Env, email: string) => schoolsListing(env, email, ROLES);

export const credentialOf = (session: Session, role: Role): SessionCredential => ({
  kind: "session",
  school: session.school,
  email: session.email,
  role,
  scopes: SCOPES_OF_ROLE[role],
});
