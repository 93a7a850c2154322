import { and, eq, gte, type SQL, sql } from "drizzle-orm";
import { database } from "../../db/client";
import { ENDS } from "../../db/lists/ended";
import type { Looking } from "../../db/lists/look";
import { partsOf } from "../../db/lists/merged";
import { ifGiven } from "../../db/lists/rows";
import { completedBy, liveRuns, runs } from "../../db/schema";
import { idsFrom } from "../../engine/identity";
import type { RunStatus } from "../../engine/types";

/* By which index a list finds its runs, in the table of those that ended and in that of those that live. */

export interface RunFilter {
  user?: string | undefined;
  automation?: string | undefined;
  status?: RunStatus | undefined;
  /** Of runs that started then or later, in ms. */
  since?: number | undefined;
  /** Runs that came to this step. */
  step?: string | undefined;
}

export type RunTable = typeof runs | typeof liveRuns;
type Way<Table extends RunTable> = Looking<Table["$inferSelect"]>;

/** As a text of its own: the indexes are partial. */
const isAt = (table: RunTable, status: RunStatus): SQL => sql`${table.status} = ${sql.raw(`'${status}'`)}`;

export const startedSince = (table: RunTable, since: number | undefined): SQL | undefined =>
  since === undefined ? undefined : and(gte(table.startedAt, since), gte(table.id, idsFrom("run", since)));

/** Most runs complete: of those no index has all in their order, but those of each automation. */
const MOST = "completed";
/** A condition for each automation of which any did; undefined where those are more than so many. */
async function completers(log: D1Database, school: string, most: number): Promise<SQL[] | undefined> {
  const found = await database(log)
    .select({ automation: completedBy.automation })
    .from(completedBy)
    .where(eq(completedBy.school, school))
    .limit(most + 1);
  return found.length > most ? undefined : found.map(({ automation }) => eq(runs.automation, automation));
}

export function wayToEnded(
  log: D1Database,
  school: string,
  { automation, status, since }: RunFilter,
): Way<typeof runs> {
  const when = startedSince(runs, since);
  const index = "runs_by_automation";
  if (automation !== undefined) {
    const ends = status === undefined ? ENDS : [status];
    return { index, within: and(eq(runs.automation, automation), when), each: ends.map((one) => eq(runs.status, one)) };
  }
  if (status === undefined) return { within: when };
  if (status !== MOST) return { index: "runs_not_completed", within: and(isAt(runs, status), when) };
  const fits = eq(runs.status, status);
  const parts = async (most: number) => {
    const each = await completers(log, school, most);
    return each && { index, within: and(fits, when), each };
  };
  return { within: when, fits, parts };
}

/** Nearly all wait, of those that are not off. */
const MOST_LIVE = "waiting";

export function wayToLive(
  log: D1Database,
  school: string,
  { automation, status, since }: RunFilter,
): Way<typeof liveRuns> {
  const when = startedSince(liveRuns, since);
  const of = ifGiven(liveRuns.automation, automation);
  // The key of live runs begins with their automation. Left to itself, the database reads all of the school's by it.
  if (status === undefined)
    return { index: automation === undefined ? "live_runs_by_id" : undefined, within: and(of, when) };
  if (status !== MOST_LIVE) {
    const notWaiting = sql`${liveRuns.status} <> ${sql.raw(`'${MOST_LIVE}'`)}`;
    const index = automation === undefined ? "live_runs_not_waiting" : "live_runs_not_waiting_of";
    return { index, within: and(notWaiting, eq(liveRuns.status, status), of, when) };
  }
  const index = "live_runs_waiting_of";
  const fits = isAt(liveRuns, status);
  if (of) return { index, within: and(fits, of, when) };
  const parts = async (most: number) => {
    const each = await partsOf(log, { table: liveRuns, school, index, columns: [liveRuns.automation] }, [fits], most);
    return each && { index, within: and(fits, when), each };
  };
  return { index: "live_runs_by_id", within: when, fits, parts };
}
