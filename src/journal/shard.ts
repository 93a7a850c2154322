import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import type { LogBatch } from "../calls/batch";
import type { SchoolEpoch } from "../calls/user";
import { KEPT_SETTINGS } from "../world/kept";

/*
 * A shard knows of schools and automations what the log's statements ask, so that these are the same in every database:
 * whoever writes there brings it along. A school that is deleted, or whose log moves away, is closed there first, for good:
 * who still believes it there has the whole batch fail, and looks again.
 */

/** What a shard is told of a school; its settings are those of `world/kept.ts`. */
type SchoolRow = [id: string, epoch: number, now: number | null, settings: string];

/** Fails the batch it stands in, whole, when one of its schools, rows `[id, epoch]`, is closed. */
const REQUIRE_OPEN = `insert into guards select 0 from json_each(?) where exists
  (select 1 from closed_schools where school = value->>0 and epoch = value->>1)`;
const CLOSE = "insert or ignore into closed_schools (school, epoch) values (?, ?)";

const LEARN_SCHOOLS = `insert into schools (id, epoch, now, settings)
  select value->>0, value->>1, value->>2, value->>3 from json_each(?) where true
  on conflict (id) do update set epoch = excluded.epoch, now = excluded.now, settings = excluded.settings
  where epoch <> excluded.epoch or now is not excluded.now or settings <> excluded.settings`;
/** Of one that is gone, or another of its id: what came in while it was deleted. */
const DROP_COUNTS = `delete from run_counts where (school, automation) in (
  select told.value->>0, told.value->>1 from json_each(?) as told
  left join automations on automations.school = told.value->>0 and automations.id = told.value->>1
  where coalesce(automations.created_at <> told.value->>2, told.value->>2 is null))`;
const LEARN_AUTOMATIONS = `insert into automations (school, id, created_at)
  select value->>0, value->>1, value->>2 from json_each(?) where true
  on conflict (school, id) do update set created_at = excluded.created_at where created_at <> excluded.created_at`;
/** Rows `[school, id]`: those of them that the main database has no more. */
const FORGET_AUTOMATIONS =
  "delete from automations where (school, id) in (select value->>0, value->>1 from json_each(?))";

const SCHOOLS = `select schools.id, epoch, now, ${KEPT_SETTINGS} as settings from json_each(?1) as asked
  cross join schools on schools.id = asked.value`;
const AUTOMATIONS = `select school, automations.id, created_at as createdAt from json_each(?1) as asked
  cross join automations on automations.school = asked.value->>0 and automations.id = asked.value->>1`;

const schoolsOf = (batches: readonly LogBatch[]): string[] => [...new Set(batches.map(({ school }) => school))];
const automationsOf = (batches: readonly LogBatch[]): string[] => [
  ...new Set(
    batches.flatMap(({ school, ended, live, deliveries }) =>
      [...ended, ...live, ...deliveries].flatMap(({ automation }) =>
        automation === "" ? [] : JSON.stringify([school, automation]),
      ),
    ),
  ),
];

/** What the main database has of schools, as a shard keeps it. @param ids as JSON */
export async function knownOfSchools(env: Env, ids: string): Promise<SchoolRow[]> {
  const { results } = await env.DB.prepare(SCHOOLS).bind(ids).all<KnownSchool>();
  return rowsOfSchools(results);
}

interface KnownSchool {
  id: string;
  epoch: number;
  now: number | null;
  settings: string;
}

const rowsOfSchools = (found: readonly KnownSchool[]): SchoolRow[] =>
  found.map(({ id, epoch, now, settings }) => [id, epoch, now, settings]);

/** What opens a batch in a shard: it is for open schools alone, and knows of them what is asked next. */
export async function openingBatch(
  env: Env,
  shard: D1Database,
  batches: readonly LogBatch[],
): Promise<D1PreparedStatement[]> {
  const named = automationsOf(batches);
  // One call for both: what is asked of them is short.
  const [found, known] = await env.DB.batch<unknown>([
    env.DB.prepare(AUTOMATIONS).bind(`[${named.join(",")}]`),
    env.DB.prepare(SCHOOLS).bind(JSON.stringify(schoolsOf(batches))),
  ]);
  // As the statements say.
  const there = (found?.results ?? []) as { school: string; id: string; createdAt: number }[];
  const schools = rowsOfSchools((known?.results ?? []) as KnownSchool[]);
  const keys = new Set(there.map(({ school, id }) => JSON.stringify([school, id])));
  const gone = named.filter((key) => !keys.has(key));
  const epochs = new Set(batches.map(({ school, epoch }) => JSON.stringify([school, epoch])));
  return [
    shard.prepare(REQUIRE_OPEN).bind(`[${[...epochs].join(",")}]`),
    ...learningSchools(shard, schools),
    ...textsOf(there.map(({ school, id, createdAt }) => [school, id, createdAt])).flatMap((text) =>
      [DROP_COUNTS, LEARN_AUTOMATIONS].map((sql) => shard.prepare(sql).bind(text)),
    ),
    ...(gone.length ? forgetting(shard, `[${gone.join(",")}]`) : []),
  ];
}

export const learningSchools = (shard: D1Database, schools: readonly SchoolRow[]): D1PreparedStatement[] =>
  textsOf(schools).map((text) => shard.prepare(LEARN_SCHOOLS).bind(text));

/** What lets a school write in a shard no more. */
export const closing = (shard: D1Database, { id, epoch }: SchoolEpoch): D1PreparedStatement =>
  shard.prepare(CLOSE).bind(id, epoch);

/** The same where its log is to come: what is known there of its automations is of an earlier stay. */
export const awaiting = (shard: D1Database, school: SchoolEpoch): D1PreparedStatement[] => [
  closing(shard, school),
  shard.prepare("delete from automations where school = ?").bind(school.id),
];

/** What lets it write there, again or for the first time, and has what is kept for a time only go even if it never does. */
export const opening = async (
  env: Env,
  shard: D1Database,
  { id, epoch }: SchoolEpoch,
): Promise<D1PreparedStatement[]> => [
  ...learningSchools(shard, await knownOfSchools(env, JSON.stringify([id]))),
  shard.prepare("delete from closed_schools where school = ? and epoch = ?").bind(id, epoch),
];

/** The same of one that is deleted: nothing is asked about it any more. */
export const forgettingSchool = (shard: D1Database, school: SchoolEpoch): D1PreparedStatement[] => [
  closing(shard, school),
  shard.prepare("delete from automations where school = ?").bind(school.id),
  shard.prepare("delete from schools where id = ? and epoch = ?").bind(school.id, school.epoch),
];

const forgetting = (shard: D1Database, keys: string): D1PreparedStatement[] =>
  [DROP_COUNTS, FORGET_AUTOMATIONS].map((sql) => shard.prepare(sql).bind(keys));

/** What takes away what is counted of an automation that is gone. */
export const forgettingAutomation = (shard: D1Database, school: string, id: string): D1PreparedStatement[] =>
  forgetting(shard, JSON.stringify([[school, id]]));
