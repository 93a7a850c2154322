import { and, eq, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { textsOf } from "../base/json";
import { type ReferenceKind, referencesIn } from "../catalogue/checking/references";
import { database } from "../db/client";
import { vocabulary } from "../db/schema";
import { withGoal } from "../world/upgrades";

/*
 * Who still names a segment or a field that is to be taken away, and which fields were.
 */

/** Before every moment: what is held is there as long as it is. */
export const NEVER = Number.MIN_SAFE_INTEGER;

/** Of a problem that lists automations: more than a person reads. */
const MOST_LISTED = 20;

interface Naming {
  id: string;
  name: string;
}

/** What is gone by `?4` names nothing. */
const STANDS = "automations.active = ?5 and coalesce(automations.delete_at > ?4, 1)";
const NAMING = `select automations.id, automations.name from uses cross join automations
    on automations.school = ?1 and automations.id = uses.by_id and ${STANDS}
  where uses.school = ?1 and uses.kind = ?2 and uses.id = ?3 and uses.by_kind = 'automation'`;
/** What a release before wrote, and nobody has since. Whoever names it holds its text; whether as a name, only the definition tells. */
const UNNAMED = `select id, name, definition, goal from automations indexed by automations_unnamed
  where school = ?1 and named is null and ${STANDS} and instr(definition || coalesce(goal, ''), ?6) > 0`;

/** The automations, active or not, that name a segment or field; a mention in a text is none. @param options `unless`: those that are gone by then */
async function automationsNaming(
  env: Env,
  school: string,
  kind: ReferenceKind,
  id: string,
  { active, unless }: { active: boolean; unless: number },
): Promise<Naming[]> {
  const [, bare = ""] = /^"(.*)"$/s.exec(JSON.stringify(id)) ?? [];
  const asked = [school, kind, id, unless, Number(active)];
  const [found, unread] = await env.DB.batch<Naming & { definition: string; goal: string | null }>([
    env.DB.prepare(NAMING).bind(...asked),
    env.DB.prepare(UNNAMED).bind(...asked, bare),
  ]);
  const unnamed = unread?.results.filter((row) => referencesIn(withGoal(row), kind).has(id));
  return [...(found?.results ?? []), ...(unnamed ?? [])]
    .map(({ id: automation, name }) => ({ id: automation, name }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
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
