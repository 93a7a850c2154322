import { and, eq, gt } from "drizzle-orm";
import { sha256Hex, toBase64Url } from "../../base/bytes";
import type { Env } from "../../base/env";
import { database } from "../../db/client";
import { sessions } from "../../db/schema";

/*
 * Who is signed in. The browser holds 256 random bits, we hold their hash: whoever reads the table can be nobody.
 * Which school a request is of stands in its address, never in a session: that is one for all tabs.
 */

const LINK_MS = 15 * 60_000;
const IDLE_MS = 30 * 60_000;
const LIFE_MS = 12 * 3_600_000;
/** How stale `seen_at` may be: a page view shall not cost a write each. */
const SEEN_MS = 60_000;

export interface Session {
  email: string;
}

/** 256 random bits as base64url. */
const makeToken = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

async function insert(env: Env, row: { kind: "link" | "session"; lifeMs: number } & Session): Promise<string> {
  const token = makeToken();
  const now = Date.now();
  await database(env.DB)
    .insert(sessions)
    .values({
      digest: await sha256Hex(token),
      kind: row.kind,
      email: row.email,
      school: "",
      expiresAt: now + row.lifeMs,
      seenAt: now,
    });
  return token;
}

/** A token for a sign-in link, good once within 15 minutes. */
export const makeLink = (env: Env, email: string): Promise<string> =>
  insert(env, { kind: "link", lifeMs: LINK_MS, email });

const isGood = async (kind: "link" | "session", token: string) =>
  and(eq(sessions.digest, await sha256Hex(token)), eq(sessions.kind, kind), gt(sessions.expiresAt, Date.now()));

/** Whom a link would sign in, without using it up: mail scanners open links too. */
export async function readLink(env: Env, token: string): Promise<string | null> {
  if (!TOKEN.test(token)) return null;
  const row = await database(env.DB)
    .select({ email: sessions.email })
    .from(sessions)
    .where(await isGood("link", token))
    .get();
  return row?.email ?? null;
}

/** The same, and the link is used up: of two at once, one gets it. */
export async function takeLink(env: Env, token: string): Promise<string | null> {
  if (!TOKEN.test(token)) return null;
  const row = await database(env.DB)
    .delete(sessions)
    .where(await isGood("link", token))
    .returning({ email: sessions.email })
    .get();
  return row?.email ?? null;
}

/** A new session's token. Every sign-in makes another: none is ever taken over. */
export const startSession = (env: Env, email: string): Promise<string> =>
  insert(env, { kind: "session", lifeMs: LIFE_MS, email });

/** The session of a token, or null: unknown, ended, idle for 30 minutes, or 12 hours old. */
export async function findSession(env: Env, token: string): Promise<Session | null> {
  if (!TOKEN.test(token)) return null;
  const row = await database(env.DB)
    .select()
    .from(sessions)
    .where(await isGood("session", token))
    .get();
  const now = Date.now();
  if (!row || now - row.seenAt > IDLE_MS) return null;
  if (now - row.seenAt > SEEN_MS) {
    await database(env.DB).update(sessions).set({ seenAt: now }).where(eq(sessions.digest, row.digest));
  }
  return { email: row.email };
}

export async function endSession(env: Env, token: string): Promise<void> {
  await database(env.DB)
    .delete(sessions)
    .where(eq(sessions.digest, await sha256Hex(token)));
}
