import { and, eq } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { newId } from "../../base/ids";
import { readJson } from "../../base/json";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { type ListQuery, mapPage } from "../../db/lists/list";
import { getRow, listRows } from "../../db/lists/rows";
import { apiKeys } from "../../db/schema";
import { digestOf, makeKey } from "./api-key-text";

/** What a secret key may do in its school. */
export const KEY_SCOPES = ["events", "read", "write", "admin"] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

const storedScopes = z.array(z.enum(KEY_SCOPES));

/** Who makes or takes away a key. */
export interface KeyMaker {
  who: string;
  scopes: readonly KeyScope[];
}

const lacking = (maker: Pick<KeyMaker, "scopes">, scopes: readonly KeyScope[]): KeyScope[] =>
  scopes.filter((scope) => !maker.scopes.includes(scope));

/** 403 for a scope that a maker of keys lacks. */
export function requireOwn(maker: Pick<KeyMaker, "scopes">, scopes: readonly KeyScope[]): void {
  const more = lacking(maker, scopes);
  if (more.length) throw new Problem("forbidden", `Your own credential lacks the scope ${more.join(", ")}.`);
}

export interface ApiKey {
  id: string;
  school: string;
  name: string;
  scopes: KeyScope[];
  createdAt: number;
}

type Row = typeof apiKeys.$inferSelect;

export const toApiKey = (row: Row): ApiKey => ({
  id: row.id,
  school: row.school,
  name: row.name,
  scopes: [...readJson(storedScopes, row.scopes), ...(row.admin ? (["admin"] as const) : [])],
  createdAt: row.createdAt,
});

/** A new key and the statement that stores it; the key's text is nowhere kept. */
export async function prepareApiKey(
  env: Env,
  school: { id: string; mode: "live" | "test" },
  asked: { name: string; scopes: readonly KeyScope[] },
) {
  const id = newId("key_");
  const key = makeKey(school.mode, id);
  const row = {
    id,
    school: school.id,
    name: asked.name,
    scopes: JSON.stringify(KEY_SCOPES.filter((scope) => scope !== "admin" && asked.scopes.includes(scope))),
    admin: asked.scopes.includes("admin"),
    digest: await digestOf(env, key),
    createdAt: Date.now(),
  };
  return { key, apiKey: toApiKey(row), statement: database(env.DB).insert(apiKeys).values(row) };
}

/** Makes a key; 403 for a scope that its maker lacks. The text is given this once. */
export async function createApiKey(
  env: Env,
  school: { id: string; mode: "live" | "test" },
  asked: { name: string; scopes: readonly KeyScope[] },
  maker: KeyMaker,
): Promise<ApiKey & { key: string }> {
  requireOwn(maker, asked.scopes);
  const db = database(env.DB);
  const { key, apiKey, statement } = await prepareApiKey(env, school, asked);
  await db.batch([
    statement,
    recordAudit(db, {
      school: school.id,
      who: maker.who,
      what: "api_key.created",
      subject: apiKey.id,
      after: { name: apiKey.name, scopes: apiKey.scopes },
    }),
  ]);
  return { ...apiKey, key };
}

/** A page of the keys of a school, oldest first. */
export const listApiKeys = async (env: Env, school: string, query: ListQuery) =>
  mapPage(await listRows(env, apiKeys, ["id"], query, eq(apiKeys.school, school)), toApiKey);

/** A key of a school; 404 when it is another's. */
export const getApiKey = async (env: Env, school: string, id: string): Promise<ApiKey> =>
  toApiKey(await getRow(env, apiKeys, and(eq(apiKeys.school, school), eq(apiKeys.id, id)), "key"));

/**
 * Deletes a key: it is refused from now on here, and within 5 s everywhere. 403 for one that has a scope which the
 * maker lacks: else whoever may write could take the school's admins their keys away.
 */
export async function deleteApiKey(env: Env, school: string, id: string, maker: KeyMaker): Promise<void> {
  const db = database(env.DB);
  const { who } = maker;
  const { name, scopes } = await getApiKey(env, school, id);
  const more = lacking(maker, scopes);
  if (more.length)
    throw new Problem("forbidden", `The key has the scope ${more.join(", ")}, which your own credential lacks.`);
  await db.batch([
    db.delete(apiKeys).where(and(eq(apiKeys.school, school), eq(apiKeys.id, id))),
    recordAudit(db, { school, who, what: "api_key.deleted", subject: id, before: { name, scopes } }),
  ]);
}

/** A key by its id alone, with its digest: for authentication, which knows no school yet. */
export const findApiKey = async (env: Env, id: string): Promise<Row | undefined> =>
  database(env.DB).select().from(apiKeys).where(eq(apiKeys.id, id)).get();
