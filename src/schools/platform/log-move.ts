import { and, asc, type Column, eq, getTableColumns, isNull, type SQL, sql } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import type { Env } from "../../base/env";
import { invalid, Problem } from "../../base/errors/errors";
import { readJson, textsOf } from "../../base/json";
import { type Jurisdiction, jurisdictionOf } from "../../base/jurisdiction";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { isOvertaken, requireRow } from "../../db/guard";
import { PAGE_BYTES } from "../../db/lists/fitting";
import {
  bindingsFor,
  forgetLogPlace,
  jurisdictionAt,
  type LogPlace,
  logAt,
  MAIN,
  PLACE_KEPT_MS,
  placeNamed,
  shardsOf,
} from "../../db/log";
import { dayCounts, deliveries, liveRuns, runCounts, runs, schools } from "../../db/schema";
import { awaiting, closing, opening } from "../../journal/shard";
import { getSchool } from "../find";
import { beginning, type PlatformJob, platformJob, setGoing, startPlatformJob } from "./jobs";

/*
 * A school's log moves to another database. Nothing is written of it meanwhile: objects keep what they have to tell until
 * they hear that it is written, and tell it at the new place. It is read at the old one until all has been copied. So a row
 * is copied once as it stays, and counters with it.
 */

const KIND = "log_move";
/** Longer than anybody believes a school at its old place, with what they then had begun. */
const LINGER_MS = 2 * PLACE_KEPT_MS;
/** So many rows a page at most, and so many deleted. */
const ROWS = 500;

const TABLES = [runs, liveRuns, runCounts, dayCounts, deliveries] as const satisfies readonly SQLiteTable[];

const params = z.object({ school: z.string(), epoch: z.int(), from: z.string(), to: z.string() });
type Move = z.infer<typeof params>;

const cursor = z.discriminatedUnion("part", [
  z.object({ part: z.enum(["quiet", "read"]), until: z.number() }),
  z.object({ part: z.literal("copy"), table: z.int(), after: z.array(z.string()) }),
  z.object({ part: z.literal("clear") }),
]);
type Cursor = z.infer<typeof cursor>;

const idOf = (school: string): string => `log-${school}`;
const nameOf = (place: LogPlace): string => place ?? MAIN;

export interface LogState {
  log: string;
  movesTo: string | null;
  /** Of the last move that began; null: it never moved. */
  move: { to: string; done: number; beganAt: number; endedAt: number | null } | null;
}

/** Where a school's log lies, and what became of its last move. */
export async function logState(env: Env, id: string): Promise<LogState> {
  const { log, logMovesTo } = await placeOf(env, id);
  const row = await platformJob(env, idOf(id));
  return {
    log: nameOf(log),
    movesTo: logMovesTo,
    move: row
      ? { to: readJson(params, row.params).to, done: row.done, beganAt: row.beganAt, endedAt: row.endedAt }
      : null,
  };
}

async function placeOf(env: Env, id: string) {
  await getSchool(env, id);
  const row = await database(env.DB)
    .select({ epoch: schools.epoch, log: schools.log, logMovesTo: schools.logMovesTo })
    .from(schools)
    .where(eq(schools.id, id))
    .get();
  return row ?? { epoch: 1, log: null, logMovesTo: null };
}

/** Begins to move a school's log. @param to `main`, or a shard by its number; 422 where none is bound by it */
export async function startLogMove(env: Env, id: string, to: string, who: string): Promise<void> {
  const { epoch, log, logMovesTo } = await placeOf(env, id);
  const jurisdiction = jurisdictionOf(epoch);
  if ((to !== MAIN && !shardsOf(env).has(to)) || jurisdictionAt(placeNamed(to)) !== jurisdiction)
    throw invalid([{ path: "/to", message: placesFor(env, jurisdiction) }]);
  if (logMovesTo !== null && logMovesTo !== to) throw new Problem("conflict", `It is being moved to ${logMovesTo}.`);
  if (logMovesTo === null) {
    const last = await platformJob(env, idOf(id));
    if (last && last.endedAt === null) throw new Problem("conflict", "What its last move left is being cleared.");
    if (nameOf(log) === to) throw new Problem("conflict", "It lies there already.");
    await begin(env, { school: id, epoch, from: nameOf(log), to }, who);
  } else await startPlatformJob(env, logMoveJob, idOf(id), { school: id, epoch, from: nameOf(log), to } satisfies Move);
}

function placesFor(env: Env, jurisdiction: Jurisdiction): string {
  const bound = [...shardsOf(env).keys()].filter((place) => jurisdictionAt(place) === jurisdiction);
  const names = [...(jurisdiction === null ? [MAIN] : []), ...bound].map((name) => JSON.stringify(name)).join(", ");
  return jurisdiction === null
    ? `"main", or the number of a database bound as LOG_<number>, of this school: ${names}`
    : `what stands behind LOG_ in the name of a database bound as ${bindingsFor(jurisdiction)}, of this school: ${names}`;
}

/** From now on nobody writes there; what moves it stands in the same batch, or a log could stand still for ever. */
async function begin(env: Env, move: Move, who: string): Promise<void> {
  const { school, epoch, to } = move;
  const db = database(env.DB);
  const stands = and(eq(schools.id, school), eq(schools.epoch, epoch), isNull(schools.logMovesTo));
  try {
    await db.batch([
      requireRow(db, schools, stands),
      db.update(schools).set({ logMovesTo: to }).where(stands),
      recordAudit(db, { school: "", who, what: "school.log_moved", subject: school, after: { to } }),
      beginning(db, logMoveJob, idOf(school), move, 0),
    ]);
  } catch (error) {
    if (isOvertaken(error)) throw new Problem("conflict", "Somebody else is moving it.");
    throw error;
  }
  await closeBoth(env, move);
  await setGoing(env, idOf(school));
}

/** The new place is opened when all has been copied: whoever would copy then is refused there (`copyPage`). */
async function closeBoth(env: Env, { school, epoch, from, to }: Move): Promise<void> {
  const [source, target] = [logAt(env, placeNamed(from)), logAt(env, placeNamed(to))];
  if (source !== env.DB) await closing(source, { id: school, epoch }).run();
  if (target !== env.DB) await target.batch(awaiting(target, { id: school, epoch }));
}

async function open(env: Env, { school, epoch, to }: Move): Promise<void> {
  const target = logAt(env, placeNamed(to));
  if (target !== env.DB) await target.batch(await opening(env, target, { id: school, epoch }));
}

export const logMoveJob: PlatformJob = {
  kind: KIND,
  total: async () => 0,
  page: async (env, given, after) => {
    const move = params.parse(given);
    const now = Date.now();
    const at: Cursor = after === null ? { part: "quiet", until: now + LINGER_MS } : readJson(cursor, after);
    const { next, done } = await step(env, move, at, now);
    const waits =
      next !== null && "until" in next ? { waitSeconds: Math.max(1, Math.ceil((next.until - now) / 1_000)) } : {};
    return { next: next && JSON.stringify(next), done, counts: {}, ...waits };
  },
  againAt: () => null,
};

interface Stepped {
  next: Cursor | null;
  done: number;
}

async function step(env: Env, move: Move, at: Cursor, now: number): Promise<Stepped> {
  // Deleted meanwhile: it is cleared wherever something of it lies.
  const found = await env.DB.prepare("select log_moves_to as movesTo from schools where id = ? and epoch = ?")
    .bind(move.school, move.epoch)
    .first<{ movesTo: string | null }>();
  if (!found) return { next: null, done: 0 };
  // It has arrived, and whoever saw to that was cut off: a row copied once more would undo what was written there since.
  if ((at.part === "copy" || at.part === "quiet") && found.movesTo !== move.to)
    return { next: { part: "read", until: now + LINGER_MS }, done: 0 };
  if ("until" in at && now < at.until) return { next: at, done: 0 };
  const source = logAt(env, placeNamed(move.from));
  switch (at.part) {
    case "quiet":
      // Cut off before it was closed, or begun twice: as once.
      await closeBoth(env, move);
      return { next: { part: "copy", table: 0, after: [] }, done: 0 };
    case "copy": {
      const copied = await copyPage(env, move, at);
      // It was opened, and whoever did that was cut off before saying so: nobody knew, and all is copied again.
      if (copied === null) return { next: { part: "quiet", until: now }, done: 0 };
      if (copied.next === null) await arrive(env, move);
      return { ...copied, next: copied.next ?? { part: "read", until: now + LINGER_MS } };
    }
    case "read":
      // Another page that closed it may have come late.
      await open(env, move);
      return { next: { part: "clear" }, done: 0 };
    case "clear": {
      const cleared = await source.batch(TABLES.map((table) => someGone(source, table, move.school)));
      return { next: cleared.some(({ meta }) => meta.changes > 0) ? at : null, done: 0 };
    }
  }
}

const keyOf = (table: SQLiteTable): Column[] =>
  getTableConfig(table)
    .primaryKeys.flatMap((one) => one.columns)
    .filter(({ name }) => name !== "school");
const columnsOf = (table: SQLiteTable): string[] =>
  Object.values<Column>(getTableColumns(table)).map(({ name }) => name);
const nameIn = (table: SQLiteTable): string => getTableConfig(table).name;

/** Fails the batch it stands in unless the new place is still to be opened. */
function requireUnopened(env: Env, target: D1Database, { school, epoch, to }: Move): D1PreparedStatement {
  return target === env.DB
    ? target
        .prepare(
          "insert into guards select 0 where not exists (select 1 from schools where id = ? and epoch = ? and log_moves_to = ?)",
        )
        .bind(school, epoch, to)
    : target
        .prepare(
          "insert into guards select 0 where not exists (select 1 from closed_schools where school = ? and epoch = ?)",
        )
        .bind(school, epoch);
}

/**
 * Copies the next rows, as many as fit into a page, and says where those behind them begin, null where there are no more.
 * Null: it is too late to copy, for the new place was opened.
 */
async function copyPage(env: Env, move: Move, at: Extract<Cursor, { part: "copy" }>): Promise<Stepped | null> {
  const { school, from, to } = move;
  const table = TABLES[at.table];
  if (!table) return { next: null, done: 0 };
  const [source, target] = [logAt(env, placeNamed(from)), logAt(env, placeNamed(to))];
  const key = keyOf(table);
  const place = sql`(${sql.join(key, sql`, `)})`;
  const behind = at.after.length ? at.after : key.map(() => "");
  const ofSchool = sql`${table} where school = ${school} and ${place} > ${sql`(${sql.join(
    behind.map((one) => sql`${one}`),
    sql`, `,
  )})`} order by ${sql.join(key.map(asc), sql`, `)}`;
  const fits = await rowsThatFit(source, table, ofSchool);
  const names = columnsOf(table);
  const rows: Record<string, unknown>[] = fits
    ? await database(source).all(sql`select * from ${ofSchool} limit ${fits}`)
    : [];
  const into = `insert or replace into ${nameIn(table)} (${names.map((name) => `"${name}"`).join()})
    select ${names.map((_, n) => `value->>${n}`).join()} from json_each(?)`;
  const texts = textsOf(rows.map((row) => names.map((name) => row[name])));
  if (texts.length) {
    try {
      await target.batch([requireUnopened(env, target, move), ...texts.map((text) => target.prepare(into).bind(text))]);
    } catch (error) {
      if (isOvertaken(error)) return null;
      throw error;
    }
  }
  const last = rows.at(-1);
  const next: Cursor = last
    ? { ...at, after: key.map(({ name }) => String(last[name])) }
    : { part: "copy", table: at.table + 1, after: [] };
  return { next, done: rows.length };
}

/** How many of the next rows fit into a page: one at least, where there is one. */
async function rowsThatFit(source: D1Database, table: SQLiteTable, ofSchool: SQL): Promise<number> {
  const size = sql.raw(
    columnsOf(table)
      .map((name) => `coalesce(octet_length("${name}"), 0)`)
      .join(" + "),
  );
  const sizes = await database(source).all<{ bytes: number }>(
    sql`select ${size} as bytes from ${ofSchool} limit ${ROWS}`,
  );
  let bytes = 0;
  const over = sizes.findIndex((row) => {
    bytes += row.bytes;
    return bytes > PAGE_BYTES;
  });
  return over === -1 ? sizes.length : Math.max(1, over);
}

/** It is read and written at the new place. */
async function arrive(env: Env, move: Move): Promise<void> {
  const { school, epoch, to } = move;
  await open(env, move);
  await database(env.DB)
    .update(schools)
    .set({ log: placeNamed(to), logMovesTo: null })
    .where(and(eq(schools.id, school), eq(schools.epoch, epoch)));
  forgetLogPlace(school);
}

function someGone(source: D1Database, table: SQLiteTable, school: string): D1PreparedStatement {
  const key = keyOf(table)
    .map(({ name }) => `"${name}"`)
    .join();
  const name = nameIn(table);
  return source
    .prepare(
      `delete from ${name} where (school, ${key}) in (select school, ${key} from ${name} where school = ?1 limit ${ROWS})`,
    )
    .bind(school);
}
