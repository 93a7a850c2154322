import { and, eq, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { soughtText, wordsSought } from "../../base/text/words";
import { listed, listIndex } from "../../db/deleting/held";
import { lookByWords } from "../../db/lists/begun";
import type { ListPage, ListQuery } from "../../db/lists/list";
import { lookForRows } from "../../db/lists/look";
import { ifGiven, listRows } from "../../db/lists/rows";
import { waysToWrite } from "../../db/lists/search";
import { automations, automationVersions } from "../../db/schema";
import { type AutomationDocument, automationRow, documentsOf } from "../document";
import { bears, begunBy, listMarked, type Mark } from "./marked";
import { areBegun, holdsSoughtText } from "./sought";

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

/** How a list is found: by the index of its order, or of those that are active. */
function indexOf({ active, deleted, sort = "created" }: AutomationFilter): string | undefined {
  if (sort !== "created" && !deleted) return SORTS[sort].index;
  return active && !deleted ? "automations_active" : listIndex("automation", deleted);
}

/**
 * A page of the automations of a school. Where no index says which are meant, as of a text, they are looked for among so
 * many of the next, and the page may hold fewer than the limit while others follow.
 */
export async function listAutomations(
  env: Env,
  school: string,
  { q, active, trigger, label, deleted, sort = "created", ...query }: ListQuery & AutomationFilter,
): Promise<ListPage<AutomationDocument>> {
  const marks: Mark[] = [
    ...(label === undefined ? [] : [{ kind: "label", values: waysToLabel(label) } as const]),
    ...(trigger === undefined ? [] : [{ kind: "trigger", values: [trigger] } as const]),
  ];
  const holds = q === undefined ? undefined : holdsSoughtText(q);
  const [mark, ...others] = marks;
  const isStanding = listed("automation", deleted);
  if (mark && sort === "created") {
    const fits = and(
      isStanding,
      holds,
      ifGiven(automations.active, active),
      ...others.map((one) => bears(school, one)),
    );
    const page = await listMarked(env, school, query, mark, fits);
    return { ...page, data: await documentsOf(env, school, page.data) };
  }
  // As a text of its own: the index is partial.
  const within = and(isStanding, active ? sql`${automations.active} = 1` : undefined);
  const fits = and(
    holds,
    active === false ? sql`${automations.active} = 0` : undefined,
    ...marks.map((one) => bears(school, one)),
  );
  const index = indexOf({ active, deleted, sort });
  const key = SORTS[sort].key;
  const words = wordsSought(q ?? "");
  const seeking = { key, names: ["id"] as const, within, index, begun: areBegun(words) };
  const page =
    fits && words.length
      ? await lookByWords(env, automations, school, query, {
          ...seeking,
          fits,
          find: (most) => begunBy(env, school, words, most),
        })
      : fits
        ? await lookForRows(env, automations, school, query, { key, within, fits, index })
        : await listRows(env, automations, key, query, and(eq(automations.school, school), within), index);
  return { ...page, data: await documentsOf(env, school, page.data) };
}

/** The ways in which a label may be written, as its mark has it: in one form, or as a release before left it. */
const waysToLabel = (label: string): string[] => [...new Set([soughtText(label), ...waysToWrite(label)])];

/** A page of the versions of an automation, oldest first; 404 when the automation is another school's. */
export async function listVersions(env: Env, school: string, automation: string, query: ListQuery) {
  await automationRow(env, school, automation);
  const where = and(eq(automationVersions.school, school), eq(automationVersions.automation, automation));
  return listRows(env, automationVersions, ["version"], query, where);
}
