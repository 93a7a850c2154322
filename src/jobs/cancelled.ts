import type { Env } from "../base/env";
import { appended } from "./appended";
import { type JobFault, type JobRow, LEASE_MS, MAX_FAULT_CHARACTERS, withinBounds } from "./store";

/*
 * A page that is under way when its job is stopped is its last: what it did stays, and so the job tells of it.
 */

/** What a page did that could not be saved as progress. */
interface Did {
  /** When the page claimed what it went over. */
  claimedAt: number;
  done: number;
  faults: readonly JobFault[];
  found: readonly string[];
  /** What the job answers now; undefined: as before. */
  result?: unknown;
}

/** `?3`: done, `?4`: faults, `?5`: found, `?6`: the result, or null. */
const ADD = `update jobs set
    done = done + ?3,
    total = max(total, done + ?3),
    errors = iif(?4 = '[]' or length(errors) + length(?4) > ${MAX_FAULT_CHARACTERS}, errors, ${appended("errors", "?4")}),
    found = iif(found is null or ?5 = '[]', found, json_object('count', (found ->> 'count') + json_array_length(?5),
      'users', json(${appended("found ->> 'users'", "?5")}))),
    result = coalesce(?6, result)
  where school = ?1 and id = ?2 and status = 'cancelled'`;

/** Adds to a job that was stopped meanwhile what a page of it did; nothing where another page may have done the same. */
export async function addToCancelled(
  env: Env,
  { school, id }: Pick<JobRow, "school" | "id">,
  { claimedAt, done, faults, found, result }: Did,
): Promise<void> {
  if (Date.now() - claimedAt >= LEASE_MS) return;
  await env.DB.prepare(ADD)
    .bind(
      ...[school, id, done, JSON.stringify(withinBounds(faults)), JSON.stringify(found)],
      result === undefined ? null : JSON.stringify(result),
    )
    .run();
}
