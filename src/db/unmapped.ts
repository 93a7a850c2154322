import { and, asc, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { newId } from "../base/ids";
import { textsOf } from "../base/json";
import { hash53 } from "../engine/identity";
import { database } from "./client";
import type { ListPage, ListQuery } from "./lists/list";
import { listRows } from "./lists/rows";
import { unmapped, unmappedMessages } from "./schema";

/*
 * What of messages in other formats could not be used: answered well, counted by name, and shown, so that a school sees
 * what its LMS sends in vain. The last messages of each name are kept for some days, to be tried again.
 */

const MAX_NAME_LENGTH = 200;
const MAX_NAMES = 500;
const OTHERS = "…";
/** Messages kept of each name, and of a school in all. */
const KEPT_OF_NAME = 5;
const KEPT = 500;
const MAX_BODY_LENGTH = 64 * 1024;

/** Something of a message that was not used. */
export interface Unused {
  /** What the message was, and why it, or a part of it, could not be used. */
  name: string;
  /** The place of the part, and what is wrong with it; left out: it is the message itself. */
  path?: string;
  message?: string;
  /** The message as it came, with all that trying it again asks for. */
  body?: unknown;
  /** Whom it speaks of. */
  user?: string | undefined;
}

/** So many more of each name; beyond so many names of a format they are counted together. */
const COUNT = `insert into unmapped (school, format, name, count, last_at, path, message)
  select ?1, ?2,
    case when exists (select 1 from unmapped where school = ?1 and format = ?2 and name = ?3)
      or (select count(*) from unmapped where school = ?1 and format = ?2) < ?5 then ?3 else '${OTHERS}' end,
    ?6, ?4, ?7, ?8
  where true
  on conflict (school, format, name) do update set count = count + excluded.count, last_at = excluded.last_at,
    path = excluded.path, message = excluded.message`;

const KEEP = `insert into unmapped_messages (school, id, format, name, user, at, body)
  select ?1, value ->> 'id', ?2, case when exists (select 1 from unmapped
      where school = ?1 and format = ?2 and name = value ->> 'name') then value ->> 'name' else '${OTHERS}' end,
    value ->> 'user', ?4, value ->> 'body' from json_each(?3)`;

/** Of many names at once: each statement counts among those that D1 takes for a request. */
const FORGET_OF_NAMES = `delete from unmapped_messages where school = ?1 and id in (
  select id from (select id, row_number() over (partition by name order by id desc) as n from unmapped_messages
    where school = ?1 and format = ?2 and name in (select value from json_each(?3))) where n > ${KEPT_OF_NAME})`;
const FORGET = `delete from unmapped_messages where school = ?1 and id <= (
  select id from unmapped_messages where school = ?1 order by id desc limit 1 offset ${KEPT})`;

/** Counts what could not be used, and keeps the messages that come with it. */
export async function countUnused(env: Env, school: string, format: string, found: readonly Unused[]): Promise<void> {
  if (!found.length) return;
  const now = Date.now();
  const byName = new Map<string, Unused[]>();
  for (const one of found) {
    const name = one.name.slice(0, MAX_NAME_LENGTH).toWellFormed().replaceAll("\0", "\ufffd");
    byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  const counts = [...byName].map(([name, all]) => {
    const { path = null, message = null } = all.at(-1) ?? {};
    return env.DB.prepare(COUNT).bind(school, format, name, now, MAX_NAMES, all.length, path, message);
  });
  const kept = [...byName].flatMap(([name, all]) => all.slice(-KEPT_OF_NAME).flatMap((one) => keptOf(name, one)));
  const messages = kept.length
    ? [
        ...textsOf(kept).map((texts) => env.DB.prepare(KEEP).bind(school, format, texts, now)),
        ...textsOf([...byName.keys(), OTHERS]).map((names) =>
          env.DB.prepare(FORGET_OF_NAMES).bind(school, format, names),
        ),
        env.DB.prepare(FORGET).bind(school),
      ]
    : [];
  await env.DB.batch([...counts, ...messages]);
}

function keptOf(name: string, { body, user = "" }: Unused): { id: string; name: string; user: string; body: string }[] {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return text === undefined || text.length > MAX_BODY_LENGTH ? [] : [{ id: newId("unm_"), name, user, body: text }];
}

/** One more of each name. */
export const countUnmapped = (env: Env, school: string, format: string, names: readonly string[]): Promise<void> =>
  countUnused(
    env,
    school,
    format,
    names.map((name) => ({ name })),
  );

/** By what the rows of a school are told apart outside. */
export const unusedId = ({ format, name }: { format: string; name: string }): string => {
  const text = JSON.stringify([format, name]);
  return `unm_${hash53(text).toString(36)}${hash53(`2${text}`).toString(36)}`;
};

export interface UnusedRow {
  format: string;
  name: string;
  count: number;
  lastAt: number;
  path: string | null;
  message: string | null;
}

const compared = (one: UnusedRow, other: UnusedRow): number =>
  other.count - one.count || compareTexts(one.format, other.format) || compareTexts(one.name, other.name);
const compareTexts = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** A page of a school's: those first of which there are most, by powers of two, and on each page the most frequent first. */
export async function listUnmapped(env: Env, school: string, query: ListQuery): Promise<ListPage<UnusedRow>> {
  const turned = { ...query, order: "desc" as const };
  const where = eq(unmapped.school, school);
  const page = await listRows(env, unmapped, ["scale", "format", "name"], turned, where, "unmapped_by_scale");
  return { ...page, data: page.data.sort(compared) };
}

/** The row of an id, or undefined. */
export async function findUnmapped(env: Env, school: string, id: string): Promise<UnusedRow | undefined> {
  const db = database(env.DB);
  const keys = await db
    .select({ format: unmapped.format, name: unmapped.name })
    .from(unmapped)
    .where(eq(unmapped.school, school));
  const key = keys.find((one) => unusedId(one) === id);
  return key && (await db.select().from(unmapped).where(whichName(school, key)).get());
}

const whichName = (school: string, { format, name }: Pick<UnusedRow, "format" | "name">) =>
  and(eq(unmapped.school, school), eq(unmapped.format, format), eq(unmapped.name, name));

const ofName = (school: string, { format, name }: UnusedRow) =>
  and(eq(unmappedMessages.school, school), eq(unmappedMessages.format, format), eq(unmappedMessages.name, name));

/** The messages that are kept of a row, oldest first; each body is JSON. */
export const keptMessages = (env: Env, school: string, row: UnusedRow) =>
  database(env.DB)
    .select({
      id: unmappedMessages.id,
      user: unmappedMessages.user,
      at: unmappedMessages.at,
      body: unmappedMessages.body,
    })
    .from(unmappedMessages)
    .where(ofName(school, row))
    .orderBy(asc(unmappedMessages.id));

/** Takes messages that were used after all off a row; one of which nothing is left goes with them. */
export async function forgetUsed(env: Env, school: string, row: UnusedRow, ids: readonly string[]): Promise<void> {
  if (!ids.length) return;
  await env.DB.batch([
    env.DB.prepare("delete from unmapped_messages where school = ?1 and id in (select value from json_each(?2))").bind(
      school,
      JSON.stringify(ids),
    ),
    env.DB.prepare("update unmapped set count = count - ?4 where school = ?1 and format = ?2 and name = ?3").bind(
      school,
      row.format,
      row.name,
      ids.length,
    ),
    env.DB.prepare("delete from unmapped where school = ?1 and format = ?2 and name = ?3 and count <= 0").bind(
      school,
      row.format,
      row.name,
    ),
  ]);
}
