import { and, asc, eq, gte, isNull, like, lt, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { type IdSeed, idsOf } from "../base/ids";
import { database } from "./client";
import { audit, idempotency, jobs } from "./schema";

/*
 * The answers that are kept for requests with an Idempotency-Key. A row without a status is a claim: its request is
 * under way.
 */

/** For how long a repeat is answered so, ms. */
export const KEPT_MS = 24 * 3_600_000;

/** After this a claim is of a request that died: a crash must not block its retries for a day. */
const CLAIM_MS = 60_000;

/** Names a request: the school, empty for the platform's, and a digest of all that makes it the same. */
export interface AnswerKey {
  school: string;
  key: string;
}

const which = ({ school, key }: AnswerKey) => and(eq(idempotency.school, school), eq(idempotency.key, key));

/** A request in one hand. */
export interface AnswerClaim {
  /** When it came first, ms. */
  at: number;
  /** It came before, and whoever had it then died over it. */
  isSecondTry: boolean;
}

/** Takes the row of a request that is new, too old, or died with the same body; null when another has it. */
export async function claimAnswer(env: Env, { school, key }: AnswerKey, bodyHash: string): Promise<AnswerClaim | null> {
  const now = Date.now();
  const isOld = lt(idempotency.at, now - KEPT_MS);
  const [taken] = await database(env.DB)
    .insert(idempotency)
    .values({ school, key, bodyHash, at: now, claimedAt: now })
    .onConflictDoUpdate({
      target: [idempotency.school, idempotency.key],
      set: {
        bodyHash,
        at: sql`case when ${isOld} then ${now} else ${idempotency.at} end`,
        claimedAt: now,
        status: null,
        headers: null,
        answer: null,
      },
      setWhere: sql`${isOld} or ${and(
        isNull(idempotency.status),
        eq(idempotency.bodyHash, bodyHash),
        lt(idempotency.claimedAt, now - CLAIM_MS),
      )}`,
    })
    .returning({ at: idempotency.at });
  return taken ? { at: taken.at, isSecondTry: taken.at !== now } : null;
}

/** What a request left behind that was cut off after it was written: who changes something says so in the audit. */
export interface Made {
  /** As the audit has it: `automation.created`, and the id. */
  what: string;
  subject: string;
  /** The job that followed. */
  job: string | null;
}

/** Null: nothing was written. */
export async function whatWasMade(env: Env, school: string, seed: IdSeed): Promise<Made | null> {
  const db = database(env.DB);
  const made = (table: typeof audit | typeof jobs, prefix: "aud_" | "job_") => {
    const { from, below, tail } = idsOf(prefix, seed);
    return and(eq(table.school, school), gte(table.id, from), lt(table.id, below), like(table.id, `%${tail}`));
  };
  const [[entry], [job]] = await db.batch([
    db
      .select({ what: audit.what, subject: audit.subject })
      .from(audit)
      .where(made(audit, "aud_"))
      .orderBy(asc(audit.id))
      .limit(1),
    db.select({ id: jobs.id }).from(jobs).where(made(jobs, "job_")).limit(1),
  ]);
  if (!entry && !job) return null;
  return { what: entry?.what ?? "", subject: entry?.subject ?? "", job: job?.id ?? null };
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

/**
 * Keeps of a claimed request that it was done, not its answer: the next to send it does it over, with the ids of the
 * first, which changes nothing more.
 */
export async function leaveUnanswered(env: Env, key: AnswerKey): Promise<void> {
  await database(env.DB).update(idempotency).set({ claimedAt: 0 }).where(which(key));
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
