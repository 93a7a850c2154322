import { and, eq, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import type { ScanMessage } from "../../calls/messages";
import { database } from "../../db/client";
import { scans, schools } from "../../db/schema";

/*
 * The rows of `scans`: when to look at each, and who does. Whoever takes one up holds it for a lease, by whose end it is
 * told from all others: a message that comes twice, or late, finds another's, and does nothing. Where a lease ends by
 * itself, cron takes the row up again from where its cursor stands.
 */

/** After so long without a page its chain of messages is taken to be broken. */
const LEASE_MS = 5 * 60_000;
/** How long what failed is left alone. */
const PAUSE_MS = 60_000;
/** When a row is looked at that waits for its school to be let go on: the last moment there is. */
export const PARKED = 8_640_000_000_000_000;

export type ScanRow = typeof scans.$inferSelect;

export const leaseFrom = (now: number, before = 0): number => Math.max(now + LEASE_MS, before + 1);

/** Those longest due, of whatever schools, and nothing of those that are not. */
export const DUE_LOOKS = `select school, scope, days from scans indexed by scans_by_look
  where next_look <= ?1 and leased_until <= ?1 order by next_look limit ?2`;

const CLAIM = `update scans set next_look = ?3, leased_until = ?3
  where (school, scope, days) in (${DUE_LOOKS}) returning school, scope, days`;

/** Takes up what is due, at most `limit` rows; answers with a message for each. */
export async function claimLooks(env: Env, limit: number): Promise<ScanMessage[]> {
  const now = Date.now();
  const lease = leaseFrom(now);
  const { results } = await env.DB.prepare(CLAIM)
    .bind(now, limit, lease)
    .all<{ school: string; scope: string; days: number }>();
  return results.map((row) => ({ kind: "scan", ...row, lease }));
}

/** As many as the queue takes at once. */
const SENT_AT_ONCE = 100;

export async function sendLooks(
  env: Env,
  messages: readonly ScanMessage[],
  when: QueueSendOptions = {},
): Promise<void> {
  for (let from = 0; from < messages.length; from += SENT_AT_ONCE)
    await env.JOBS.sendBatch(messages.slice(from, from + SENT_AT_ONCE).map((body) => ({ body, ...when })));
}

const held = ({ school, scope, days, lease }: Omit<ScanMessage, "kind">) =>
  and(eq(scans.school, school), eq(scans.scope, scope), eq(scans.days, days), eq(scans.leasedUntil, lease));

/** The row that a message is about, and its school's stamp; null: it is another's by now, or gone. */
export async function heldLook(env: Env, message: ScanMessage): Promise<{ row: ScanRow; stamp: number | null } | null> {
  const found = await database(env.DB)
    .select({ row: scans, stamp: schools.stamp })
    .from(scans)
    .leftJoin(schools, eq(schools.id, scans.school))
    .where(held(message))
    .get();
  return found ?? null;
}

/** How far a look got. */
export type Reached = Pick<ScanRow, "at" | "user" | "alreadyAt" | "alreadyUser">;

/**
 * Notes how far a page got, and holds the row for the next.
 * @returns false: another holds it
 */
export async function keepLook(env: Env, message: ScanMessage, reached: Reached, lease: number): Promise<boolean> {
  const { meta } = await database(env.DB)
    .update(scans)
    .set({ ...reached, nextLook: lease, leasedUntil: lease })
    .where(held(message));
  return meta.changes > 0;
}

/** Calendar days are not of 24 hours: a moment that is reckoned without them is looked at so much before. */
const EARLY_MS = 2 * 3_600_000;

/** Moments of activity, ms: up to which a look went, and the first behind, as it stood when that was read; null: none. */
export interface Known {
  high: number;
  next: number | null;
}

/**
 * When to look again, by the activity of now: whoever is woken tells D1 of a visit it had not heard of, and may be the next
 * to cross. Where nobody came between, what was reckoned by the calendar stands.
 */
const againAt = (nextLook: number | null, known: Known | undefined) => {
  if (!known) return sql`${nextLook}`;
  const first = sql`(select min(activity.at) from activity
    where activity.school = ${scans.school} and activity.scope = ${scans.scope} and activity.at > ${known.high})`;
  return sql`case when ${first} < coalesce(${known.next}, ${PARKED})
    then min(${first} + ${scans.ahead} - ${EARLY_MS}, coalesce(${nextLook}, ${PARKED})) else ${nextLook} end`;
};

/**
 * Lets go of a row until there is something to look for again, or sooner where somebody was met meanwhile who crosses
 * before that.
 */
export async function endLook(
  env: Env,
  message: ScanMessage,
  nextLook: number | null,
  reached: Partial<Reached> = {},
  known?: Known,
): Promise<void> {
  const again = againAt(nextLook, known);
  await database(env.DB)
    .update(scans)
    .set({
      ...reached,
      until: Date.now(),
      leasedUntil: 0,
      nextLook: sql`case when ${scans.nextLook} < ${scans.leasedUntil}
        then min(${scans.nextLook}, coalesce(${again}, ${scans.nextLook})) else ${again} end`,
    })
    .where(held(message));
}

/** What failed is looked at again in a while; where not even that can be written, once the lease is over. */
export const putOff = (env: Env, message: ScanMessage): Promise<void> => endLook(env, message, Date.now() + PAUSE_MS);
