import type { RunStatus } from "../../engine/types";

/* How many runs of an automation there can be in the log, by what was counted of them: see `journal/counts.ts`. */

interface Counted {
  n: number;
  /** From when on they are counted, by the school's clock, ms: what ran before, or in that moment, may be another's of its id. */
  since: number;
  /** When the first of them began that is there; later than ever where none is. */
  first: number;
}

const COUNTED = `select created_at as since, coalesce((select n from run_counts
    where school = ?1 and automation = ?2 and step = '' and status = ?3), 0) as n,
  min(coalesce((select started_at from runs indexed by runs_by_automation
      where school = ?1 and automation = ?2 order by id limit 1), 9e15),
    coalesce((select started_at from live_runs where school = ?1 and automation = ?2 order by id limit 1), 9e15)) as first
  from automations where school = ?1 and id = ?2`;

/** So many at most have a status; undefined where it is not known, as of an automation that was deleted. */
export async function mostOf(
  log: { DB: D1Database },
  school: string,
  automation: string | undefined,
  status: RunStatus,
): Promise<number | undefined> {
  if (automation === undefined) return undefined;
  const counted = await log.DB.prepare(COUNTED).bind(school, automation, status).first<Counted>();
  return counted && counted.first > counted.since ? counted.n : undefined;
}
