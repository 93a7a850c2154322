import { and, eq, gte, type SQL, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { userObject } from "../../calls/stub";
import type { SchoolEpoch } from "../../calls/user";
import { database, readTogether } from "../../db/client";
import { firstRows, pageThatFits, type Sized, sizedRow, sizedRows, wholeRows } from "../../db/fitting";
import { after, encodeCursor, inOrder, type ListPage, type ListQuery, mapPage, turned } from "../../db/list";
import { logOf } from "../../db/log";
import { lookForRows } from "../../db/look";
import { ifGiven, listRows } from "../../db/rows";
import { liveRuns, runs } from "../../db/schema";
import { idsFrom, traceOfRun } from "../../engine/identity";
import { isLive } from "../../engine/runs";
import type { LoggedRun, RunStatus } from "../../engine/types";
import { mostOf } from "./counted";
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

const asRun = ({ revision: _, ...row }: LiveRow): RunRow => ({ ...row, endedAt: null, unkept: null });

/** The first rows of a table behind the cursor for which `where` holds. */
const firstOf = (table: RunTable, query: ListQuery, where: SQL | undefined, index?: string): SQL =>
  firstRows(table, [table.id], query, and(where, after(query, [table.id])), { index });

const sizedLive = (found: readonly Record<string, unknown>[]): Sized<RunRow>[] =>
  sizedRows(liveRuns, found).map(({ row, ...size }) => ({ row: asRun(row), ...size }));

/** A page of both, of which each is read as far as a page goes. */
function together(
  log: D1Database,
  school: string,
  query: ListQuery,
  rows: readonly Sized<RunRow>[],
): Promise<ListPage<RunRow>> {
  const way = query.order === "desc" ? -1 : 1;
  const inTurn = rows.toSorted(({ row: a }, { row: b }) => (a.id < b.id ? -way : way));
  return pageThatFits(
    query,
    inTurn.slice(0, query.limit + 1),
    (row) => [row.id],
    async (keys) => {
      const [ended, live] = await Promise.all([
        wholeRows({ DB: log }, runs, [runs.id], eq(runs.school, school), keys),
        wholeRows({ DB: log }, liveRuns, [liveRuns.id], eq(liveRuns.school, school), keys),
      ]);
      // One that ended in between stands in both.
      return [...live.map(asRun), ...ended];
    },
  );
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
  const log = await logOf(env, school.id);
  const unkept = and(
    whereOf(runs, school.id, query),
    sql`${runs.unkept} = 1`,
    step === undefined
      ? undefined
      : sql`exists (select 1 from json_each(${runs.steps}) as step where step.value->>'step_id' = ${step})`,
  );
  const [own, before] = await Promise.all([
    userObject(env, school, user).ownRuns(turned(query)),
    database(log).all<Record<string, unknown>>(firstOf(runs, query, unkept, indexOf(runs, query))),
  ]);
  const all = [...sizedRows(runs, before), ...own.map((run) => sizedRow(rowOf(school.id, user, run)))];
  return together(log, school.id, query, [...new Map(all.map((one) => [one.row.id, one])).values()]);
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

/**
 * Nearly all live runs of a school wait: those are looked for among all. Those of an automation, and what else there is, are
 * found by indexes of those alone.
 */
async function liveByStatus(
  log: { DB: D1Database },
  school: string,
  { status, automation, since, ...rest }: ListQuery & RunFilter & { status: RunStatus },
): Promise<ListPage<LiveRow>> {
  if (status === "waiting" && automation === undefined) {
    const within = whereOf(liveRuns, school, { since });
    const fits = eq(liveRuns.status, status);
    return lookForRows(log, liveRuns, school, rest, { within, fits, index: indexOf(liveRuns, {}) });
  }
  // As texts of their own: the indexes are partial.
  if (status === "waiting") {
    const within = and(
      sql`${liveRuns.status} = ${sql.raw("'waiting'")}`,
      whereOf(liveRuns, school, { automation, since }),
    );
    return listRows(log, liveRuns, ["id"], rest, within, "live_runs_waiting_of");
  }
  const notWaiting = sql`${liveRuns.status} <> ${sql.raw("'waiting'")}`;
  const within = and(notWaiting, whereOf(liveRuns, school, { status, automation, since }));
  const index = automation === undefined ? "live_runs_not_waiting" : "live_runs_not_waiting_of";
  return listRows(log, liveRuns, ["id"], rest, within, index);
}

/** Most runs complete, and of those no index says so. */
const isMost = (status: RunStatus): boolean => status === "completed";

async function runsByStatus(
  log: { DB: D1Database },
  school: string,
  query: ListQuery & RunFilter & { status: RunStatus },
): Promise<ListPage<RunRow> | ListPage<LiveRow>> {
  const { status, automation, since, ...rest } = query;
  if (isLive({ status })) return liveByStatus(log, school, query);
  if (isMost(status)) {
    const within = whereOf(runs, school, { automation, since });
    const index = indexOf(runs, { automation });
    const most = await mostOf(log, school, automation, status);
    return lookForRows(log, runs, school, rest, { within, fits: eq(runs.status, status), index, most });
  }
  // As a text of its own: the indexes are partial.
  const within = and(sql`${runs.status} = ${sql.raw(`'${status}'`)}`, whereOf(runs, school, { automation, since }));
  return listRows(
    log,
    runs,
    ["id"],
    rest,
    within,
    automation === undefined ? "runs_not_completed" : "runs_not_completed_of",
  );
}

async function runsInLog(env: Env, school: string, query: ListQuery & RunFilter): Promise<ListPage<RunRow>> {
  const { status } = query;
  const log = await logOf(env, school);
  if (query.step === undefined && status !== undefined) {
    const page = await runsByStatus({ DB: log }, school, { ...query, status });
    return mapPage<RunRow | LiveRow, RunRow>(page, (row) => ("endedAt" in row ? row : asRun(row)));
  }
  const { step } = query;
  const found = (table: RunTable) =>
    step === undefined
      ? firstOf(table, query, whereOf(table, school, query), indexOf(table, query))
      : firstOf(table, query, cameTo(table, school, query, step));
  const [ended = [], live = [], end] = await readTogether(log, [
    found(runs),
    found(liveRuns),
    ...(step === undefined ? [] : [endOfLook(school, query)]),
  ]);
  const page = await together(log, school, query, [...sizedRows(runs, ended), ...sizedLive(live)]);
  const last = end?.[0]?.last;
  return page.next_cursor === null && typeof last === "string" ? { ...page, next_cursor: encodeCursor([last]) } : page;
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

/** Where not all were looked through, the last of them, behind which the cursor goes on. */
const endOfLook = (school: string, query: ListQuery & RunFilter): SQL =>
  sql`select iif(count(*) = ${LOOKED_MOST}, ${sql.raw(query.order === "desc" ? "min" : "max")}(id), null) as last
    from (${looked(school, query)})`;

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
  const db = database(await logOf(env, school));
  const [[ended], [live]] = await db.batch([
    db
      .select()
      .from(runs)
      .where(and(eq(runs.school, school), eq(runs.id, id))),
    db
      .select()
      .from(liveRuns)
      .where(and(eq(liveRuns.school, school), eq(liveRuns.id, id))),
  ]);
  return ended ?? (live ? asRun(live) : null);
}
