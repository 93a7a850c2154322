import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { userObject } from "../../calls/reaching/stub";
import type { SchoolEpoch } from "../../calls/user";
import { database, readTogether } from "../../db/client";
import { firstRows, pageThatFits, type Sized, sizedRow, sizedRows, wholeRows } from "../../db/lists/fitting";
import { after, encodeCursor, type ListPage, type ListQuery, mapPage, turned } from "../../db/lists/list";
import { type Looking, lookAmong, lookForRows } from "../../db/lists/look";
import { ifGiven } from "../../db/lists/rows";
import { logOf } from "../../db/log";
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
    database(log).all<Record<string, unknown>>(firstOf(runs, school.id, query, { index: "runs_unkept", within })),
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
  const ended = wayToEnded(log, school, query);
  const live = wayToLive(log, school, query);
  if (status !== undefined)
    return isLive({ status })
      ? mapPage(await lookForRows({ DB: log }, liveRuns, school, query, atStep(liveRuns, step, live)), asRun)
      : lookForRows({ DB: log }, runs, school, query, atStep(runs, step, ended));
  if (step !== undefined) return thatCameTo(step, log, school, query, { ended, live });
  const found = [firstOf(runs, school, query, ended), firstOf(liveRuns, school, query, live)];
  const [first = [], second = []] = await readTogether(log, found);
  return together(log, school, query, [...sizedRows(runs, first), ...sizedLive(second)]);
}

/** How many runs a page looks through for a step: which steps a run came to is in no index. */
const LOOKED_MOST = 5_000;

/** The text is looked into first, which takes nothing apart. */
const cameTo = (table: RunTable, step: string): SQL =>
  sql`instr(${table.steps}, ${JSON.stringify(step)}) > 0
    and exists (select 1 from json_each(${table.steps}) as step where step.value->>'step_id' = ${step})`;

/** Of what is found so, the runs that came to a step. */
const atStep = <Row>(table: RunTable, step: string | undefined, way: Looking<Row>): Looking<Row> =>
  step === undefined ? way : { ...way, rest: cameTo(table, step), among: LOOKED_MOST };

interface Ways {
  ended: Looking<RunRow>;
  live: Looking<LiveRow>;
}

/** A page of those that came to a step, live or ended: both tables are looked through as one list, at one moment each time. */
async function thatCameTo(
  step: string,
  log: D1Database,
  school: string,
  query: ListQuery,
  { ended, live }: Ways,
): Promise<ListPage<RunRow>> {
  type Met = Sized<RunRow> & { fits: number };
  const next = async (behind: Met | null, most: number): Promise<Met[]> => {
    const from = behind ? { ...query, cursor: encodeCursor([behind.row.id]) } : query;
    const within = (table: RunTable, way: SQL | undefined) =>
      and(eq(table.school, school), way, after(from, [table.id]));
    // Of about as many as two pages hold the rows themselves; of more their sizes, and they are read once they stand in it.
    const isWhole = most <= 2 * (query.limit + 1);
    const statement = firstRows(runs, [runs.id], { ...query, limit: most - 1 }, within(runs, ended.within), {
      ...{ index: ended.index, each: ended.each, fits: cameTo(runs, step) },
      ...(isWhole ? {} : { large: 0 }),
      beside: {
        ...{ table: liveRuns, index: live.index, where: within(liveRuns, live.within) },
        fits: cameTo(liveRuns, step),
      },
    });
    const found = await database(log).all<Record<string, unknown>>(statement);
    return sizedRows(runs, found).map((one, n) => ({
      ...one,
      isWhole: one.isWhole && isWhole,
      fits: Number(found[n]?.fits),
    }));
  };
  const { fitting, end } = await lookAmong<Met>(query.limit, next, { among: LOOKED_MOST });
  const page = await together(log, school, query, fitting);
  return page.next_cursor === null && end ? { ...page, next_cursor: encodeCursor([end.row.id]) } : page;
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
