import { and, eq, gte, type SQL, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { database } from "../../db/client";
import { fittingRows, pageThatFits } from "../../db/fitting";
import { after, encodeCursor, inOrder, type ListPage, type ListQuery } from "../../db/list";
import { getRow, ifGiven, listRows } from "../../db/rows";
import { runs } from "../../db/schema";

export type RunRow = typeof runs.$inferSelect;

export interface RunFilter {
  user?: string | undefined;
  automation?: string | undefined;
  status?: string | undefined;
  /** Of runs that started then or later, in ms. */
  since?: number | undefined;
  /** Runs that came to this step. */
  step?: string | undefined;
}

/** A page of the runs of a school; by a step it may hold fewer than the limit while others still follow. */
export async function listRuns(env: Env, school: string, query: ListQuery & RunFilter): Promise<ListPage<RunRow>> {
  const where = and(
    eq(runs.school, school),
    ifGiven(runs.user, query.user),
    ifGiven(runs.automation, query.automation),
    ifGiven(runs.status, query.status),
    query.since === undefined ? undefined : gte(runs.startedAt, query.since),
  );
  if (query.step !== undefined) return runsAtStep(env, school, { ...query, step: query.step }, where);
  return listRows(env, runs, ["id"], query, where);
}

/** How many runs a page looks through for a step: which steps a run came to is in no index. */
const LOOKED_MOST = 5_000;

/** Of the next runs, those that came to a step; where not all were looked through, the cursor goes on behind them. */
async function runsAtStep(
  env: Env,
  school: string,
  query: ListQuery & RunFilter & { step: string },
  where: SQL | undefined,
): Promise<ListPage<RunRow>> {
  const db = database(env.DB);
  const key = [runs.id];
  const order = inOrder(query, key);
  // By its key the whole school would be read for one automation's runs.
  const index = query.automation === undefined ? undefined : sql` indexed by runs_by_automation`;
  const looked = sql`select ${runs.id} as id from ${runs}${index} where ${and(where, after(query, key))} order by ${sql.join(order, sql`, `)} limit ${LOOKED_MOST}`;
  const found = and(
    eq(runs.school, school),
    sql`${runs.id} in (${looked})`,
    sql`exists (select 1 from json_each(${runs.steps}) as step where step.value->>'step_id' = ${query.step})`,
  );
  const [rows, [end]] = await db.batch([
    db
      .select()
      .from(runs)
      .where(and(eq(runs.school, school), fittingRows(runs, key, query, found)))
      .orderBy(...order)
      .limit(query.limit + 1),
    db
      .select({
        count: sql<number>`count(*)`,
        last: query.order === "desc" ? sql<string>`min(id)` : sql<string>`max(id)`,
      })
      .from(sql`(${looked})`),
  ]);
  const page = pageThatFits(query, rows, (row) => [row.id]);
  return page.next_cursor === null && end?.count === LOOKED_MOST
    ? { ...page, next_cursor: encodeCursor([end.last]) }
    : page;
}

/** A run of a school; 404 when it is another's. */
export const getRun = (env: Env, school: string, id: string): Promise<RunRow> =>
  getRow(env, runs, and(eq(runs.school, school), eq(runs.id, id)), "run");
