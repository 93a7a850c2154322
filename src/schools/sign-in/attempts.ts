import { sql } from "drizzle-orm";
import { sha256Hex } from "../../base/bytes";
import type { Env } from "../../base/env";
import { database } from "../../db/client";
import { attempts } from "../../db/schema";

const WINDOW_MS = 15 * 60_000;

/**
 * Counts a try to sign in by whatever it is counted by, of which a hash is kept.
 * @returns how many there were in this window of 15 minutes, this one too, and when it ends, in ms
 */
export async function countTry(env: Env, by: string): Promise<{ count: number; until: number }> {
  const now = Date.now();
  const key = await sha256Hex(by);
  return database(env.DB)
    .insert(attempts)
    .values({ key, count: 1, until: now + WINDOW_MS })
    .onConflictDoUpdate({
      target: attempts.key,
      set: {
        count: sql`case when ${attempts.until} > ${now} then ${attempts.count} + 1 else 1 end`,
        until: sql`case when ${attempts.until} > ${now} then ${attempts.until} else ${now + WINDOW_MS} end`,
      },
    })
    .returning({ count: attempts.count, until: attempts.until })
    .get();
}
