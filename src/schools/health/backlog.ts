import type { Env } from "../../base/env";
import { logOf } from "../../db/log";

/** How many, a thousand at most, and since when the oldest of them waits, ms; null where there is none. */
interface Waiting {
  count: number;
  oldest: number | null;
}

export interface Backlog {
  /** On their way out. */
  deliveries: Waiting;
  /** Users whose next step is overdue by a minute. */
  waits: Waiting;
}

/** From when on it is a problem. What a receiver has refused waits between tries, of which the first come soon. */
export const LATE_MS = { deliveries: 3_600_000, waits: 10 * 60_000 };

/** A wake that is due this minute is in nobody's way. */
const OVERDUE_MS = 60_000;
const MOST = 1_000;

export const QUEUED = `select count(*) as count, min(created_at) as oldest from (
  select created_at from deliveries indexed by deliveries_queued
  where school = ?1 and status = 'queued' order by created_at limit ${MOST})`;

export const OVERDUE = `select count(*) as count, min(next_wake) as oldest from (
  select next_wake from users indexed by users_by_wake
  where school = ?1 and next_wake <= ?2 order by next_wake limit ${MOST})`;

/** What of a school waits longer than it should, or is on its way. @param now the school's clock */
export async function findBacklog(env: Env, school: string, now: number): Promise<Backlog> {
  const [deliveries, waits] = await Promise.all([
    (await logOf(env, school)).prepare(QUEUED).bind(school).first<Waiting>(),
    env.DB.prepare(OVERDUE)
      .bind(school, now - OVERDUE_MS)
      .first<Waiting>(),
  ]);
  const none = { count: 0, oldest: null };
  return { deliveries: deliveries ?? none, waits: waits ?? none };
}
