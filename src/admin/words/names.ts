import { and, asc, eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { catalogueDocument as makeCatalogue } from "../../catalogue/document";
import { database } from "../../db/client";
import { among } from "../../db/list";
import { automations, automationVersions, segments, users } from "../../db/schema";
import { readDefinition } from "../../world/upgrades";
import type { Catalogue, Definition } from "../model";
import { type Words, wordsOf } from "./sentence";

/* What ids are called, for people. */

let made: Catalogue | undefined;

/** The catalogue as the contract answers it, made once. */
export function catalogue(): Catalogue {
  // The same cards that the route answers; the UI's own type names the part of JSON Schema that they use.
  made ??= makeCatalogue() as unknown as Catalogue;
  return made;
}

/** What sentences are made from in a school. */
export async function schoolWords(env: Env, school: string): Promise<Words> {
  const named = await database(env.DB)
    .select({ id: segments.id, name: segments.name })
    .from(segments)
    .where(eq(segments.school, school));
  return wordsOf(catalogue(), { segment: Object.fromEntries(named.map(({ id, name }) => [id, name])) });
}

/** Automations by id, as they are called: all of the school, or those of `ids`. */
export async function automationNames(env: Env, school: string, ids?: readonly string[]): Promise<Map<string, string>> {
  const rows = await database(env.DB)
    .select({ id: automations.id, name: automations.name })
    .from(automations)
    .where(and(eq(automations.school, school), ids && among(automations.id, ids)))
    .orderBy(asc(automations.name));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Who last changed automations, by id: an email, or "a key" and the like. */
export async function editors(env: Env, school: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database(env.DB)
    .select({ id: automations.id, by: automations.updatedBy })
    .from(automations)
    .where(and(eq(automations.school, school), among(automations.id, ids)));
  return new Map(rows.map(({ id, by }) => [id, whoText(by)]));
}

/** `admin:mia@school.com` → "mia@school.com"; `key:…` → "a key". */
export function whoText(who: string | null): string {
  if (who === null) return "";
  const [kind, ...rest] = who.split(":");
  if (kind === "admin") return rest.join(":") === "operator" ? "platform operator" : rest.join(":");
  if (kind === "key") return "a key";
  return kind ?? "";
}

/** Users by id, as they are called: name, else email, else the id. */
export async function userNames(env: Env, school: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database(env.DB)
    .select({ id: users.id, username: users.username, email: users.email })
    .from(users)
    .where(and(eq(users.school, school), among(users.id, ids)));
  return new Map(rows.map(({ id, username, email }) => [id, username || email || id]));
}

/** A version of an automation, deleted ones too; null where it is not kept. */
export async function definitionAt(env: Env, school: string, id: string, version: number): Promise<Definition | null> {
  const row = await database(env.DB)
    .select({ definition: automationVersions.definition })
    .from(automationVersions)
    .where(
      and(
        eq(automationVersions.school, school),
        eq(automationVersions.automation, id),
        eq(automationVersions.version, version),
      ),
    )
    .get();
  return row ? { name: "", description: "", active: false, ...readDefinition(row.definition) } : null;
}
