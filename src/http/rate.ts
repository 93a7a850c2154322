import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import type { Credential } from "./credentials";

/** The longer of the periods a limit may be configured with, in seconds, is 60; buckets refill well before. */
const RETRY_AFTER_S = 10;

/** Who is signed in to the UI is never held up by what their school's backend sends. */
type Counted = Extract<Credential, { kind: "key" | "user" }>;
const isCounted = (credential: Credential): credential is Counted =>
  credential.kind === "key" || credential.kind === "user";

const OF_CREDENTIAL = "Too many requests with this credential.";
const OF_SCHOOL = "Too many requests of this school.";
const tooMany = (what: string, seconds = RETRY_AFTER_S) => new Problem("too_many", what, undefined, seconds);

/**
 * 429 when a key, a user, or a school with all its keys and users sends more than the platform's limits allow; nothing
 * where none are bound. What its credential is refused for is not counted against the school.
 */
export async function requireRate(env: Env, credential: Credential): Promise<void> {
  if (!isCounted(credential)) return;
  await requireOwnRate(env, credential);
  if (env.SCHOOL_LIMIT) await requireHundreds(env.SCHOOL_LIMIT, `school ${credential.school}`, OF_SCHOOL);
}

async function requireOwnRate(env: Env, credential: Counted): Promise<void> {
  if (credential.kind === "key") {
    if (env.KEY_LIMIT) await requireHundreds(env.KEY_LIMIT, credential.id, OF_CREDENTIAL);
    return;
  }
  if (!env.USER_LIMIT) return;
  const { success } = await env.USER_LIMIT.limit({ key: JSON.stringify([credential.school, credential.user]) });
  if (!success) throw tooMany(OF_CREDENTIAL);
}

/**
 * A backend sends thousands a second: only every hundredth request of a key, or of a school, asks, so that a warm call
 * waits for nothing.
 */
const HUNDRED = 100;
const MAX_COUNTED = 10_000;
const sent = new Cache<{ count: number }>({ entries: MAX_COUNTED });
/** Real time until which who sent too much is refused: what was refused once is so for the ninety-nine after it. */
const refusedUntil = new Cache<number>({ entries: MAX_COUNTED });

/** @param id of a key or a school: no two have the same */
async function requireHundreds(limiter: RateLimit, id: string, what: string): Promise<void> {
  const now = Date.now();
  const until = refusedUntil.get(id, now);
  if (until !== undefined) throw tooMany(what, Math.ceil((until - now) / 1_000));
  if (!isHundredth(id)) return;
  const { success } = await limiter.limit({ key: id });
  if (success) return;
  const end = Date.now() + RETRY_AFTER_S * 1_000;
  refusedUntil.set(id, end, end);
  throw tooMany(what);
}

function isHundredth(id: string): boolean {
  const since = sent.get(id) ?? sent.set(id, { count: 0 });
  since.count = (since.count + 1) % HUNDRED;
  return since.count === 0;
}
