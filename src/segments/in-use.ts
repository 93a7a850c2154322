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

/** Before every moment: what is held is there as long as it is. */
export const NEVER = Number.MIN_SAFE_INTEGER;

/** Of a problem that lists automations: more than a person reads. */
const MOST_LISTED = 20;

/** The automations, active or not, that name a segment or field; a mention in a text is none. @param options `unless`: those that are gone by then */
async function automationsNaming(
  env: Env,
  school: string,
  kind: ReferenceKind,
  id: string,
  { active, unless }: { active: boolean; unless: number },
): Promise<{ id: string; name: string }[]> {
  // Whoever names it holds its text; whether as a name, only the definition tells.
  const [, bare = ""] = /^"(.*)"$/s.exec(JSON.stringify(id)) ?? [];
  const rows = await database(env.DB)
    .select({ id: automations.id, name: automations.name, definition: automations.definition })
    .from(automations)
    .where(
      and(
        eq(automations.school, school),
        eq(automations.active, active),
        sql`coalesce(${automations.deleteAt} > ${unless}, 1)`,
        sql`instr(${automations.definition}, ${bare}) > 0`,
      ),
    )
    .orderBy(automations.id);
  return rows.flatMap(({ id: automation, name, definition }) =>
    referencesIn(readDefinition(definition), kind).has(id) ? [{ id: automation, name }] : [],
  );
}

/** The automations that are off and name it: they stay as they are. */
export const namedWhileOff = (env: Env, school: string, kind: ReferenceKind, id: string, at: number) =>
  automationsNaming(env, school, kind, id, { active: false, unless: at });

/** Throws 409 while an active automation names it, with the names of those that do. @param unless those that are gone by then */
export async function requireUnnamed(
  env: Env,
  school: string,
  kind: ReferenceKind,
  id: string,
  unless = NEVER,
): Promise<void> {
  const naming = await automationsNaming(env, school, kind, id, { active: true, unless });
  const names = naming.map(({ name }) => name);
  if (names.length === 0) return;
  throw new Problem(
    "conflict",
    `${names.length === 1 ? "The automation" : "The automations"} ${listing(names)} ${names.length === 1 ? "names" : "name"} this ${kind}.`,
  );
}

/** Names in a sentence, as many as a person reads. */
export function listing(names: readonly string[]): string {
  const listed = names.slice(0, MOST_LISTED).map((name) => JSON.stringify(name));
  return listed.join(", ") + (names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : "");
}

/** Which segments' rules use a field: one at least. */
export const usedByRules = (segments: readonly string[]): string =>
  segments.length === 1
    ? `A rule of the segment ${listing(segments)} uses this field.`
    : `Rules of segments use this field: ${listing(segments)}.`;

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
