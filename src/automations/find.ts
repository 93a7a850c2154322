import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import { database } from "../db/client";
import { isOneOf } from "../db/lists/list";
import { namesById } from "../db/lists/names";
import { automations, automationVersions } from "../db/schema";
import type { Definition } from "../definition/types";
import { readDefinition } from "../world/upgrades";

/** The names of those of some automations that are there, by their ids. */
export const automationNames = (env: Env, school: string, ids: readonly string[]): Promise<Map<string, string>> =>
  namesById(env, "automations", school, ids);

/** What an automation is called, and whether its runs go on. */
export interface AutomationState {
  name: string;
  isActive: boolean;
  /** It is held, to be deleted. */
  isDeleting: boolean;
}

/** The states of those of some automations that are there, by their ids. */
export async function automationStates(
  env: Env,
  school: string,
  ids: readonly string[],
): Promise<Map<string, AutomationState>> {
  const states = new Map<string, AutomationState>();
  for (const text of textsOf([...new Set(ids)])) {
    const rows = await env.DB.prepare(
      `select automations.id, name, active, delete_at is not null as held from json_each(?2) as one cross join automations
       where school = ?1 and automations.id = one.value`,
    )
      .bind(school, text)
      .all<{ id: string; name: string; active: number; held: number }>();
    for (const { id, name, active, held } of rows.results)
      states.set(id, { name, isActive: active === 1, isDeleting: held === 1 });
  }
  return states;
}

/** What automations do, by their ids. */
export async function definitionsNow(
  env: Env,
  school: string,
  ids: readonly string[],
): Promise<Map<string, Definition>> {
  const rows = await database(env.DB)
    .select({ id: automations.id, definition: automations.definition })
    .from(automations)
    .where(and(eq(automations.school, school), isOneOf(automations.id, ids)));
  return new Map(rows.map(({ id, definition }) => [id, readDefinition(definition)]));
}

/** Who last changed automations, by their ids: `key:<id>`, `admin:<email>`; null where it is not known. */
export async function automationEditors(
  env: Env,
  school: string,
  ids: readonly string[],
): Promise<Map<string, string | null>> {
  const rows = await database(env.DB)
    .select({ id: automations.id, by: automations.updatedBy })
    .from(automations)
    .where(and(eq(automations.school, school), isOneOf(automations.id, ids)));
  return new Map(rows.map(({ id, by }) => [id, by]));
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
  return row ? readDefinition(row.definition) : null;
}

/** Whether there is such an automation, or was, as far back as versions are kept. */
export async function wasAutomation(env: Env, school: string, id: string): Promise<boolean> {
  const row = await database(env.DB)
    .select({ version: automationVersions.version })
    .from(automationVersions)
    .where(and(eq(automationVersions.school, school), eq(automationVersions.automation, id)))
    .limit(1)
    .get();
  return row !== undefined;
}
