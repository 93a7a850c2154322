import type { Env } from "../env";
import { Problem } from "../errors";
import type { Credential } from "./credentials";

/** The longer of the periods a limit may be configured with, in seconds, is 60; buckets refill well before. */
const RETRY_AFTER_S = 10;

/** 429 when a key or a user sends more than the platform's limits allow; nothing where none are bound. */
export async function requireRate(env: Env, credential: Credential): Promise<void> {
  const bucket = bucketOf(env, credential);
  if (!bucket?.limiter || (credential.kind === "key" && !isHundredth(credential.id))) return;
  const { success } = await bucket.limiter.limit({ key: bucket.key });
  if (!success) throw new Problem("too_many", "Too many requests with this credential.", undefined, RETRY_AFTER_S);
}

/** A backend sends thousands a second: only every hundredth request of a key asks, so that a warm call waits for nothing. */
const HUNDRED = 100;
const MAX_KEYS = 10_000;
const sent = new Map<string, number>();

function isHundredth(key: string): boolean {
  if (sent.size > MAX_KEYS) sent.clear();
  const count = (sent.get(key) ?? 0) + 1;
  sent.set(key, count % HUNDRED);
  return count === HUNDRED;
}

function bucketOf(env: Env, credential: Credential): { limiter: RateLimit | undefined; key: string } | null {
  switch (credential.kind) {
    case "key":
      return { limiter: env.KEY_LIMIT, key: credential.id };
    case "user":
      return { limiter: env.USER_LIMIT, key: JSON.stringify([credential.school, credential.user]) };
    default:
      return null;
  }
}
