import { and, asc, eq, gte, sql } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../../base/env";
import { readJson } from "../../base/json";
import { database } from "../../db/client";
import { jobChunks } from "../../db/schema";
import type { Edge, JobLine, JobScene } from "../define";

/*
 * The list that a job goes through where it is none of our tables (a file's lines, ids that were given): numbered
 * texts, kept in pieces that a D1 row can hold.
 */

const entries = z.array(z.tuple([z.number(), z.string()]));

const CHUNK_CHARACTERS = 64 * 1024;
const CHUNKS_A_BATCH = 16;

/**
 * Keeps the entries of a job. To be called before the job's row is made; entries whose job got no row are swept away
 * later.
 */
export async function storeEntries(
  env: Env,
  school: string,
  job: string,
  given: Iterable<JobLine> | AsyncIterable<JobLine>,
): Promise<void> {
  const db = database(env.DB);
  let n = 0;
  let rows: (typeof jobChunks.$inferInsert)[] = [];
  let chunk: JobLine[] = [];
  let size = 0;
  const close = () => {
    rows.push({ school, job, n: n++, body: JSON.stringify(chunk) });
    chunk = [];
    size = 0;
  };
  const write = async () => {
    // One statement, of four values a row: a set of files may make thousands of chunks.
    // Asked again after it was cut off, a request finds its own.
    if (rows.length)
      await db
        .insert(jobChunks)
        .values(rows)
        .onConflictDoUpdate({
          target: [jobChunks.school, jobChunks.job, jobChunks.n],
          set: { body: sql`excluded.body` },
        });
    rows = [];
  };
  for await (const entry of given) {
    chunk.push(entry);
    size += entry[1].length;
    if (size >= CHUNK_CHARACTERS) close();
    if (rows.length >= CHUNKS_A_BATCH) await write();
  }
  if (chunk.length) close();
  await write();
}

/** Drops the entries of a job that is not made after all, or has ended. */
export const dropEntries = (env: Env, school: string, job: string): Promise<unknown> =>
  database(env.DB)
    .delete(jobChunks)
    .where(and(eq(jobChunks.school, school), eq(jobChunks.job, job)))
    .run();

const place = z.tuple([z.number(), z.number()]);

const placeIn = (cursor: string) => readJson(place, cursor);

/** Up to `limit` entries behind a cursor, in order, each with the cursor behind itself. @param until no further than to there */
export async function readEntries(
  { env, school, job }: JobScene,
  after: string | null,
  limit: number,
  until: string | null = null,
) {
  const [from, skip] = after === null ? [0, 0] : placeIn(after);
  const [end] = until === null ? [Number.MAX_SAFE_INTEGER] : placeIn(until);
  const found: { cursor: string; n: number; text: string }[] = [];
  for (let chunk = from; found.length < limit && chunk < end; chunk++) {
    const row = await database(env.DB)
      .select()
      .from(jobChunks)
      .where(and(eq(jobChunks.school, school.id), eq(jobChunks.job, job), gte(jobChunks.n, chunk)))
      .orderBy(asc(jobChunks.n))
      .limit(1)
      .get();
    if (!row) break;
    const list = readJson(entries, row.body);
    for (let index = chunk === from ? skip : 0; index < list.length && found.length < limit; index++) {
      const [n, text] = list[index] ?? [0, ""];
      found.push({ cursor: JSON.stringify([chunk, index + 1]), n, text });
    }
  }
  return found;
}

const SIZES = `select n, json_array_length(body) as items from job_chunks where school = ?1 and job = ?2 and n >= ?3
  order by n limit ?4`;
/** A chunk has some hundred lines at least: so many hold more than a range has. */
const CHUNKS_OF_A_RANGE = 16;

/** Where a range of a list may end: before the chunk behind those that hold `size` entries. */
export async function edgeOfEntries({ env, school, job }: JobScene, after: string | null, size: number): Promise<Edge> {
  const [from] = after === null ? [0] : placeIn(after);
  const { results } = await env.DB.prepare(SIZES)
    .bind(school.id, job, from, CHUNKS_OF_A_RANGE + 1)
    .all<{ n: number; items: number }>();
  let items = 0;
  for (const row of results) {
    if (items >= size || row.n === from + CHUNKS_OF_A_RANGE) return { until: JSON.stringify([row.n, 0]), items };
    items += row.items;
  }
  return { until: null, items };
}
