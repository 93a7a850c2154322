import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import type { Credential } from "./credentials";

/** The longer of the periods a limit may be configured with, in seconds, is 60; buckets refill well before. */
const RETRY_AFTER_S = 10;

const tooMany = (seconds: number) =>
  new Problem("too_many", "Too many requests with this credential.", undefined, seconds);

/** 429 when a key or a user sends more than the platform's limits allow; nothing where none are bound. */
export async function requireRate(env: Env, credential: Credential): Promise<void> {
  const bucket = bucketOf(env, credential);
  if (!bucket?.limiter) return;
  if (credential.kind === "key") return requireKeyRate(bucket.limiter, credential.id);
  const { success } = await bucket.limiter.limit({ key: bucket.key });
  if (!success) throw tooMany(RETRY_AFTER_S);
}

/** A backend sends thousands a second: only every hundredth request of a key asks, so that a warm call waits for nothing. */
const HUNDRED = 100;
const MAX_KEYS = 10_000;
const sent = new Cache<{ count: number }>({ entries: MAX_KEYS });
/** Real time until which a key that sent too much is refused: what was refused once is so for the ninety-nine after it. */
const refusedUntil = new Cache<number>({ entries: MAX_KEYS });

async function requireKeyRate(limiter: RateLimit, key: string): Promise<void> {
  const now = Date.now();
  const until = refusedUntil.get(key, now);
  if (until !== undefined) throw tooMany(Math.ceil((until - now) / 1_000));
  if (!isHundredth(key)) return;
  const { success } = await limiter.limit({ key });
  if (success) return;
  const end = Date.now() + RETRY_AFTER_S * 1_000;
  refusedUntil.set(key, end, end);
  throw tooMany(RETRY_AFTER_S);
}

function isHundredth(key: string): boolean {
  const since = sent.get(key) ?? sent.set(key, { count: 0 });
  since.count = (since.count + 1) % HUNDRED;
  return since.count === 0;
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
