import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { JURISDICTIONS, type Jurisdiction } from "../base/jurisdiction";

/*
 * Where a school's log lies: runs, what is counted of them and of days, deliveries, and what of the usage is counted by
 * these. In the main database, or in a shard, `LOG_0` and those behind it, so that no installation ends where one database
 * is full; of a school that has a jurisdiction only ever in one of it, `LOG_EU_0` and those behind it. All else lies in the
 * main database, and no statement touches both. See docs/decisions/0028-log-shards.md.
 */

const BINDING = /^LOG_((?:(EU|US)_)?\d+)$/;
/** A school's place is fixed but for its log's move, whose old rows stay for longer than this. */
export const PLACE_KEPT_MS = 30_000;
const RETRY_SECONDS = 60;

/** A place that schools name: `0` is LOG_0, `EU_0` is LOG_EU_0; null: the main database. */
export type LogPlace = string | null;
/** What the main database is called where a school says to where its log moves. */
export const MAIN = "main";

const shards = new WeakMap<Env, ReadonlyMap<string, D1Database>>();

/** The shards that are bound, by the names that schools know them by. */
export function shardsOf(env: Env): ReadonlyMap<string, D1Database> {
  let found = shards.get(env);
  if (!found) {
    found = new Map(
      Object.keys(env)
        .flatMap((name) => BINDING.exec(name)?.[1] ?? [])
        .sort((a, b) => numberOf(a) - numberOf(b) || a.localeCompare(b))
        // Bound by such a name is a database: docs/guides/operating.md.
        .map((n) => [n, env[`LOG_${n}`] as D1Database]),
    );
    shards.set(env, found);
  }
  return found;
}

const numberOf = (place: string): number => Number(/\d+$/.exec(place)?.[0]);

/** In which jurisdiction a database has to be that is bound by such a name. */
export const jurisdictionAt = (place: LogPlace): Jurisdiction =>
  JURISDICTIONS.find((one) => place?.startsWith(`${one.toUpperCase()}_`)) ?? null;

/** What databases are called that may have the log of a school. */
export const bindingsFor = (jurisdiction: Jurisdiction): string =>
  jurisdiction === null ? "LOG_<number>" : `LOG_${jurisdiction.toUpperCase()}_<number>`;

/** The place that a move names. */
export const placeNamed = (name: string): LogPlace => (name === MAIN ? null : name);

/** The database of a place. Throws where it is bound no more: what lies there is not to be had. */
export function logAt(env: Env, place: LogPlace): D1Database {
  if (place === null) return env.DB;
  const shard = shardsOf(env).get(place);
  if (!shard) throw new Error(`the binding LOG_${place} is missing`);
  return shard;
}

/** All databases in which logs lie. */
export const everyLog = (env: Env): D1Database[] => [env.DB, ...shardsOf(env).values()];

const places = new Cache<{ place: LogPlace }>({ entries: 10_000 });

const PLACES = "select schools.id, log from json_each(?1) as asked cross join schools on schools.id = asked.value";

/** The databases in which the logs of some schools lie, with whose lie there: the main one's for a school that is gone. */
export async function logsOf(env: Env, schools: readonly string[]): Promise<Map<D1Database, string[]>> {
  if (shardsOf(env).size === 0) return new Map([[env.DB, [...schools]]]);
  const now = Date.now();
  const unknown = schools.filter((school) => !places.get(school, now));
  if (unknown.length) {
    const { results } = await env.DB.prepare(PLACES).bind(JSON.stringify(unknown)).all<{ id: string; log: LogPlace }>();
    for (const { id, log } of results) places.set(id, { place: log }, now + PLACE_KEPT_MS);
  }
  const found = new Map<D1Database, string[]>();
  for (const school of schools) {
    const log = logAt(env, places.get(school, now)?.place ?? null);
    found.set(log, [...(found.get(log) ?? []), school]);
  }
  return found;
}

/** The database in which a school's log lies. */
export async function logOf(env: Env, school: string): Promise<D1Database> {
  const [log = env.DB] = (await logsOf(env, [school])).keys();
  return log;
}

/** Has a place looked up anew. */
export const forgetLogPlace = (school: string): void => places.delete(school);

export interface LogSize {
  place: LogPlace;
  bytes: number;
}

/** How large each database is in which logs lie. */
export const logSizes = (env: Env): Promise<LogSize[]> =>
  Promise.all(
    [[null, env.DB] as const, ...shardsOf(env)].map(async ([place, db]) => {
      const { meta } = await db.prepare("select 1").all();
      return { place, bytes: meta.size_after };
    }),
  );

/** What Cloudflare lets a database of D1 hold. */
const MOST_BYTES = 10 * 1024 ** 3;
const NEARLY = 0.8;

/** What is to be said of databases that are nearly full. */
export const nearlyFull = (sizes: readonly LogSize[]): string[] =>
  sizes
    .filter(({ bytes }) => bytes > NEARLY * MOST_BYTES)
    .map(({ place, bytes }) => {
      const name = place === null ? "the main database" : `LOG_${place}`;
      const share = Math.floor((100 * bytes) / MOST_BYTES);
      return `${name} is ${share} % full: bind another ${bindingsFor(jurisdictionAt(place))} and move logs there (docs/guides/operating.md).`;
    });

const said = new WeakMap<D1Database, { until: number; texts: string[] }>();
const LOOK_AGAIN_MS = 10 * 60_000;

/** The same of those there are, looked at now and then. */
export async function nearlyFullNow(env: Env): Promise<string[]> {
  const known = said.get(env.DB);
  if (known && Date.now() < known.until) return known.texts;
  const texts = nearlyFull(await logSizes(env));
  said.set(env.DB, { until: Date.now() + LOOK_AGAIN_MS, texts });
  return texts;
}

/** The smallest shard of a jurisdiction, the first of those alike; without one the main database, which has none. */
export function smallestOf(sizes: readonly LogSize[], jurisdiction: Jurisdiction): LogPlace | undefined {
  const [first, ...rest] = sizes.filter(({ place }) => place !== null && jurisdictionAt(place) === jurisdiction);
  if (!first) return jurisdiction === null ? null : undefined;
  return rest.reduce((least, one) => (one.bytes < least.bytes ? one : least), first).place;
}

/** Where a new school's log is to lie; undefined: no database is bound that may have it. */
export const placeForNew = async (env: Env, jurisdiction: Jurisdiction = null): Promise<LogPlace | undefined> =>
  smallestOf(shardsOf(env).size === 0 ? [] : await logSizes(env), jurisdiction);

const OPEN = "select log, log_moves_to as movesTo from schools where id = ?";

/**
 * The same for whoever takes rows away or gives them to another: 503 while the log is being moved, as what was copied
 * already would come back.
 */
export async function openLogOf(env: Env, school: string): Promise<D1Database> {
  if (shardsOf(env).size === 0) return env.DB;
  const row = await env.DB.prepare(OPEN).bind(school).first<{ log: LogPlace; movesTo: LogPlace }>();
  if (row && row.movesTo !== null)
    throw new Problem("unavailable", "The school's log is being moved. Try again later.", undefined, RETRY_SECONDS);
  return logAt(env, row?.log ?? null);
}
