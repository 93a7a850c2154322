import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { waysToKeep } from "../../base/text/text";
import { BEHIND_ALL } from "../../base/text/words";
import { database } from "../../db/client";
import { firstRows, pageThatFits, sizedRows, wholeRows } from "../../db/lists/fitting";
import { after, encodeCursor, inOrder, isOneOf, type ListPage, type ListQuery } from "../../db/lists/list";
import { lookAmong } from "../../db/lists/look";
import { automations, automationMarks as marks } from "../../db/schema";
import type { AutomationRow } from "../document";

/* Automations by what they are sorted by: the types of their triggers, and their labels. */

export interface Mark {
  kind: "trigger" | "label";
  /** All ways in which it may be written. */
  values: readonly string[];
}

const isMark = (school: string, { kind, values }: Mark): SQL | undefined => {
  const [value = "", ...more] = values;
  // One text keeps the order in which its marks lie.
  const says = more.length ? isOneOf(marks.value, values) : eq(marks.value, value);
  return and(eq(marks.school, school), eq(marks.kind, kind), says);
};

/** Whether an automation bears a mark. */
export const bears = (school: string, mark: Mark): SQL =>
  sql`exists (select 1 from ${marks} where ${isMark(school, mark)} and ${marks.automation} = ${automations.id})`;

/** Words of a kind that begin so. */
const BEGUN = `select automation as id from automation_marks
  where school = ?1 and kind = ?2 and value >= ?3 and value < ?4 limit ?5`;
/** What a release before wrote, and nobody has since. */
const UNSEARCHED =
  "select id from automations indexed by automations_unsearched where school = ?1 and search is null limit ?2";

/**
 * The ids of those that words of a text may be found in: of the word that fewest have, with those of which words are not
 * known; null where they are more than so many.
 */
export async function begunBy(
  env: Env,
  school: string,
  words: readonly string[],
  most: number,
): Promise<[id: string][] | null> {
  const ways = words.map(waysToKeep);
  const [unsearched, ...found] = await env.DB.batch<{ id: string }>([
    env.DB.prepare(UNSEARCHED).bind(school, most + 1),
    ...ways
      .flat()
      .flatMap((way) =>
        ["name", "word"].map((kind) => env.DB.prepare(BEGUN).bind(school, kind, way, way + BEHIND_ALL, most + 1)),
      ),
  ]);
  const idsIn = (results: readonly { results: { id: string }[] }[]): string[] | null =>
    results.some((one) => one.results.length > most) ? null : results.flatMap((one) => one.results.map(({ id }) => id));
  const others = idsIn(unsearched ? [unsearched] : []);
  const each = ways.flatMap(({ length }) => {
    const ids = idsIn(found.splice(0, 2 * length));
    return ids ? [ids] : [];
  });
  const [first, ...more] = each;
  if (!others || !first) return null;
  const fewest = more.reduce((best, one) => (one.length < best.length ? one : best), first);
  return [...new Set([...others, ...fewest])].map((id) => [id]);
}

/** A page of those that bear a mark, by their ids. @param fits what else is asked of each */
export async function listMarked(
  env: Env,
  school: string,
  query: ListQuery,
  mark: Mark,
  fits: SQL | undefined,
): Promise<ListPage<AutomationRow>> {
  const db = database(env.DB);
  const key = [marks.automation];
  const isOne = and(eq(automations.school, school), sql`${automations.id} = one.value`);
  const found = await lookAmong<{ id: string; fits: number | null }>(query.limit, (behind, most) => {
    const from = behind ? { ...query, cursor: encodeCursor([behind.id]) } : query;
    const turn = sql.join(inOrder(query, key), sql`, `);
    const some = sql`select distinct ${marks.automation} as value from ${marks}
      where ${and(isMark(school, mark), after(from, key))} order by ${turn} limit ${most}`;
    return db.all(sql`select one.value as id, (${fits ?? sql`true`}) as fits from (${some}) as one
      cross join ${automations} on ${isOne}`);
  });
  const ids = found.fitting.map(({ id }) => id);
  const rows = ids.length
    ? sizedRows(
        automations,
        await db.all<Record<string, unknown>>(firstRows(automations, [automations.id], query, isOne, { ids })),
      )
    : [];
  const page = await pageThatFits(
    query,
    rows,
    ({ id }) => [id],
    (keys) => wholeRows(env, automations, [automations.id], eq(automations.school, school), keys),
  );
  return page.next_cursor === null && found.end ? { ...page, next_cursor: encodeCursor([found.end.id]) } : page;
}
