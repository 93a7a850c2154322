import type { Env } from "../base/env";
import { searchKey, storedKeys } from "../base/text";
import { decodeCursor, encodeCursor, type KeyPart, type ListQuery } from "../db/list";

/*
 * Users by the directory, each list by the index that lies in its order. What no index finds is looked for among so many
 * of the next, and the cursor goes on behind them: a page may hold fewer than its limit while others still follow.
 */

/** Among so many. */
const LOOKED_AT = 1_000;
/** No text that begins with another comes behind it and this. */
const LAST = "\u{10ffff}";

export interface UserFilter {
  q?: string | undefined;
  tag?: string | undefined;
  segment?: string | undefined;
  course?: string | undefined;
}

export interface FoundUsers {
  /** Each with the cursor that goes on behind it. */
  users: { id: string; cursor: string }[];
  next: string | null;
}

/** A kind of mark, and the values in which it may be stored: mostly one. */
type Mark = readonly [kind: string, values: readonly string[]];

/**
 * A page of the users whom a filter leaves: oldest first, by their ids where they bear a mark. All of them may also come
 * newest first.
 */
export function findUsers(env: Env, school: string, query: ListQuery & UserFilter): Promise<FoundUsers> {
  const q = searchKey(query.q ?? "");
  const marks = Object.entries({ tag: query.tag, segment: query.segment, course: query.course }).flatMap(
    ([kind, value]): Mark[] =>
      value === undefined ? [] : [[kind, kind === "tag" ? storedKeys(value) : [value]] as const],
  );
  const [mark, ...others] = marks;
  if (mark) return byMark(env, school, query, mark, others, q);
  return q === "" ? byAge(env, school, query) : byText(env, school, query, q);
}

/** A page of rows, of which one more than `limit` was read. */
function pageOfAll<Row extends { id: string }>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly KeyPart[],
): FoundUsers {
  const users = rows.slice(0, limit).map((row) => ({ id: row.id, cursor: encodeCursor(keyOf(row)) }));
  return { users, next: rows.length > limit ? (users.at(-1)?.cursor ?? null) : null };
}

interface Looked {
  id: string;
  /** Which of those looked at. */
  n: number;
  fits: number | null;
}

/** Of rows that were looked at, those that fit; the last of the look is there in any case. */
function pageOf<Row extends Looked>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly KeyPart[],
): FoundUsers {
  const fitting = rows.filter(({ fits }) => fits);
  const users = fitting.slice(0, limit).map((row) => ({ id: row.id, cursor: encodeCursor(keyOf(row)) }));
  const end = fitting.length > limit ? fitting[limit - 1] : rows.find(({ n }) => n === LOOKED_AT);
  return { users, next: end ? encodeCursor(keyOf(end)) : null };
}

/** By the first mark's key, with what else is asked of each. */
async function byMark(
  env: Env,
  school: string,
  { cursor, limit }: ListQuery,
  [kind, values]: Mark,
  others: readonly Mark[],
  q: string,
): Promise<FoundUsers> {
  const after = cursor === undefined ? "" : String(decodeCursor(cursor, 1)[0]);
  const conditions = [
    ...others.map((_, index) => {
      const at = 7 + 2 * index;
      return `exists (select 1 from user_marks where school = ?1 and kind = ?${at} and value in (select value from json_each(?${at + 1})) and user = looked.id)`;
    }),
    ...(q === ""
      ? []
      : [`(select instr(search, ?${7 + 2 * others.length}) from users where school = ?1 and users.id = looked.id)`]),
  ];
  const [value] = values;
  const marked = values.length === 1 ? MARKED : MARKED_IN_SEVERAL_WAYS;
  const bound = values.length === 1 ? value : JSON.stringify(values);
  if (!conditions.length) {
    const { results } = await env.DB.prepare(`${marked} limit ?5`)
      .bind(school, kind, bound, after, limit + 1)
      .all<{ id: string }>();
    return pageOfAll(results, limit, ({ id }) => [id]);
  }
  const { results } = await env.DB.prepare(
    `select id, n, fits from (select id, n, ${conditions.join(" and ")} as fits
        from (select id, row_number() over (order by id) as n from (${marked} limit ?5)) as looked)
      where fits or n = ?5 order by n limit ?6`,
  )
    .bind(
      ...[school, kind, bound, after, LOOKED_AT, limit + 1],
      ...others.flatMap(([one, of]) => [one, JSON.stringify(of)]),
      ...(q === "" ? [] : [q]),
    )
    .all<Looked>();
  return pageOf(results, limit, ({ id }) => [id]);
}

const MARKED = `select user as id from user_marks
  where school = ?1 and kind = ?2 and value = ?3 and user > ?4 order by user`;

/** The same of a text that may be stored in several forms: they are sorted, and of such there are few. */
const MARKED_IN_SEVERAL_WAYS = `select distinct user as id from user_marks
  where school = ?1 and kind = ?2 and value in (select value from json_each(?3)) and user > ?4 order by user`;

interface Aged extends Looked {
  at: number;
}

const BY_AGE = `select id, created_at as at from users indexed by users_by_creation
  where school = ?1 and (created_at, id) > (?2, ?3) order by created_at, id`;

/** The next by age, and whether each fits. */
const aged = (fits: string, from: string): string => `select id, at, n, fits from (
    select looked.id, looked.at, looked.n, ${fits} as fits from (
      select id, at, row_number() over (order by at, id) as n from (${BY_AGE} limit ?4)) as looked ${from})
  where fits or n = ?4 order by n limit ?5`;

const BY_AGE_TURNED = `select id, created_at as at from users indexed by users_by_creation
  where school = ?1 and (created_at, id) < (?2, ?3) order by created_at desc, id desc`;

const BEGINNING = [Number.MIN_SAFE_INTEGER, ""] as const;

const END = [Number.MAX_SAFE_INTEGER, ""] as const;

async function byAge(env: Env, school: string, { cursor, limit, order }: ListQuery): Promise<FoundUsers> {
  const isTurned = order === "desc";
  const [at, id] = cursor === undefined ? (isTurned ? END : BEGINNING) : decodeCursor(cursor, 2);
  const { results } = await env.DB.prepare(`${isTurned ? BY_AGE_TURNED : BY_AGE} limit ?4`)
    .bind(school, at, id, limit + 1)
    .all<{ id: string; at: number }>();
  return pageOfAll(results, limit, (row) => [row.at, row.id]);
}

// ---- By a text ----

const OF_LOOKED = "cross join users on users.school = ?1 and users.id = looked.id";
const WITH_TEXT = aged("instr(search, ?6) > 0", OF_LOOKED);
const REST = aged("instr(search, ?6) > 0 and instr(' ' || replace(search, char(10), ' '), ' ' || ?7) = 0", OF_LOOKED);

/**
 * Where a school has so few users that all are looked at, that is all: oldest first. In a larger one those come first of
 * whom a word begins so, by an index; then, from the oldest on, whoever has the text in the middle of one.
 */
async function byText(env: Env, school: string, { cursor, limit }: ListQuery, q: string): Promise<FoundUsers> {
  const [list = "all", one, id = ""] = cursor === undefined ? ["all", ...BEGINNING] : decodeCursor(cursor, 3);
  if (list === "word") return byWord(env, school, limit, q, [String(one), String(id)]);
  if (list === "rest") return byRest(env, school, limit, q, [Number(one), String(id)]);
  const { results } = await env.DB.prepare(WITH_TEXT)
    .bind(school, Number(one), id, LOOKED_AT, limit + 1, q)
    .all<Aged>();
  const isAll = cursor !== undefined || results.every(({ n }) => n < LOOKED_AT);
  if (isAll) return pageOf(results, limit, (row) => ["all", row.at, row.id]);
  return byWord(env, school, limit, q, null);
}

/** The longest: others of the text may be nearly everybody's. */
const wordOf = (q: string): string => q.split(" ").reduce((one, other) => (other.length > one.length ? other : one));

const WORDS = `select found.word, found.user, users.search from (select word, user from user_words
    where school = ?1 and (word, user) > (?2, ?3) and word < ?4 order by word, user limit ?5) as found
  cross join users on users.school = ?1 and users.id = found.user order by found.word, found.user`;

async function byWord(
  env: Env,
  school: string,
  limit: number,
  q: string,
  behind: readonly [word: string, user: string] | null,
): Promise<FoundUsers> {
  const begin = wordOf(q);
  const { results } = await env.DB.prepare(WORDS)
    .bind(school, ...(behind ?? [begin, ""]), begin + LAST, limit)
    .all<{ word: string; user: string; search: string }>();
  /** Whoever has several words that begin so is shown by the first. */
  const isShown = ({ word, search }: { word: string; search: string }): boolean =>
    search.includes(q) && search.split(/[ \n]/).every((other) => !other.startsWith(begin) || other >= word);
  const users = results.flatMap((row) =>
    isShown(row) ? [{ id: row.user, cursor: encodeCursor(["word", row.word, row.user]) }] : [],
  );
  const last = results.at(-1);
  if (last && results.length === limit) return { users, next: encodeCursor(["word", last.word, last.user]) };
  const rest = await byRest(env, school, limit - users.length, q, BEGINNING);
  return { users: [...users, ...rest.users], next: rest.next };
}

async function byRest(
  env: Env,
  school: string,
  limit: number,
  q: string,
  [at, id]: readonly [number, string],
): Promise<FoundUsers> {
  const { results } = await env.DB.prepare(REST)
    .bind(school, at, id, LOOKED_AT, limit + 1, q, wordOf(q))
    .all<Aged>();
  return pageOf(results, limit, (row) => ["rest", row.at, row.id]);
}
