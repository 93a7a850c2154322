import { sql } from "drizzle-orm";
import type { RunStatus } from "../../engine/types";
import type { Database } from "../client";
import { liveRuns, runs } from "../schema";
import { merged } from "./merged";

/*
 * Runs that have ended, by automation: the index has those of each end in their order, as lists by a status need it.
 */

/** Each status says whether it is an end, so that none is left out. */
const IS_END: Readonly<Record<RunStatus, boolean>> = {
  completed: true,
  exited: true,
  failed: true,
  cancelled: true,
  queued: false,
  running: false,
  waiting: false,
  held: false,
};

/** All that a run may come to. */
export const RUN_STATUSES: readonly string[] = Object.keys(IS_END);

/** How a run ends. */
export const ENDS: readonly string[] = Object.entries(IS_END).flatMap(([status, isEnd]) => (isEnd ? [status] : []));

interface Asked {
  school: string;
  automation: string;
  /** Behind this id, and before that. */
  after: string;
  before?: string;
}

/** The runs of an automation, live ones and ended ones, in the order of their ids. */
export function runsOf(
  db: Database,
  { school, automation, after, before }: Asked,
  limit: number,
): Promise<{ id: string; user: string }[]> {
  const within = sql`school = ${school} and automation = ${automation} and id > ${after}
    ${before === undefined ? sql`` : sql`and id < ${before}`}`;
  const live = sql`select id, user from ${liveRuns} where ${within}`;
  const ended = ENDS.map(
    (status) => sql`select id, user from ${runs} indexed by runs_by_automation where status = ${status} and ${within}`,
  );
  return db.all(merged([live, ...ended], [runs.id], { limit }));
}
