import { and, eq, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import { textsOf } from "../base/json";
import { type ReferenceKind, referencesIn } from "../catalogue/references";
import { database } from "../db/client";
import { automations, vocabulary } from "../db/schema";
import { readDefinition } from "../world/upgrades";

/*
 * Who still names a segment or a field that is to be taken away, and which fields were.
 */

/** Of a problem that lists automations: more than a person reads. */
const MOST_LISTED = 20;

/** The names of the active automations that name a segment or field; a mention in a text is none. */
async function automationsNaming(env: Env, school: string, kind: ReferenceKind, id: string): Promise<string[]> {
  // Whoever names it holds its text; whether as a name, only the definition tells.
  const [, bare = ""] = /^"(.*)"$/s.exec(JSON.stringify(id)) ?? [];
  const rows = await database(env.DB)
    .select({ name: automations.name, definition: automations.definition })
    .from(automations)
    .where(
      and(
        eq(automations.school, school),
        eq(automations.active, true),
        sql`instr(${automations.definition}, ${bare}) > 0`,
      ),
    )
    .orderBy(automations.id);
  return rows.flatMap(({ name, definition }) => (referencesIn(readDefinition(definition), kind).has(id) ? [name] : []));
}

/** Throws 409 while an active automation names it, with the names of those that do. */
export async function requireUnnamed(env: Env, school: string, kind: ReferenceKind, id: string): Promise<void> {
  const names = await automationsNaming(env, school, kind, id);
  if (names.length === 0) return;
  const listed = names.slice(0, MOST_LISTED).map((name) => JSON.stringify(name));
  const more = names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : "";
  throw new Problem(
    "conflict",
    `${names.length === 1 ? "The automation" : "The automations"} ${listed.join(", ")}${more} ${names.length === 1 ? "names" : "name"} this ${kind}.`,
  );
}

const GONE = "gone_field";

/** The statement that notes that a declared field was deleted: who names it still is told. */
export const notingGone = (env: Env, school: string, key: string) =>
  database(env.DB).insert(vocabulary).values({ school, kind: GONE, key, value: key }).onConflictDoNothing();

/** Those of these keys that were declared once and deleted. Whether one is declared again is the caller's to know. */
export async function fieldsGone(env: Env, school: string, keys: readonly string[]): Promise<Set<string>> {
  const gone = new Set<string>();
  for (const text of textsOf([...keys])) {
    const rows = await database(env.DB)
      .select({ key: vocabulary.key })
      .from(vocabulary)
      .where(
        and(
          eq(vocabulary.school, school),
          eq(vocabulary.kind, GONE),
          sql`${vocabulary.key} in (select value from json_each(${text}))`,
        ),
      );
    for (const { key } of rows) gone.add(key);
  }
  return gone;
}
