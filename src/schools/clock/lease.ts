import { and, eq, lte, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { database } from "../../db/client";
import { schools } from "../../db/schema";

/** After this who moves a clock is taken to have died; longer than any page of a move takes. */
const LEASE_MS = 30_000;
/** How long a second move waits for the first, and how often it looks. */
const WAIT_MS = 25_000;
const POLL_MS = 50;

/** The clock of a test school in one request's hands. */
export interface HeldClock {
  /** Keeps it in hand: to be called at every page of a move. Throws when it was lost for being too slow. */
  renew(): Promise<void>;
  /** Sets it; never back. */
  set(now: number): Promise<void>;
}

/** Moves of a school's clock come one after the other: each begins where the one before has ended. */
export async function holdingClock<T>(env: Env, school: string, move: (clock: HeldClock) => Promise<T>): Promise<T> {
  const db = database(env.DB);
  let until = await claim(env, school);
  const isOurs = () => and(eq(schools.id, school), eq(schools.clockLeasedUntil, until));
  const lost = () => new Problem("unavailable", "The clock took too long to move. Move it on from where it stands.");
  try {
    return await move({
      renew: async () => {
        const next = Math.max(Date.now() + LEASE_MS, until + 1);
        const renewed = await db.update(schools).set({ clockLeasedUntil: next }).where(isOurs());
        if (!renewed.meta.changes) throw lost();
        until = next;
      },
      set: async (now) => {
        const set = await db
          .update(schools)
          .set({ now: sql`max(${schools.now}, ${now})` })
          .where(isOurs());
        if (!set.meta.changes) throw lost();
      },
    });
  } finally {
    await db.update(schools).set({ clockLeasedUntil: 0 }).where(isOurs());
  }
}

async function claim(env: Env, school: string): Promise<number> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const now = Date.now();
    const until = now + LEASE_MS;
    const taken = await database(env.DB)
      .update(schools)
      .set({ clockLeasedUntil: until })
      .where(and(eq(schools.id, school), lte(schools.clockLeasedUntil, now)));
    if (taken.meta.changes) return until;
    if (now >= deadline) throw new Problem("unavailable", "The clock is being moved. Try again.", undefined, 1);
    await scheduler.wait(POLL_MS);
  }
}
