import { Problem } from "../../base/errors/errors";
import { KEY_SCOPES } from "../../schools/keys/api-keys";
import type { Route, Scope } from "../route";
import { type Credential, ROLES, type Role, requireRole, SCOPES_OF_ROLE } from "./credentials";

/* Who may call a route, by what it declares of itself. */

type Declared = Pick<Route, "scopes" | "role">;

const isKeyScope = (scope: Scope): boolean => KEY_SCOPES.some((one) => one === scope);

/** What a route is called with, in the words of its refusal. */
export function credentialsFor({ scopes }: Declared): string {
  const keys = scopes.filter(isKeyScope);
  return [
    ...(keys.length ? [`a key with the scope ${keys.join(" or ")}`] : []),
    ...(scopes.includes("user") ? ["a user token"] : []),
    ...(scopes.includes("platform") ? ["the platform token"] : []),
  ].join(", or ");
}

/** The least that somebody signed in to the UI has to be; null where nobody is let in by that. */
export function leastRole({ scopes, role: least }: Declared): Role | null {
  const allowed = ROLES.filter((role) => SCOPES_OF_ROLE[role].some((scope) => scopes.includes(scope)));
  return allowed.find((role) => !least || ROLES.indexOf(role) >= ROLES.indexOf(least)) ?? null;
}

/** 403, which says what is needed, for a credential that may not call a route. */
export function requireAccess(route: Declared, credential: Credential): void {
  const least = credential.kind === "session" ? leastRole(route) : null;
  if (credential.kind === "session" && least) return requireRole(credential.role, least);
  if (!scopesOf(credential).some((scope) => route.scopes.includes(scope)))
    throw new Problem("forbidden", `This takes ${credentialsFor(route)}.`);
}

const scopesOf = (credential: Credential): readonly Scope[] =>
  "scopes" in credential ? credential.scopes : [credential.kind];
