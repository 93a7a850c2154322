import * as z from "zod";
import type { Env } from "../base/env";
import { readJson, textsOf } from "../base/json";
import { FILES, type LearnerFile, type Lines } from "./lines";

/*
 * What a pack is made of, as it is kept: lines of its files in pieces of one learner each, so that an erasure takes theirs
 * and leaves the rest. The zip is put together anew each time that it is asked for.
 */

export type PartFile = LearnerFile | "erased" | "definitions";

/** A piece is no longer, so that a row holds it. */
const PIECE_CHARACTERS = 64 * 1024;
/** So much is read at once. */
const PAGE_CHARACTERS = 1_000_000;
const PAGE_ROWS = 2_000;

const lines = z.array(z.array(z.string()));

type Row = [file: PartFile, user: string, n: number, body: string, knownAt: number];

/** @param knownAt since when the learner is known: whoever has the id since is another */
export function rowsOf(user: string, knownAt: number, of: Lines): Row[] {
  // Object.keys forgets which they are.
  return (Object.keys(FILES) as LearnerFile[]).flatMap((file) => {
    const rows: Row[] = [];
    let piece: string[] = [];
    let length = 0;
    const close = (): void => {
      if (piece.length) rows.push([file, user, rows.length, `[${piece.join()}]`, knownAt]);
      piece = [];
      length = 0;
    };
    for (const line of of[file]) {
      const text = JSON.stringify(line);
      if (length + text.length > PIECE_CHARACTERS) close();
      piece.push(text);
      length += text.length;
    }
    close();
    return rows;
  });
}

/** Who was erased since they were asked is left out, in one transaction with the look. */
const PUT = `insert into evidence_parts (school, job, file, user, n, body)
  select ?1, ?2, value->>0, value->>1, value->>2, value->>3 from json_each(?3)
  where exists (select 1 from users where users.school = ?1 and users.id = value->>1 and users.created_at <= value->>4)
  on conflict do update set body = excluded.body`;

/** A text of the school's own, in pieces. */
const PUT_OWN = `insert into evidence_parts (school, job, file, user, n, body)
  select ?1, ?2, value->>0, '', value->>1, value->>2 from json_each(?3) where true
  on conflict do update set body = excluded.body`;

const PUT_ERASED = `insert into evidence_parts (school, job, file, user, n, body)
  select ?1, ?2, 'erased', value->>0, 0, json_array(json_array(value->>0, value->>1)) from json_each(?3) where true
  on conflict do nothing`;

const put = (env: Env, sql: string, school: string, job: string, rows: readonly unknown[]): D1PreparedStatement[] =>
  textsOf(rows).map((text) => env.DB.prepare(sql).bind(school, job, text));

/** Keeps what a pack says of some learners, and whom it can only call erased; again comes to the same. */
export async function keepParts(
  env: Env,
  school: string,
  job: string,
  { rows, erased }: { rows: readonly Row[]; erased: readonly [pseudonym: string, at: string][] },
): Promise<void> {
  const statements = [...put(env, PUT, school, job, rows), ...put(env, PUT_ERASED, school, job, erased)];
  if (statements.length) await env.DB.batch(statements);
}

export async function keepDefinitions(env: Env, school: string, job: string, text: string): Promise<void> {
  const pieces: [PartFile, number, string][] = [];
  for (let from = 0; from < text.length || from === 0; from += PIECE_CHARACTERS)
    pieces.push(["definitions", pieces.length, text.slice(from, from + PIECE_CHARACTERS)]);
  await env.DB.batch(put(env, PUT_OWN, school, job, pieces));
}

const COUNT = `select count(distinct case when file = 'people' then user end) as learners,
    count(case when file = 'erased' then 1 end) as erased,
    coalesce(sum(case when file = 'events' then json_array_length(body) end), 0) as events,
    coalesce(sum(case when file = 'messages' then json_array_length(body) end), 0) as messages
  from evidence_parts where school = ?1 and job = ?2 and file in ('people', 'erased', 'events', 'messages')`;

export interface Counts {
  learners: number;
  erased: number;
  events: number;
  messages: number;
}

/** How much there is in a pack. */
export async function countParts(env: Env, school: string, job: string): Promise<Counts> {
  const counted = await env.DB.prepare(COUNT).bind(school, job).first<Counts>();
  return counted ?? { learners: 0, erased: 0, events: 0, messages: 0 };
}

const PAGE = `select user, n, body from (
    select user, n, body, sum(length(body)) over (order by user, n) - length(body) as before from evidence_parts
      where school = ?1 and job = ?2 and file = ?3 and (user, n) > (?4, ?5) order by user, n limit ${PAGE_ROWS})
  where before < ${PAGE_CHARACTERS}`;

/** The pieces of a file, in the order of their learners, a page at a time. */
export async function* piecesOf(env: Env, school: string, job: string, file: PartFile): AsyncGenerator<string[]> {
  for (let after: [user: string, n: number] = ["", -1]; ; ) {
    const { results } = await env.DB.prepare(PAGE)
      .bind(school, job, file, ...after)
      .all<{ user: string; n: number; body: string }>();
    const last = results.at(-1);
    if (!last) return;
    yield results.map(({ body }) => body);
    after = [last.user, last.n];
  }
}

/** The same as lines. */
export async function* linesIn(env: Env, school: string, job: string, file: PartFile): AsyncGenerator<string[][]> {
  for await (const pieces of piecesOf(env, school, job, file)) yield pieces.flatMap((piece) => readJson(lines, piece));
}
