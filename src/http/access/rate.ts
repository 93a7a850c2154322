import type { Env } from "../../base/env";
import { type LimitMet, Problem } from "../../base/errors/errors";
import { countSome, REFUSED_S, secondsRefused } from "../../base/grains";
import { requireQuota } from "../../world/quota";
import type { School } from "../../world/snapshot";
import type { Credential } from "./credentials";

/** Who is signed in to the UI is never held up by what their school's backend sends. */
type Counted = Extract<Credential, { kind: "key" | "user" }>;
const isCounted = (credential: Credential): credential is Counted =>
  credential.kind === "key" || credential.kind === "user";

/**
 * 429 when a key, a user, or a school with all its keys and users sends more than it may; nothing where no limits are
 * bound. What its credential is refused for is not counted against the school.
 */
export async function requireRate(env: Env, credential: Credential, school: School | null): Promise<void> {
  if (!isCounted(credential)) return;
  if (credential.kind === "key") await requireOfKey(env, credential.id);
  else await requireOfUser(env, credential);
  if (school) await requireQuota(env, school);
}

const tooMany = (name: "key" | "user", seconds: number) =>
  new Problem("too_many", "Too many requests with this credential.", undefined, seconds, { name });

/** So many requests of a key are one question to its limit. */
const GRAIN = 100;

async function requireOfKey(env: Env, id: string): Promise<void> {
  if (!env.KEY_LIMIT) return;
  const seconds = secondsRefused(id);
  if (seconds !== null) throw tooMany("key", seconds);
  if (!(await countSome({ limiter: env.KEY_LIMIT, id, grain: GRAIN }, 1))) throw tooMany("key", REFUSED_S);
}

async function requireOfUser(env: Env, { school, user }: { school: string; user: string }): Promise<void> {
  if (!env.USER_LIMIT) return;
  const { success } = await env.USER_LIMIT.limit({ key: JSON.stringify([school, user]) });
  if (!success) throw tooMany("user", REFUSED_S);
}

/** Which limit was met: draft-ietf-httpapi-ratelimit-headers, of which a refusal is the one time that we know what is left. */
export const limitHeaders = ({ name, policy }: LimitMet, seconds: number): Record<string, string> => ({
  ratelimit: `"${name}";r=0;t=${seconds}`,
  ...(policy ? { "ratelimit-policy": `"${name}";q=${policy.quota};w=${policy.seconds}` } : {}),
});
