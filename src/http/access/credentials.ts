import { isSameSecret } from "../../base/bytes";
import { Cache } from "../../base/cache";
import { type Env, variablesOf } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import type { Origin } from "../../catalogue/facts/givers";
import { isDigestOf, keyIdOf } from "../../schools/keys/api-key-text";
import { findApiKey, type KeyScope, toApiKey } from "../../schools/keys/api-keys";
import { loadSchool, type School } from "../../world/snapshot";
import { lookFor } from "./strangers";
import { readUserToken } from "./user-token";

/*
 * Who is calling. Every refusal is the same 401, which does not say what was wrong, but for a token that is signed. What
 * was found good is believed for a few seconds, so that a warm call costs no read and no cryptography.
 */

export interface PlatformCredential {
  kind: "platform";
}

export interface KeyCredential {
  kind: "key";
  id: string;
  school: string;
  scopes: readonly KeyScope[];
}

/** A learner's browser, by the LMS's token. */
export interface UserCredential {
  kind: "user";
  school: string;
  user: string;
}

/** What somebody is in a school, the least first: each may do what those before it may. */
export const ROLES = ["viewer", "editor", "owner"] as const;
export type Role = (typeof ROLES)[number];

/** What each may do, in the words that keys have for it. */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly KeyScope[]>> = {
  owner: ["events", "read", "write", "admin"],
  editor: ["read", "write"],
  viewer: ["read"],
};

/** 403 for who is less than `least`. */
export function requireRole(role: Role, least: Role): void {
  if (ROLES.indexOf(role) < ROLES.indexOf(least)) {
    throw new Problem("forbidden", `This takes the role ${least} in the school. Ask an owner for it.`);
  }
}

/** Somebody signed in to the admin UI. */
export interface SessionCredential {
  kind: "session";
  school: string;
  email: string;
  role: Role;
  scopes: readonly KeyScope[];
}

export type Credential = PlatformCredential | KeyCredential | UserCredential | SessionCredential;

/** A credential and the school it stands for; null for the platform's. */
export interface Caller {
  credential: Credential;
  school: School | null;
}

/** Who calls, as the audit log and drafts name them. */
export function whoOf(credential: Credential | null): string {
  switch (credential?.kind) {
    case "key":
      return `key:${credential.id}`;
    case "session":
      return `admin:${credential.email}`;
    case "user":
      return `user:${credential.user}`;
    case "platform":
      return "platform";
    default:
      return "system";
  }
}

/** Who does something by hand, as the giver of what is given so. */
export function handOf(credential: Credential | null): Origin {
  if (credential?.kind === "session") return { by: "hand", id: credential.email };
  return { by: "hand", id: credential?.kind === "key" ? credential.id : null };
}

/** Who writes attributes of a user: somebody in the UI, else the LMS, whose word it is as with an event. */
export const writerOf = (credential: Credential): Origin =>
  credential.kind === "session" ? handOf(credential) : { by: "event", id: null };

const unauthorized = () => new Problem("unauthorized", "Send a good credential as Authorization: Bearer.");

/** How long a credential is believed, in ms: a deletion elsewhere is seen within this time. */
const BELIEVED_MS = 5_000;
const MAX_BELIEVED = 5_000;
/** What is believed is held in memory; the longest token takes half of this. */
const MAX_HEADER_LENGTH = 8_192;

/** By the Authorization header. */
const believed = new Cache<Credential>({ entries: MAX_BELIEVED });

/** Finds who sends a request; 401 when nobody good does. */
export async function authenticate(env: Env, request: Request): Promise<Caller> {
  const header = request.headers.get("authorization");
  if (header === null) throw unauthorized();
  const now = Date.now();
  const known = believed.get(header, now);
  if (known) return withSchool(env, known);

  const token = tokenOf(header);
  const found = token === null ? null : await recognize(env, request, token);
  if (!found) throw unauthorized();
  const caller = await withSchool(env, found.credential);
  believed.set(header, found.credential, Math.min(now + BELIEVED_MS, found.until ?? Infinity));
  return caller;
}

/** Makes this isolate look anew at the credentials that were just taken away: one key's, or a deleted school's. */
export function forgetCredentials(gone: { key: string } | { school: string }): void {
  believed.deleteWhere((credential) =>
    "key" in gone
      ? credential.kind === "key" && credential.id === gone.key
      : credential.kind !== "platform" && credential.school === gone.school,
  );
}

async function withSchool(env: Env, credential: Credential): Promise<Caller> {
  if (credential.kind === "platform") return { credential, school: null };
  const school = await loadSchool(env, credential.school);
  if (!school) throw unauthorized();
  return { credential, school };
}

/** The token of an Authorization header: of Bearer, or the user name of Basic where that is a secret key. */
function tokenOf(header: string): string | null {
  if (header.length > MAX_HEADER_LENGTH) return null;
  const match = /^(bearer|basic) +([^ ]+) *$/i.exec(header);
  if (!match) return null;
  const [, scheme = "", value = ""] = match;
  if (scheme.toLowerCase() === "bearer") return value;
  if (!/^[A-Za-z0-9+/]+=*$/.test(value) || value.replaceAll("=", "").length % 4 === 1) return null;
  const name = atob(value).split(":", 1)[0] ?? "";
  return name.startsWith("sb_") ? name : null;
}

/** Whose token it is; `until`: real time in ms up to which it can be good at all. */
async function recognize(
  env: Env,
  request: Request,
  token: string,
): Promise<{ credential: Credential; until?: number } | null> {
  if (token.startsWith("sb_")) {
    const id = keyIdOf(token);
    return id === null ? null : lookFor(env, request, token, () => recognizeKey(env, id, token));
  }
  if (await isSameSecret(token, variablesOf(env).ADMIN_TOKEN)) return { credential: { kind: "platform" } };
  const read = await readUserToken(env, request, token);
  if (!read) return null;
  return { credential: { kind: "user", school: read.school, user: read.user }, until: read.until };
}

async function recognizeKey(env: Env, id: string, key: string): Promise<{ credential: KeyCredential } | null> {
  const row = await findApiKey(env, id);
  if (!row || !(await isDigestOf(env, key, row.digest))) return null;
  const { school, scopes } = toApiKey(row);
  return { credential: { kind: "key", id: row.id, school, scopes } };
}
