import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import { log } from "../base/reports/log";
import type { LogBatch } from "../calls/batch";
import { isOvertaken } from "../db/guard";
import { forgetLogPlace, logsOf } from "../db/log";
import { announceFailures } from "./announce";
import { openingBatch } from "./shard";
import type { LogStatement } from "./tables/statement";
import { DIRECTORY_STATEMENTS, LOG_STATEMENTS, RUN_STATEMENTS } from "./tables/tables";
import { countEvents, takeCounted, usageOf, usageOfLog } from "./tables/usage";
import { noteWords } from "./words";
import { withZones } from "./zones";

/** The same unless their logs are to be written here. */
const REQUIRE_LOGS = `insert into guards select 0 from json_each(?) where not exists
  (select 1 from schools where id = value->>0 and epoch = value->>1 and log is null and log_moves_to is null)`;
/** Fails the batch it stands in, whole, unless all its schools are there: rows `[id, epoch]`. */
const REQUIRE_SCHOOLS = `insert into guards select 0 from json_each(?) where not exists
  (select 1 from schools where id = value->>0 and epoch = value->>1)`;
const FIND_SCHOOLS = `select value as school,
    exists (select 1 from schools where id = value->>0 and epoch = value->>1 and log_moves_to is null) as isThere,
    exists (select 1 from schools where id = value->>0 and epoch = value->>1 and log_moves_to is not null) as isMoving,
    exists (select 1 from deleted_schools where id = value->>0 and epoch >= value->>1) as isDeleted
  from json_each(?)`;

/** What became of batches for D1; those of a school that is neither there nor deleted, which is a fault, are in none. */
export interface Written {
  written: readonly LogBatch[];
  /** Not written, as their school was deleted. */
  deleted: readonly LogBatch[];
  /** Not written yet, as the log of their school is being moved. */
  waiting: readonly LogBatch[];
}

/** Writes what objects had for D1, many users in one transaction, and has the automations looked at that failed in it. */
export async function writeLog(env: Env, batches: readonly LogBatch[]): Promise<Written> {
  try {
    await writeAll(env, batches);
    return { written: batches, deleted: [], waiting: [] };
  } catch (error) {
    if (!isOvertaken(error)) throw error;
  }
  const { results } = await env.DB.prepare(FIND_SCHOOLS)
    .bind(schoolsOf(batches))
    .all<{ school: string; isThere: number; isMoving: number; isDeleted: number }>();
  const found = new Map(results.map((one) => [one.school, one]));
  const of = (what: "isThere" | "isMoving" | "isDeleted") => batches.filter((batch) => found.get(keyOf(batch))?.[what]);
  const written = of("isThere");
  // It may have been looked for where it is no more.
  for (const { school } of written) forgetLogPlace(school);
  await writeAll(env, written);
  for (const { school, isThere, isMoving, isDeleted } of results)
    if (!isThere && !isMoving && !isDeleted) log("error", "log.no_school", { subject: school });
  return { written, deleted: of("isDeleted"), waiting: of("isMoving") };
}

async function writeAll(env: Env, batches: readonly LogBatch[]): Promise<void> {
  const realNow = Date.now();
  const zoned = await withZones(env, batches);
  const places = await logsOf(env, [...new Set(zoned.map(({ school }) => school))]);
  const here = whoseLogIs(zoned, places.get(env.DB) ?? []);
  const elsewhere = zoned.filter((batch) => !here.includes(batch));
  // Before the main database: what that has heard of has been written whole.
  for (const [shard, schools] of places)
    if (shard !== env.DB) await writeInShard(env, shard, whoseLogIs(elsewhere, schools), realNow);
  const counted = takeCounted();
  // What is used stands before the rows it compares with.
  const statements = [
    ...usageOf(env, { here, elsewhere }, counted, realNow),
    ...prepared(env.DB, LOG_STATEMENTS, here, realNow),
    ...prepared(env.DB, DIRECTORY_STATEMENTS, elsewhere, realNow),
  ];
  if (statements.length)
    await env.DB.batch([
      env.DB.prepare(REQUIRE_LOGS).bind(schoolsOf(here)),
      ...(elsewhere.length ? [env.DB.prepare(REQUIRE_SCHOOLS).bind(schoolsOf(elsewhere))] : []),
      ...statements,
    ]).catch((error) => {
      countEvents(counted);
      throw error;
    });
  for (const batch of batches) noteWords(batch);
  await announceFailures(env, batches);
}

const whoseLogIs = (batches: readonly LogBatch[], schools: readonly string[]): LogBatch[] =>
  batches.filter(({ school }) => schools.includes(school));

const prepared = (db: D1Database, statements: readonly LogStatement[], batches: readonly LogBatch[], realNow: number) =>
  statements.flatMap(({ sql, rows }) =>
    textsOf(batches.flatMap((batch) => rows(batch, realNow))).map((text) => db.prepare(sql).bind(text)),
  );

/** Runs and deliveries, with their counters, in one transaction: by itself, and twice as once. */
async function writeInShard(env: Env, shard: D1Database, batches: readonly LogBatch[], realNow: number): Promise<void> {
  const told = batches.filter(({ ended, live, deliveries }) => ended.length || live.length || deliveries.length);
  if (!told.length) return;
  await shard.batch([
    ...(await openingBatch(env, shard, told)),
    ...usageOfLog(shard, told, realNow),
    ...prepared(shard, RUN_STATEMENTS, told, realNow),
  ]);
}

const keyOf = ({ school, epoch }: LogBatch): string => JSON.stringify([school, epoch]);
const schoolsOf = (batches: readonly LogBatch[]): string => `[${[...new Set(batches.map(keyOf))].join(",")}]`;
