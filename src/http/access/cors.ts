import { Cache } from "../../base/cache";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { isAllowedOrigin } from "../../schools/find";
import type { Route } from "../route";
import type { Caller } from "./credentials";

/*
 * Browsers come from their own school's origins only: with user tokens, and with keys where content of courses calls. A
 * preflight carries no credential: it is answered for the origins of all schools, and promises nothing.
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
 * The headers that let a page read what tells of no school, such as why its token was refused: without them it takes an
 * expired token for a network that is away.
 */
export async function strangersHeaders(env: Env, origin: string | null): Promise<Record<string, string>> {
  if (origin === null || origin.length > 255 || !(await isAllowedSomewhere(env, origin))) return {};
  return { "access-control-allow-origin": origin, vary: "Origin" };
}

const ALLOWED_HEADERS = [
  "authorization",
  "content-type",
  "idempotency-key",
  // What xAPI's clients send.
  "x-experience-api-version",
  "if-match",
  "if-none-match",
  "prefer",
  "traceparent",
  "tracestate",
].join(", ");

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
    "access-control-allow-headers": ALLOWED_HEADERS,
    "access-control-max-age": "600",
    vary: "Origin",
  };
}

/**
 * The headers that let a page read its answer. A user token is refused (403) from an origin that its school does not
 * allow; a key, which servers send too, is not, but no such page can read what it is answered.
 */
export function corsHeaders(
  { credential, school }: Caller,
  origin: string | null,
  { fromPages }: Pick<Route, "fromPages">,
): Record<string, string> {
  const isUser = credential.kind === "user";
  if (!isUser && !fromPages) return {};
  if (origin === null) return { vary: "Origin" };
  if (!school?.settings.allowed_origins.includes(origin)) {
    if (isUser) throw new Problem("forbidden", "The school does not allow this origin.");
    return { vary: "Origin" };
  }
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers":
      "retry-after, ratelimit, ratelimit-policy, x-request-id, traceresponse, x-experience-api-version, deprecation, sunset, link, preference-applied",
    vary: "Origin",
  };
}
