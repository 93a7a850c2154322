import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { userObject } from "../../calls/stub";
import type { SchoolEpoch } from "../../calls/user";
import { database, readRows, readTogether } from "../../db/client";
import { firstRows, pageThatFits, type Sized, sizedRow, sizedRows, wholeRows } from "../../db/fitting";
import { after, encodeCursor, type ListPage, type ListQuery, mapPage, turned } from "../../db/list";
import { logOf } from "../../db/log";
import { type Looking, lookAmong, lookForRows } from "../../db/look";
import { merged } from "../../db/merged";
import { ifGiven } from "../../db/rows";
import { liveRuns, runs } from "../../db/schema";
import { traceOfRun } from "../../engine/identity";
import { isLive } from "../../engine/runs";
import type { LoggedRun } from "../../engine/types";
import { firstFrom, untilHeard } from "./unheard";
import { type RunFilter, type RunTable, startedSince, wayToEnded, wayToLive } from "./ways";

/*
 * A run stands in one of two tables, `runs` once it has ended. A list is a page of each, read at one moment, in one order.
 */

export type RunRow = typeof runs.$inferSelect;
type LiveRow = typeof liveRuns.$inferSelect;

const whereOf = (school: string, { user, automation, status, since }: RunFilter): SQL | undefined =>
  and(
    eq(runs.school, school),
    ifGiven(runs.user, user),
    ifGiven(runs.automation, automation),
    ifGiven(runs.status, status),
    startedSince(runs, since),
  );

const asRun = ({ revision: _, ...row }: LiveRow): RunRow => ({ ...row, endedAt: null, unkept: null });

/** The first rows of a table behind the cursor that are found so. */
const firstOf = (
  table: RunTable,
  school: string,
  query: ListQuery,
  { index, each, within }: Looking<RunRow> | Looking<LiveRow>,
): SQL =>
  firstRows(table, [table.id], query, and(eq(table.school, school), within, after(query, [table.id])), { index, each });

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
  const within = and(
    whereOf(school.id, query),
    sql`${runs.unkept} = 1`,
    step === undefined ? undefined : cameTo(runs, step),
  );
  const [own, before] = await Promise.all([
    userObject(env, school, user).ownRuns(turned(query)),
    readRows(log, firstOf(runs, school.id, query, { index: "runs_unkept", within })),
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

async function runsInLog(env: Env, school: string, query: ListQuery & RunFilter): Promise<ListPage<RunRow>> {
  const { status, step } = query;
  const log = await logOf(env, school);
  if (step !== undefined) return runsAtStep(log, school, { ...query, step });
  const [ended, live] = [wayToEnded(log, school, query), wayToLive(log, school, query)];
  if (status === undefined) {
    const found = [firstOf(runs, school, query, ended), firstOf(liveRuns, school, query, live)];
    const [first = [], second = []] = await readTogether(log, found);
    return together(log, school, query, [...sizedRows(runs, first), ...sizedLive(second)]);
  }
  if (!isLive({ status })) return lookForRows({ DB: log }, runs, school, query, ended);
  return mapPage(await lookForRows({ DB: log }, liveRuns, school, query, live), asRun);
}

const indexed = (table: RunTable, index: string | undefined): SQL =>
  index === undefined ? sql`${table}` : sql`${table} indexed by ${sql.raw(index)}`;

/** How many runs a page looks through for a step: which steps a run came to is in no index. */
const LOOKED_MOST = 5_000;

const cameTo = (table: RunTable, step: string): SQL =>
  sql`exists (select 1 from json_each(${table.steps}) as step where step.value->>'step_id' = ${step})`;

/** Of the next runs, those that came to a step. */
async function runsAtStep(
  log: D1Database,
  school: string,
  query: ListQuery & RunFilter & { step: string },
): Promise<ListPage<RunRow>> {
  const { status, step } = query;
  const partsIn = (
    table: RunTable,
    { within, index, each, fits }: Looking<RunRow> | Looking<LiveRow>,
    from: ListQuery,
  ) =>
    (each ?? [undefined]).map(
      (one) =>
        sql`select ${table.id}, ${and(cameTo(table, step), fits)} as fits from ${indexed(table, index)}
          where ${and(eq(table.school, school), one, within, after(from, [table.id]))}`,
    );
  const met = async (behind: { id: string; fits: number } | null, limit: number) => {
    const from = behind ? { ...query, cursor: encodeCursor([behind.id]) } : query;
    const ended = partsIn(runs, wayToEnded(log, school, query), from);
    const live = partsIn(liveRuns, wayToLive(log, school, query), from);
    const parts = status === undefined ? [...ended, ...live] : isLive({ status }) ? live : ended;
    return (await readRows(log, merged(parts, [runs.id], { ...query, limit }))).map(({ id, fits }) => ({
      id: String(id),
      fits: Number(fits),
    }));
  };
  const { fitting, end } = await lookAmong(query.limit, met, LOOKED_MOST);
  const ids = fitting.map(({ id }) => id);
  const byId = (table: RunTable, index?: string) =>
    firstRows(table, [table.id], query, and(eq(table.school, school), sql`${table.id} = one.value`), { ids, index });
  const [ended = [], live = []] = await readTogether(log, [byId(runs), byId(liveRuns, "live_runs_by_id")]);
  const page = await together(log, school, query, [...sizedRows(runs, ended), ...sizedLive(live)]);
  return page.next_cursor === null && end ? { ...page, next_cursor: encodeCursor([end.id]) } : page;
}

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
