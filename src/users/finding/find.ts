import { Cache } from "../../base/cache";
import type { Env } from "../../base/env";
import { alikeFor, compareTexts, likened, searchKey } from "../../base/text/text";
import { storedTagKeys } from "../../catalogue/tags/key";
import { decodeCursor, encodeCursor, type KeyPart, type ListQuery } from "../../db/lists/list";
import { type Looked, lookAmong } from "../../db/lists/look";
import { likenedIn } from "../../db/lists/search";
import { beginningsOf } from "./beginnings";

/*
 * Users by the directory, each list by the index that lies in its order. What no index finds is looked for among so many
 * of the next, and the cursor goes on behind them: a page may hold fewer than its limit while others still follow.
 */

/** A school of more users is large: a text is found there by its words first. */
const LARGE = 1_000;
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

/** Whether a user is found by a text, which is a parameter, where letters that are alike are one. */
const holdsIn = (q: string, parameter: string): string => `instr(${likenedIn("search", alikeFor(q))}, ${parameter})`;
const soughtOf = (q: string): string => likened(q, alikeFor(q));

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
      value === undefined ? [] : [[kind, kind === "tag" ? storedTagKeys(value) : [value]] as const],
  );
  const [mark, ...others] = marks;
  if (mark) return byMarks(env, school, query, [mark, ...others], q);
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

/** A user that was looked at. */
interface Met {
  id: string;
  fits: number | null;
}

/** Of users that were looked at, those that fit. */
function pageOf<Row extends Met>(
  { fitting, end }: Looked<Row>,
  limit: number,
  keyOf: (row: Row) => readonly KeyPart[],
): FoundUsers {
  const page = pageOfAll(fitting, limit, keyOf);
  return { users: page.users, next: page.next ?? (end && encodeCursor(keyOf(end))) };
}

/** Of each mark so many are read to see which the fewest bear. */
const SAMPLE = 4;

/** By that mark of which the next few reach the farthest: of each user who bears it the others are asked. */
async function byMarks(
  env: Env,
  school: string,
  query: ListQuery,
  marks: readonly [Mark, ...Mark[]],
  q: string,
): Promise<FoundUsers> {
  const after = query.cursor === undefined ? "" : String(decodeCursor(query.cursor, 1)[0]);
  let [rarest] = marks;
  if (marks.length > 1) {
    const statements = marks.map(([kind, values]) =>
      env.DB.prepare(`${markedBy(values)} limit ?5`).bind(school, kind, boundOf(values), after, SAMPLE),
    );
    const samples = await env.DB.batch<{ id: string }>(statements);
    const reach = (mark: Mark): string => samples[marks.indexOf(mark)]?.results[SAMPLE - 1]?.id ?? LAST;
    rarest = marks.reduce((one, other) => (reach(other) > reach(one) ? other : one));
  }
  const others = marks.filter((mark) => mark !== rarest);
  return byMark(env, school, { after, limit: query.limit }, rarest, others, q);
}

/** By a mark's key, with what else is asked of each. */
async function byMark(
  env: Env,
  school: string,
  { after, limit }: { after: string; limit: number },
  [kind, values]: Mark,
  others: readonly Mark[],
  q: string,
): Promise<FoundUsers> {
  const conditions = [
    ...others.map(([, ofOther], index) => {
      const at = 6 + 2 * index;
      const is = ofOther.length === 1 ? `= ?${at + 1}` : `in (select value from json_each(?${at + 1}))`;
      return `exists (select 1 from user_marks where school = ?1 and kind = ?${at} and value ${is} and user = looked.id)`;
    }),
    ...(q === ""
      ? []
      : [`(select ${holdsIn(q, `?${6 + 2 * others.length}`)} from users where school = ?1 and users.id = looked.id)`]),
  ];
  const marked = markedBy(values);
  const bound = boundOf(values);
  if (!conditions.length) {
    const { results } = await env.DB.prepare(`${marked} limit ?5`)
      .bind(school, kind, bound, after, limit + 1)
      .all<{ id: string }>();
    return pageOfAll(results, limit, ({ id }) => [id]);
  }
  const next = env.DB.prepare(`select id, ${conditions.join(" and ")} as fits from (${marked} limit ?5) as looked`);
  const found = await lookAmong<Met>(limit, async (behind, most) => {
    const { results } = await next
      .bind(
        ...[school, kind, bound, behind?.id ?? after, most],
        ...others.flatMap(([one, of]) => [one, boundOf(of)]),
        ...(q === "" ? [] : [soughtOf(q)]),
      )
      .all<Met>();
    return results;
  });
  return pageOf(found, limit, ({ id }) => [id]);
}

const boundOf = (values: readonly string[]): string => {
  const [value = "", ...more] = values;
  return more.length ? JSON.stringify(values) : value;
};

const MARKED = `select user as id from user_marks
  where school = ?1 and kind = ?2 and value = ?3 and user > ?4 order by user`;

/** The same of a text that may be stored in several forms: they are sorted, and of such there are few. */
const MARKED_IN_SEVERAL_WAYS = `select distinct user as id from user_marks
  where school = ?1 and kind = ?2 and value in (select value from json_each(?3)) and user > ?4 order by user`;

const markedBy = (values: readonly string[]): string => (values.length === 1 ? MARKED : MARKED_IN_SEVERAL_WAYS);

interface Aged extends Met {
  at: number;
}

const BY_AGE = `select id, created_at as at from users indexed by users_by_creation
  where school = ?1 and (created_at, id) > (?2, ?3) order by created_at, id limit ?4`;

const BY_AGE_TURNED = `select id, created_at as at from users indexed by users_by_creation
  where school = ?1 and (created_at, id) < (?2, ?3) order by created_at desc, id desc limit ?4`;

const BEGINNING = [Number.MIN_SAFE_INTEGER, ""] as const;

const END = [Number.MAX_SAFE_INTEGER, ""] as const;

async function byAge(env: Env, school: string, { cursor, limit, order }: ListQuery): Promise<FoundUsers> {
  const isTurned = order === "desc";
  const [at, id] = cursor === undefined ? (isTurned ? END : BEGINNING) : decodeCursor(cursor, 2);
  const { results } = await env.DB.prepare(isTurned ? BY_AGE_TURNED : BY_AGE)
    .bind(school, at, id, limit + 1)
    .all<{ id: string; at: number }>();
  return pageOfAll(results, limit, (row) => [row.at, row.id]);
}

// ---- By a text ----

/** The next by age, and whether each fits. */
const aged = (fits: string): string => `select looked.id, looked.at, ${fits} as fits from (${BY_AGE}) as looked
  cross join users on users.school = ?1 and users.id = looked.id order by looked.at, looked.id`;

const withText = (q: string): string => aged(`${holdsIn(q, "?5")} > 0`);
const restWith = (q: string): string =>
  aged(`${holdsIn(q, "?5")} > 0 and not exists (select 1 from json_each(?6) as begun
  where instr(' ' || replace(search, char(10), ' '), ' ' || begun.value) > 0)`);

async function byAgeWith(
  env: Env,
  school: string,
  sql: string,
  bound: readonly string[],
  limit: number,
  [at, id]: readonly [number, string],
): Promise<Looked<Aged>> {
  const statement = env.DB.prepare(sql);
  return lookAmong<Aged>(limit, async (behind, most) => {
    const { results } = await statement.bind(school, behind?.at ?? at, behind?.id ?? id, most, ...bound).all<Aged>();
    return results;
  });
}

/** Schools that were seen to be large, which they stay. */
const largeOnes = new Cache<true>({ entries: 10_000 });

const MORE = "select 1 from users indexed by users_by_creation where school = ?1 limit 1 offset ?2";

async function isLarge(env: Env, school: string): Promise<boolean> {
  if (largeOnes.get(school)) return true;
  const isSo = (await env.DB.prepare(MORE).bind(school, LARGE).first()) !== null;
  if (isSo) largeOnes.set(school, true);
  return isSo;
}

/**
 * Where a school has so few users that all are looked at, that is all: oldest first. In a larger one those come first of
 * whom a word begins so, by an index; whoever has the text in the middle of one is looked for on the pages behind them,
 * from the oldest on: who asks for an address or a name pays for no look.
 */
async function byText(env: Env, school: string, { cursor, limit }: ListQuery, q: string): Promise<FoundUsers> {
  const [list, one = 0, id = ""] = cursor === undefined ? [null, ...BEGINNING] : decodeCursor(cursor, 3);
  if (list === "word") return byWord(env, school, limit, q, [String(one), String(id)]);
  if (list === "rest") {
    const bound = [soughtOf(q), JSON.stringify(beginningsOf(q))];
    const rest = await byAgeWith(env, school, restWith(q), bound, limit, [Number(one), String(id)]);
    return pageOf(rest, limit, (row) => ["rest", row.at, row.id]);
  }
  if (list === null && (await isLarge(env, school))) return byWord(env, school, limit, q, null);
  const all = await byAgeWith(env, school, withText(q), [soughtOf(q)], limit, [Number(one), String(id)]);
  return pageOf(all, limit, (row) => ["all", row.at, row.id]);
}

/** Words, and the keys that are words as well: such a one may stand there alone (migration 0055). */
const WORDS = [
  `select found.word, found.user, users.search from (select word, user from user_words
      where school = ?1 and (word, user) > (?2, ?3) and word < ?4 order by word, user limit ?5) as found
    cross join users on users.school = ?1 and users.id = found.user order by found.word, found.user`,
  `select id as word, id as user, search from users
    where school = ?1 and id >= ?2 and (id, id) > (?2, ?3) and id < ?4 order by id limit ?5`,
  `select email_key as word, id as user, search from users indexed by users_by_email
    where school = ?1 and (email_key, id) > (?2, ?3) and email_key < ?4 order by email_key, id limit ?5`,
];

interface Word {
  word: string;
  user: string;
  search: string;
}

async function byWord(
  env: Env,
  school: string,
  limit: number,
  q: string,
  behind: readonly [word: string, user: string] | null,
): Promise<FoundUsers> {
  const beginnings = beginningsOf(q);
  const sought = soughtOf(q);
  const found = await env.DB.batch<Word>(
    beginnings.flatMap((begin) => {
      // A cursor stands in the order of all of them.
      const from = behind && compareTexts(behind[0], begin) >= 0 ? behind : [begin, ""];
      return WORDS.map((sql) => env.DB.prepare(sql).bind(school, ...from, begin + LAST, limit));
    }),
  );
  const rows = found
    .flatMap(({ results }) => results)
    .sort((one, other) => compareTexts(one.word, other.word) || compareTexts(one.user, other.user))
    .filter(({ word, user }, n, all) => word !== all[n - 1]?.word || user !== all[n - 1]?.user)
    .slice(0, limit);
  /** Whoever has several words that begin so is shown by the first. An id with capitals or blanks is none. */
  const isShown = ({ word, search }: Word): boolean => {
    const words = search.split(/[ \n]/);
    const isBegun = (other: string): boolean => beginnings.some((begin) => other.startsWith(begin));
    return (
      likened(search, alikeFor(q)).includes(sought) &&
      words.includes(word) &&
      words.every((other) => !isBegun(other) || compareTexts(other, word) >= 0)
    );
  };
  const users = rows.flatMap((row) =>
    isShown(row) ? [{ id: row.user, cursor: encodeCursor(["word", row.word, row.user]) }] : [],
  );
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { users, next: encodeCursor(last ? ["word", last.word, last.user] : ["rest", ...BEGINNING]) };
}
