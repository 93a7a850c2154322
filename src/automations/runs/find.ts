import { and, eq, gte, type SQL, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { userObject } from "../../calls/stub";
import type { SchoolEpoch } from "../../calls/user";
import { database } from "../../db/client";
import { fittingRows, pageThatFits } from "../../db/fitting";
import { after, encodeCursor, inOrder, type ListPage, type ListQuery, mapPage, turned } from "../../db/list";
import { lookForRows } from "../../db/look";
import { ifGiven } from "../../db/rows";
import { liveRuns, runs } from "../../db/schema";
import { idsFrom, traceOfRun } from "../../engine/identity";
import { isLive } from "../../engine/runs";
import type { LoggedRun, RunStatus } from "../../engine/types";
import { firstFrom, untilHeard } from "./unheard";

/*
 * A run stands in one of two tables, `runs` once it has ended. A list is a page of each, read at one moment, in one order.
 */

export type RunRow = typeof runs.$inferSelect;
type LiveRow = typeof liveRuns.$inferSelect;

export interface RunFilter {
  user?: string | undefined;
  automation?: string | undefined;
  status?: RunStatus | undefined;
  /** Of runs that started then or later, in ms. */
  since?: number | undefined;
  /** Runs that came to this step. */
  step?: string | undefined;
}

type RunTable = typeof runs | typeof liveRuns;

/** Left to itself, the database reads all of the school's runs by their key. */
function indexOf(table: RunTable, { user, automation }: RunFilter): string | undefined {
  if (table === runs)
    return user !== undefined ? "runs_unkept" : automation !== undefined ? "runs_by_automation" : undefined;
  // The key of live runs begins with their automation.
  return automation !== undefined ? undefined : "live_runs_by_id";
}

const whereOf = (table: RunTable, school: string, filter: RunFilter): SQL | undefined =>
  and(
    eq(table.school, school),
    ifGiven(table.user, filter.user),
    ifGiven(table.automation, filter.automation),
    ifGiven(table.status, filter.status),
    filter.since === undefined
      ? undefined
      : and(gte(table.startedAt, filter.since), gte(table.id, idsFrom("run", filter.since))),
  );

const indexed = (table: RunTable, index: string | undefined): SQL =>
  index === undefined ? sql`${table}` : sql`${table} indexed by ${sql.raw(index)}`;

/** The first rows of a table behind the cursor for which `where` holds: found by an index, read by the key. */
const firstOf = (table: RunTable, school: string, query: ListQuery, where: SQL | undefined, index?: string) =>
  and(eq(table.school, school), fittingRows(table, [table.id], query, and(where, after(query, [table.id])), index));

const endedRows = (env: Env, query: ListQuery, where: SQL | undefined) =>
  database(env.DB)
    .select()
    .from(runs)
    .where(where)
    .orderBy(...inOrder(query, [runs.id]))
    .limit(query.limit + 1);

const rowsOfLive = (env: Env, query: ListQuery, where: SQL | undefined) =>
  database(env.DB)
    .select()
    .from(liveRuns)
    .where(where)
    .orderBy(...inOrder(query, [liveRuns.id]))
    .limit(query.limit + 1);

const asRun = ({ revision: _, ...row }: LiveRow): RunRow => ({ ...row, endedAt: null, unkept: null });

/** A page of both, of which each is read as far as a page goes. */
function together(query: ListQuery, ended: readonly RunRow[], live: readonly LiveRow[]): ListPage<RunRow> {
  const way = query.order === "desc" ? -1 : 1;
  const rows = [...ended, ...live.map(asRun)].sort((a, b) => (a.id < b.id ? -way : way));
  return pageThatFits(query, rows.slice(0, query.limit + 1), (row) => [row.id]);
}

/** A page of the runs of a school; by a step it may hold fewer than the limit while others still follow. */
export const listRuns = (env: Env, school: SchoolEpoch, query: ListQuery & RunFilter): Promise<ListPage<RunRow>> =>
  query.user === undefined ? runsInLog(env, school.id, query) : runsOfUser(env, school, { ...query, user: query.user });

/** A user's own are read from the user's object; those of before it kept them, from the log. */
async function runsOfUser(
  env: Env,
  school: SchoolEpoch,
  query: ListQuery & RunFilter & { user: string },
): Promise<ListPage<RunRow>> {
  const { user, step } = query;
  const index = indexOf(runs, query);
  const unkept = and(
    whereOf(runs, school.id, query),
    sql`${runs.unkept} = 1`,
    step === undefined
      ? undefined
      : sql`exists (select 1 from json_each(${runs.steps}) as step where step.value->>'step_id' = ${step})`,
  );
  const [own, before] = await Promise.all([
    userObject(env, school, user).ownRuns(turned(query)),
    endedRows(env, query, firstOf(runs, school.id, query, unkept, index)),
  ]);
  const rows = new Map([...before, ...own.map((run) => rowOf(school.id, user, run))].map((row) => [row.id, row]));
  return together(query, [...rows.values()], []);
}

/** What an object has of a run, as the log would. */
const rowOf = (school: string, user: string, run: LoggedRun): RunRow => ({
  school,
  id: run.id,
  automation: run.automation,
  version: run.version,
  user,
  status: run.status,
  reason: run.reason,
  synchronous: run.synchronous,
  trigger: JSON.stringify(run.trigger),
  eventId: run.eventId,
  trace: traceOfRun(JSON.stringify([school, user]), run),
  startedAt: run.startedAt,
  endedAt: run.endedAt,
  wakeAt: run.waiting?.wakeAt ?? null,
  steps: JSON.stringify(run.steps),
  failedSteps: run.steps.filter((step) => step.status === "failed").length,
  loggedAt: run.endedAt ?? run.startedAt,
  seq: 0,
  unkept: null,
});

/** No index says how all runs ended: they are looked for, and those that failed by an index of their own. */
function runsByStatus(
  env: Env,
  school: string,
  query: ListQuery & RunFilter & { status: RunStatus },
): Promise<ListPage<RunRow>> | Promise<ListPage<LiveRow>> {
  const { status, ...rest } = query;
  if (isLive({ status })) {
    const within = whereOf(liveRuns, school, rest);
    return lookForRows(env, liveRuns, school, query, {
      within,
      fits: eq(liveRuns.status, status),
      index: indexOf(liveRuns, rest),
    });
  }
  if (status !== "failed")
    return lookForRows(env, runs, school, query, {
      within: whereOf(runs, school, rest),
      fits: eq(runs.status, status),
      index: indexOf(runs, rest),
    });
  const within = and(sql`${runs.status} = 'failed'`, whereOf(runs, school, { since: query.since }));
  return lookForRows(env, runs, school, query, {
    within,
    fits: ifGiven(runs.automation, query.automation),
    index: "runs_failed_by_id",
  });
}

async function runsInLog(env: Env, school: string, query: ListQuery & RunFilter): Promise<ListPage<RunRow>> {
  const { status } = query;
  if (query.step === undefined && status !== undefined) {
    const page = await runsByStatus(env, school, { ...query, status });
    return mapPage<RunRow | LiveRow, RunRow>(page, (row) => ("endedAt" in row ? row : asRun(row)));
  }
  const found = (table: RunTable) =>
    query.step === undefined
      ? firstOf(table, school, query, whereOf(table, school, query), indexOf(table, query))
      : firstOf(table, school, query, cameTo(table, school, query, query.step));
  const ended = endedRows(env, query, found(runs));
  const live = rowsOfLive(env, query, found(liveRuns));
  if (query.step !== undefined) {
    const [endedFound, liveFound, [end]] = await database(env.DB).batch([ended, live, endOfLook(env, school, query)]);
    const page = together(query, endedFound, liveFound);
    return page.next_cursor === null && end?.count === LOOKED_MOST
      ? { ...page, next_cursor: encodeCursor([end.last]) }
      : page;
  }
  return together(query, ...(await database(env.DB).batch([ended, live])));
}

/** How many runs a page looks through for a step: which steps a run came to is in no index. */
const LOOKED_MOST = 5_000;

/** The ids of the next runs. */
function looked(school: string, query: ListQuery & RunFilter): SQL {
  const next = (table: RunTable) =>
    sql`select * from (select ${table.id} as id from ${indexed(table, indexOf(table, query))}
      where ${and(whereOf(table, school, { ...query, status: undefined }), after(query, [table.id]))}
      order by ${sql.join(inOrder(query, [table.id]), sql`, `)} limit ${LOOKED_MOST})`;
  return sql`${next(runs)} union all ${next(liveRuns)} order by id ${sql.raw(query.order ?? "asc")} limit ${LOOKED_MOST}`;
}

/** Of the next runs, those that came to a step. */
const cameTo = (table: RunTable, school: string, query: ListQuery & RunFilter, step: string) =>
  and(
    eq(table.school, school),
    sql`${table.id} in (${looked(school, query)})`,
    ifGiven(table.status, query.status),
    sql`exists (select 1 from json_each(${table.steps}) as step where step.value->>'step_id' = ${step})`,
  );

/** Where not all were looked through, the cursor goes on behind the last of them. */
const endOfLook = (env: Env, school: string, query: ListQuery & RunFilter) =>
  database(env.DB)
    .select({
      count: sql<number>`count(*)`,
      last: query.order === "desc" ? sql<string>`min(id)` : sql<string>`max(id)`,
    })
    .from(sql`(${looked(school, query)})`);

/** A run of a school; 404 when it is another's. */
export const getRun = (env: Env, school: string, id: string): Promise<RunRow> =>
  untilHeard(env, school, id, {
    what: "run",
    inLog: () => runInLog(env, school, id),
    ofUser: async (of, user) => {
      const [run] = await userObject(env, of, user).ownRuns(firstFrom(id));
      return run?.id === id ? rowOf(school, user, run) : null;
    },
  });

async function runInLog(env: Env, school: string, id: string): Promise<RunRow | null> {
  const one = { limit: 1 };
  const [[ended], [live]] = await database(env.DB).batch([
    endedRows(env, one, and(eq(runs.school, school), eq(runs.id, id))),
    rowsOfLive(env, one, and(eq(liveRuns.school, school), eq(liveRuns.id, id))),
  ]);
  return ended ?? (live ? asRun(live) : null);
}
