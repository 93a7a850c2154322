import { and, eq } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../../base/env";
import { readOptionalJson } from "../../base/json";
import { database } from "../../db/client";
import { learnworldsSeen as table } from "../../db/schema";
import type { SeenUser } from "./user";

const stored = z.object({
  tags: z.array(z.string()),
  approval: z.string().nullable(),
  nps: z.object({ score: z.number(), comment: z.string().nullable() }).nullable(),
  loginAt: z.number().nullable(),
  trials: z.array(z.string()),
});

/** What the webhooks of a user said last, or null. */
export async function readSeen(env: Env, school: string, user: string): Promise<SeenUser | null> {
  const row = await database(env.DB)
    .select({ seen: table.seen })
    .from(table)
    .where(and(eq(table.school, school), eq(table.user, user)))
    .get();
  return readOptionalJson(stored, row?.seen ?? null);
}

/** Keeps it, once what it told was taken. */
export async function writeSeen(env: Env, school: string, user: string, seen: SeenUser): Promise<void> {
  const text = JSON.stringify(seen);
  await database(env.DB)
    .insert(table)
    .values({ school, user, seen: text })
    .onConflictDoUpdate({ target: [table.school, table.user], set: { seen: text } });
}
