import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import { isAllowedOrigin } from "../schools/find";
import type { Caller } from "./credentials";

/*
 * Browsers come with user tokens only, and only from their own school's origins. A preflight carries no credential:
 * it is answered for the origins of all schools, and promises nothing.
 */

const BELIEVED_MS = 5_000;
const MAX_BELIEVED = 1_000;

const believed = new Cache<boolean>({ entries: MAX_BELIEVED });

/** Whether any school allows an origin. */
async function isAllowedSomewhere(env: Env, origin: string): Promise<boolean> {
  const now = Date.now();
  const known = believed.get(origin, now);
  if (known !== undefined) return known;
  return believed.set(origin, await isAllowedOrigin(env, origin), now + BELIEVED_MS);
}

/** Makes this isolate look anew at origins, after a school's were changed. */
export const forgetOrigins = (): void => believed.clear();

/**
 * The headers that let a page read why its token was refused, which tells of no school: without them it takes an expired
 * token for a network that is away.
 */
export async function refusalHeaders(env: Env, origin: string | null): Promise<Record<string, string>> {
  if (origin === null || origin.length > 255 || !(await isAllowedSomewhere(env, origin))) return {};
  return { "access-control-allow-origin": origin, vary: "Origin" };
}

/** The headers that answer a preflight; 403 for an origin that no school allows. */
export async function preflightHeaders(
  env: Env,
  origin: string,
  methods: readonly string[],
): Promise<Record<string, string>> {
  if (origin.length > 255 || !(await isAllowedSomewhere(env, origin))) {
    throw new Problem("forbidden", "No school allows this origin.");
  }
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers": "authorization, content-type, idempotency-key",
    "access-control-max-age": "600",
    vary: "Origin",
  };
}

/** The headers that let a page read the answer to a user token; 403 for an origin its school does not allow. */
export function corsHeaders({ credential, school }: Caller, origin: string | null): Record<string, string> {
  if (credential.kind !== "user") return {};
  if (origin === null) return { vary: "Origin" };
  if (!school?.settings.allowed_origins.includes(origin)) {
    throw new Problem("forbidden", "The school does not allow this origin.");
  }
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "retry-after, x-request-id",
    vary: "Origin",
  };
}
