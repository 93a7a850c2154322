import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import { log } from "../base/log";
import type { LogBatch } from "../calls/batch";
import { isOvertaken } from "../db/guard";
import { announceFailures } from "./announce";
import { LOG_STATEMENTS } from "./tables";
import { countEvents, takeCounted, usageOf } from "./usage";
import { noteWords } from "./words";
import { withZones } from "./zones";

/** Fails the batch it stands in, whole, unless all its schools are there: rows `[id, epoch]`. */
const REQUIRE_SCHOOLS = `insert into guards select 0 from json_each(?) where not exists
  (select 1 from schools where id = value->>0 and epoch = value->>1)`;
const FIND_SCHOOLS = `select value as school,
    exists (select 1 from schools where id = value->>0 and epoch = value->>1) as isThere,
    exists (select 1 from deleted_schools where id = value->>0 and epoch >= value->>1) as isDeleted
  from json_each(?)`;

/** What became of batches for D1; those of a school that is neither there nor deleted, which is a fault, are in none. */
export interface Written {
  written: readonly LogBatch[];
  /** Not written, as their school was deleted. */
  deleted: readonly LogBatch[];
}

/** Writes what objects had for D1, many users in one transaction, and has the automations looked at that failed in it. */
export async function writeLog(env: Env, batches: readonly LogBatch[]): Promise<Written> {
  try {
    await writeAll(env, batches);
    return { written: batches, deleted: [] };
  } catch (error) {
    if (!isOvertaken(error)) throw error;
  }
  const { results } = await env.DB.prepare(FIND_SCHOOLS)
    .bind(schoolsOf(batches))
    .all<{ school: string; isThere: number; isDeleted: number }>();
  const found = new Map(results.map((one) => [one.school, one]));
  const written = batches.filter((batch) => found.get(keyOf(batch))?.isThere);
  const deleted = batches.filter((batch) => found.get(keyOf(batch))?.isDeleted);
  await writeAll(env, written);
  for (const { school, isThere, isDeleted } of results)
    if (!isThere && !isDeleted) log("error", "log.no_school", { subject: school });
  return { written, deleted };
}

async function writeAll(env: Env, batches: readonly LogBatch[]): Promise<void> {
  const realNow = Date.now();
  const zoned = await withZones(env, batches);
  const counted = takeCounted();
  const statements = LOG_STATEMENTS.flatMap(({ sql, rows }) =>
    textsOf(zoned.flatMap((batch) => rows(batch, realNow))).map((text) => env.DB.prepare(sql).bind(text)),
  );
  // Before the rows it compares with.
  statements.unshift(...usageOf(env, zoned, counted, realNow));
  if (statements.length)
    await env.DB.batch([env.DB.prepare(REQUIRE_SCHOOLS).bind(schoolsOf(batches)), ...statements]).catch((error) => {
      countEvents(counted);
      throw error;
    });
  for (const batch of batches) noteWords(batch);
  await announceFailures(env, batches);
}

const keyOf = ({ school, epoch }: LogBatch): string => JSON.stringify([school, epoch]);
const schoolsOf = (batches: readonly LogBatch[]): string => `[${[...new Set(batches.map(keyOf))].join(",")}]`;
