import { and, asc, desc, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { notFound } from "../base/errors/errors";
import { database } from "../db/client";
import { automations, automationVersions } from "../db/schema";
import type { Definition } from "../definition/types";
import { readDefinition } from "../world/upgrades";

/** An automation that is there or was: versions outlive it. */
export interface EverAutomation {
  id: string;
  version: number;
  definition: Definition;
  /** When there was one under this id first, by the school's clock, ms. */
  since: number;
  /** Of one that is gone the last that the audit log has; null: none. */
  name: string | null;
  isDeleted: boolean;
  /** It is held: to be deleted, and as if it were off until then. */
  isHeld: boolean;
}

/** As it is, or was when it was deleted; 404 for what never was an automation of the school's. */
export async function automationEver(env: Env, school: string, id: string): Promise<EverAutomation> {
  const db = database(env.DB);
  const { version, definition, createdAt } = automationVersions;
  const versions = and(eq(automationVersions.school, school), eq(automationVersions.automation, id));
  const [[row], [first], [last]] = await db.batch([
    db
      .select({
        ...{ name: automations.name, version: automations.version, definition: automations.definition },
        deleteAt: automations.deleteAt,
      })
      .from(automations)
      .where(and(eq(automations.school, school), eq(automations.id, id))),
    db.select({ createdAt }).from(automationVersions).where(versions).orderBy(asc(version)).limit(1),
    db.select({ version, definition }).from(automationVersions).where(versions).orderBy(desc(version)).limit(1),
  ]);
  const found = row ?? last;
  if (!found || !first) throw notFound("automation");
  return {
    id,
    version: found.version,
    definition: readDefinition(found.definition),
    since: first.createdAt,
    name: row ? row.name : ((await namesOfDeleted(env, school, [id])).get(id) ?? null),
    isDeleted: !row,
    isHeld: row ? row.deleteAt !== null : false,
  };
}

/** What deleted automations were called, by their ids, as long as the audit log has that they were deleted. */
export async function namesOfDeleted(env: Env, school: string, ids: readonly string[]): Promise<Map<string, string>> {
  const { results } = await env.DB.prepare(NAMES).bind(school, JSON.stringify(ids)).all<{ id: string; name: string }>();
  return new Map(results.map(({ id, name }) => [id, name]));
}

const NAMES = `select subject as id, before ->> 'name' as name from audit indexed by audit_by_subject
  where school = ?1 and subject in (select value from json_each(?2)) and what = 'automation.deleted'
    and before ->> 'name' is not null
  order by id`;
