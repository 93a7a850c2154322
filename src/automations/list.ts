import { and, eq, or, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { listed } from "../db/held";
import type { ListPage, ListQuery } from "../db/list";
import { ifGiven, listRows } from "../db/rows";
import { automations, automationVersions } from "../db/schema";
import { holdsText, waysToWrite } from "../db/search";
import { type AutomationDocument, automationRow, documentsOf } from "./document";

export interface AutomationFilter {
  /** A text in the name or definition, in any case. */
  q?: string | undefined;
  active?: boolean | undefined;
  /** A type among its triggers. */
  trigger?: string | undefined;
  /** One of its labels, in any case. */
  label?: string | undefined;
  /** Those that are held, to be deleted, in the place of the others. */
  deleted?: boolean | undefined;
  sort?: AutomationSort | undefined;
}

/** By what automations come, and the index that lies so. */
const SORTS = {
  created: { key: ["id"] as const, index: undefined },
  name: { key: ["name", "id"] as const, index: "automations_by_name" },
  updated: { key: ["updatedAt", "id"] as const, index: "automations_by_update" },
};
export type AutomationSort = keyof typeof SORTS;
export const AUTOMATION_SORTS = ["created", "name", "updated"] as const satisfies readonly AutomationSort[];

/** A page of the automations of a school. */
export async function listAutomations(
  env: Env,
  school: string,
  { q, active, trigger, label, deleted, sort = "created", ...query }: ListQuery & AutomationFilter,
): Promise<ListPage<AutomationDocument>> {
  const text = sql`lower(${automations.name} || char(10) || ${automations.definition})`;
  const page = await listRows(
    env,
    automations,
    SORTS[sort].key,
    query,
    and(
      eq(automations.school, school),
      listed("automation", deleted),
      holdsText(text, q),
      ifGiven(automations.active, active),
      trigger === undefined
        ? undefined
        : sql`exists (select 1 from json_each(${automations.definition}, '$.when') as one where one.value->>'type' = ${trigger})`,
      label === undefined
        ? undefined
        : sql`exists (select 1 from json_each(${automations.labels}) as one where ${or(...waysToWrite(label).map((way) => sql`lower(one.value) = ${way}`))})`,
    ),
    SORTS[sort].index,
  );
  return { ...page, data: await documentsOf(env, school, page.data) };
}

/** A page of the versions of an automation, oldest first; 404 when the automation is another school's. */
export async function listVersions(env: Env, school: string, automation: string, query: ListQuery) {
  await automationRow(env, school, automation);
  const where = and(eq(automationVersions.school, school), eq(automationVersions.automation, automation));
  return listRows(env, automationVersions, ["version"], query, where);
}
