import { and, eq, isNull, lt, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { database } from "./client";
import { idempotency } from "./schema";

/*
 * The answers that are kept for requests with an Idempotency-Key. A row without a status is a claim: its request is
 * under way.
 */

const KEPT_MS = 24 * 3_600_000;

/** After this a claim is of a request that died: a crash must not block its retries for a day. */
const CLAIM_MS = 60_000;

/** Names a request: the school, empty for the platform's, and a digest of all that makes it the same. */
export interface AnswerKey {
  school: string;
  key: string;
}

const which = ({ school, key }: AnswerKey) => and(eq(idempotency.school, school), eq(idempotency.key, key));

/** Takes the row of a request that is new, too old, or died with the same body; false when another has it. */
export async function claimAnswer(env: Env, { school, key }: AnswerKey, bodyHash: string): Promise<boolean> {
  const at = Date.now();
  const taken = await database(env.DB)
    .insert(idempotency)
    .values({ school, key, bodyHash, at })
    .onConflictDoUpdate({
      target: [idempotency.school, idempotency.key],
      set: { bodyHash, at, status: null, headers: null, answer: null },
      setWhere: sql`${lt(idempotency.at, at - KEPT_MS)} or ${and(
        isNull(idempotency.status),
        eq(idempotency.bodyHash, bodyHash),
        lt(idempotency.at, at - CLAIM_MS),
      )}`,
    })
    .returning({ key: idempotency.key });
  return taken.length > 0;
}

export const readAnswer = (env: Env, key: AnswerKey) =>
  database(env.DB).select().from(idempotency).where(which(key)).get();

/** Keeps the answer of a claimed request. */
export async function keepAnswer(
  env: Env,
  key: AnswerKey,
  answer: { status: number; headers: string; answer: string | null },
): Promise<void> {
  await database(env.DB).update(idempotency).set(answer).where(which(key));
}

/** Gives a claimed request free again. */
export async function releaseAnswer(env: Env, key: AnswerKey): Promise<void> {
  await database(env.DB).delete(idempotency).where(which(key));
}

/** Deletes answers older than 24 h, at most `limit` of them; returns how many. */
export async function forgetOldAnswers(env: Env, limit: number): Promise<number> {
  const { meta } = await env.DB.prepare(
    "delete from idempotency where (school, key) in (select school, key from idempotency where at < ? limit ?)",
  )
    .bind(Date.now() - KEPT_MS, limit)
    .run();
  return meta.changes;
}
