import { and, eq, type SQL, sql } from "drizzle-orm";
import { database } from "../../db/client";
import { firstRows, pageThatFits, sizedRows, wholeRows } from "../../db/fitting";
import type { ListPage, ListQuery } from "../../db/list";
import { deliveries } from "../../db/schema";

/*
 * What an automation sent that ran seldom may lie anywhere among what all others sent, and no index says where: an index by
 * automation would be one row more for each delivery there is. It is found by its runs, which are kept as long.
 */

const KEY = [deliveries.id];

/** An automation that ran no more often is asked for what each run sent. */
const FEW_RUNS = 100;
/** So many of its deliveries are put in their order here. */
const FEW = 200;

const RAN = "select sum(n) as n from run_counts where school = ?1 and automation = ?2 and step = ''";

const ENDED = `select count(*) as n from (select 1 from runs indexed by runs_by_automation
  where school = ?1 and automation = ?2 limit ${FEW_RUNS + 1})`;

/** A page of those for which `where` holds; null where it ran more often, or sent more. */
export async function deliveriesOfFewRuns(
  log: { DB: D1Database },
  school: string,
  automation: string,
  { query, where }: { query: ListQuery; where: SQL | undefined },
): Promise<ListPage<typeof deliveries.$inferSelect> | null> {
  const ids = await idsOfFewRuns(log.DB, school, automation, where);
  return ids && pageOfIds(log, school, query, ids);
}

/** The ids of all that its runs sent, and of what has not left yet, whose run may be gone. */
async function idsOfFewRuns(
  log: D1Database,
  school: string,
  automation: string,
  where: SQL | undefined,
): Promise<string[] | null> {
  const ran = await log.prepare(RAN).bind(school, automation).first<number>("n");
  // Of a deleted automation nothing is counted, of one made anew under its id what ran since.
  if ((ran ?? (await log.prepare(ENDED).bind(school, automation).first<number>("n")) ?? 0) > FEW_RUNS) return null;
  const theirs = (runs: SQL) =>
    sql`select ran.id as run, ${deliveries.id} as id from ${runs} left join ${deliveries} indexed by deliveries_by_run
        on ${deliveries.school} = ${school} and ${deliveries.run} = ran.id and ${where ?? sql`true`}
      where ran.school = ${school} and ran.automation = ${automation}`;
  const found = await database(log).all<{ run: string; id: string | null }>(
    sql`${theirs(sql`runs as ran indexed by runs_by_automation`)} union all ${theirs(sql`live_runs as ran`)} limit ${FEW + 1}`,
  );
  const queued = await database(log).all<{ id: string }>(
    sql`select ${deliveries.id} as id from ${deliveries} indexed by deliveries_other_of
        where ${deliveries.school} = ${school} and ${deliveries.automation} = ${automation} and ${deliveries.status} = 'queued'
          and ${deliveries.status} <> 'sent' and ${where ?? sql`true`} limit ${FEW + 1}`,
  );
  if (found.length > FEW || queued.length > FEW || new Set(found.map(({ run }) => run)).size > FEW_RUNS) return null;
  return [...new Set([...found, ...queued].flatMap(({ id }) => id ?? []))];
}

/** A page of the deliveries of these ids, all that there are. */
async function pageOfIds(
  log: { DB: D1Database },
  school: string,
  query: ListQuery,
  ids: readonly string[],
): Promise<ListPage<typeof deliveries.$inferSelect>> {
  const inTurn = ids.toSorted();
  if (query.order === "desc") inTurn.reverse();
  const asked = inTurn.slice(0, query.limit + 1);
  const whose = eq(deliveries.school, school);
  const rows = await database(log.DB).all<Record<string, unknown>>(
    firstRows(deliveries, KEY, query, and(whose, sql`${deliveries.id} = one.value`), { ids: asked }),
  );
  return pageThatFits(
    query,
    sizedRows(deliveries, rows),
    ({ id }) => [id],
    (keys) => wholeRows(log, deliveries, KEY, whose, keys),
  );
}
