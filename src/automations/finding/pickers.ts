import { and, eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { readOptionalJson, strings } from "../../base/json";
import { alikeFor, compareTexts, holdsSought, likened, trimmed, waysToKeep } from "../../base/text/text";
import { BEHIND_ALL, wordsSought } from "../../base/text/words";
import { distinctAddresses } from "../../catalogue/account/email";
import { isProductKind } from "../../catalogue/facts/products";
import { kindsOf, WORDS, wordKey } from "../../catalogue/kinds";
import { database } from "../../db/client";
import { LOOKED_AT } from "../../db/lists/look";
import { likenedIn, plain } from "../../db/lists/search";
import { nameKey } from "../../db/products";
import { profileFields } from "../../db/schema";
import { autoGroupName, partsOfGroup } from "../../products/auto-group";
import { productNames } from "../../products/find";
import type { School } from "../../world/snapshot";

/* What pickers offer for the options of cards: ids of a kind, with their names. */

/** So many are offered: fewer are all there are. */
export const MOST = 50;

/** Rows that begin with a text, where one is sought: as part of a union. */
function beginning(columns: string, from: string, column: string, text: string): string {
  return `union all select ${columns} from (select ${columns} from ${from}
    and ${text} <> '' and ${column} >= ${text} and ${column} < ${text} || char(1114111) order by ${column} limit ${MOST})`;
}
const ROLE = "role:";

export interface Word {
  value: string;
  label?: string;
}

/** What is named by its own table; everything else is what events have told us. */
const NAMED: Readonly<Record<string, (env: Env, school: School, sought: Sought) => Promise<Word[]> | Word[]>> = {
  collaborator: (_, school) => collaborators(school),
  segment: (env, school, sought) => namedLike(env, school.id, "segments", sought),
  managed_segment: (env, school, sought) => namedLike(env, school.id, "segments", sought, "managed = 1"),
  field: (env, school, sought) => namedLike(env, school.id, "profile_fields", sought),
  date_field: (env, school, sought) => namedLike(env, school.id, "profile_fields", sought, "type = 'date'"),
  automation: (env, school, sought) => namedLike(env, school.id, "automations", sought),
  active_automation: (env, school, sought) => namedLike(env, school.id, "automations", sought, "active = 1"),
};

/** What is looked for, and through how many beside those that begin with it. */
interface Sought {
  q: string;
  most: number;
}

const KEYS = { segments: "id", profile_fields: "key", automations: "id" } as const;

/** Where the words of names are found: those of automations as texts are compared, of others as SQLite makes them small. */
const WORDS_OF = {
  automations: "automation as named from automation_marks where school = ?1 and kind = 'name' and value",
  segments: "id as named from name_words where school = ?1 and kind = 'segments' and word",
  profile_fields: "id as named from name_words where school = ?1 and kind = 'profile_fields' and word",
} as const;

/**
 * Of what has a name in a table of its own: the first by name, and of a text those whose names begin so, the one whose id
 * it is, and the first thousand to look through.
 */
async function namedLike(
  env: Env,
  school: string,
  table: keyof typeof KEYS,
  { q, most }: Sought,
  more = "true",
): Promise<Word[]> {
  const key = KEYS[table];
  const fits = `delete_at is null and ${more}`;
  const byName = (where: string, limit: number): string =>
    `select ${key} as value, name as label from (select * from ${table} indexed by ${table}_by_name
       where school = ?1 ${where} order by name, ${key} limit ${LOOKED_AT}) where ${fits} limit ${limit}`;
  const [word, ...others] = wordsSought(q);
  const ways = word === undefined ? [] : [...new Set(waysToKeep(word).flatMap(waysToSpell).map(asLowered))];
  // Of several words the others are looked for among those that have the longest.
  const byWord = `select distinct ${key} as value, one.name as label from (select ${WORDS_OF[table]} >= ?2 and ${wordOf(table)} < ?3
      limit ${LOOKED_AT}) as found cross join ${table} as one on one.school = ?1 and one.${key} = found.named
    where ${fits} limit ${others.length ? LOOKED_AT : MOST}`;
  const results = await env.DB.batch<Word>([
    ...ways.map((way) => env.DB.prepare(byWord).bind(school, way, way + BEHIND_ALL)),
    env.DB.prepare(
      `select ${key} as value, name as label from ${table} where school = ?1 and ${key} = ?2 and ${fits}`,
    ).bind(school, trimmed(q)),
    ...waysToBegin(q).map((way) =>
      env.DB.prepare(byName("and name >= ?2 and name < ?3", MOST)).bind(school, way, way + BEHIND_ALL),
    ),
    ...(most > 0 ? [env.DB.prepare(byName("", most)).bind(school)] : []),
  ]);
  const words = new Map(results.flatMap((one) => one.results).map((word) => [word.value, word]));
  return [...words.values()].sort((one, other) => compareTexts(one.label ?? "", other.label ?? ""));
}

const wordOf = (table: keyof typeof KEYS): string => (table === "automations" ? "value" : "word");

/** As SQLite makes it small: of ASCII alone. */
const asLowered = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

/** How a name may be written that begins with a text, or with its first word: the others may be in any case. */
function waysToBegin(q: string): string[] {
  const text = trimmed(q);
  if (text === "") return [];
  const [word = text] = text.split(" ");
  return [...new Set([text, ...waysToKeep(word.toLowerCase()), word].flatMap((one) => waysToSpell(one)))];
}

function waysToSpell(text: string): string[] {
  const capital = (word: string): string => {
    const [first = ""] = word;
    return first.toUpperCase() + word.slice(first.length);
  };
  const lower = text.toLowerCase();
  return [text, lower, capital(text), capital(lower), lower.split(" ").map(capital).join(" "), text.toUpperCase()];
}

const CHOICES = "choice:";

/** What a field may be, where it is one of several: `choice:department`. */
async function choicesOf(env: Env, school: School, key: string): Promise<Word[]> {
  const field = await database(env.DB)
    .select({ choices: profileFields.choices })
    .from(profileFields)
    .where(and(eq(profileFields.school, school.id), eq(profileFields.key, key)))
    .get();
  return (readOptionalJson(strings, field?.choices ?? null) ?? []).map((value) => ({ value }));
}

/** Whom mail to collaborators may go to: each role, and each address. */
const collaborators = ({ settings }: School): Word[] => {
  const listed = settings.collaborators;
  const all = [...listed.map((one) => ROLE + one.role), ...distinctAddresses(listed.map((one) => one.email))];
  return [...new Set(all)].map((value) => ({ value }));
};

const holds = ({ value, label = "" }: Word, sought: string): boolean => holdsSought(`${value}\n${label}`, sought);

/**
 * Ids and names of a kind ("tag", "course", "segment" …) that hold a text, 50 at most: of many those that begin with it, and
 * of the first thousand those that hold it.
 * @param most how many are looked through beside those that begin with it
 */
export async function wordsLike(
  env: Env,
  school: School,
  kind: string,
  q: string,
  most = q === "" ? MOST : LOOKED_AT,
): Promise<Word[]> {
  const all = kind.startsWith(CHOICES)
    ? await choicesOf(env, school, kind.slice(CHOICES.length))
    : Object.hasOwn(NAMED, kind)
      ? await NAMED[kind]?.(env, school, { q, most })
      : undefined;
  if (all) return all.filter((one) => holds(one, q)).slice(0, MOST);
  const kinds = kindsOf(kind).filter((one) => WORDS.includes(one) || isProductKind(one));
  const found = await Promise.all(kinds.map((one) => heardOf(env, school.id, one, { q: trimmed(q), most })));
  // Of words that are one, stored before they were compared so, the first is offered.
  const byKey = new Map(
    found
      .flat()
      .reverse()
      .map((one) => [wordKey(kind, one.value), one]),
  );
  const words = [...byKey.values()].reverse().slice(0, MOST);
  return kind === "group" ? withGroupNames(env, school.id, words) : words;
}

/** Auto groups have no names of their own. */
async function withGroupNames(env: Env, school: string, words: readonly Word[]): Promise<Word[]> {
  const courses = words.flatMap(({ value, label }) => (label === undefined ? (partsOfGroup(value)?.course ?? []) : []));
  const { course = {} } = await productNames(env, school, [...new Set(courses)]);
  return words.map(({ value, label = autoGroupName(value, course) }) =>
    label === undefined ? { value } : { value, label },
  );
}

/** The first `?6`, and those that begin with a text where one is sought. */
const SOME_HEARD = `select key, value from (select key, value from vocabulary where school = ?1 and kind = ?2 and ?5 order by key limit ?6)
  ${beginning("key, value", "vocabulary where school = ?1 and kind = ?2 and ?5", "key", "?3")}
  ${beginning("key, value", "vocabulary where school = ?1 and kind = ?2 and ?5", "key", "?4")}
  union all select key, value from (select vocabulary.key, vocabulary.value from json_each(?9) as way cross join vocabulary
    on school = ?1 and kind = ?2 and ?5 and vocabulary.key >= way.value and vocabulary.key < way.value || char(1114111) limit ${MOST})`;
type Alike = ReturnType<typeof alikeFor>;
const OF_KIND = "where school = ?1 and type = ?2";
const BY_NAME = `products indexed by products_by_name ${OF_KIND} and name_key is not null`;
const someKnown = (
  alike: Alike,
): string => `select id, name, name_key from (select id, name, name_key from ${BY_NAME} order by name_key, id limit ?6)
  union all select id, name, name_key from (select id, name, name_key from products ${OF_KIND} order by id limit ?6)
  ${beginning("id, name, name_key", BY_NAME, "name_key", "?4")}
  ${beginning("id, name, name_key", `products ${OF_KIND}`, "id", "?3")}
  union all select id, name, name_key from (select products.id, name, name_key from (
      select distinct name_words.id as named from json_each(?8) as way cross join name_words
        on school = ?1 and kind = ?2 and word >= way.value and word < way.value || char(1114111)
        limit ${LOOKED_AT}) cross join products on school = ?1 and type = ?2 and products.id = named
    where instr(${likenedIn(plain("lower(products.id) || char(10) || coalesce(name_key, '')"), alike)}, ?7) > 0 limit ${MOST})`;

/** What was heard of or is known by a name, whichever holds the text: by its name, else its id. */
const like = (alike: Alike): string => `select value, name from (
    select heard.value, products.name, products.name_key, heard.key from (${SOME_HEARD}) as heard left join products
      on products.school = ?1 and products.type = ?2 and products.id = heard.value
    union select id, name, name_key, id from (${someKnown(alike)}))
  where ?3 = '' or instr(lower(value), lower(?3)) > 0 or instr(${likenedIn("key", alike)}, ?7) > 0
    or instr(${likenedIn(plain("name_key"), alike)}, ?7) > 0
  order by coalesce(name_key, value), value limit ${MOST}`;

const UNNAMED = `select value from (select key, value from vocabulary where school = ?1 and kind = ?2 order by key limit ?4) as heard
  where (?3 = '' or instr(lower(value), lower(?3)) > 0)
    and not exists (select 1 from products where products.school = ?1 and products.type = ?2
      and products.id = heard.value and products.name is not null)
  order by key limit ${MOST}`;

/** Ids of a kind that were heard of and have no name, 50 at most, of the first so many. */
export async function wordsUnnamed(env: Env, school: string, kind: string, q: string): Promise<string[]> {
  const { results } = await env.DB.prepare(UNNAMED)
    .bind(school, kind, q, q === "" ? 4 * MOST : LOOKED_AT)
    .all<{ value: string }>();
  return results.map(({ value }) => value);
}

async function heardOf(env: Env, school: string, kind: string, { q, most }: Sought): Promise<Word[]> {
  const key = nameKey(q);
  const alike = alikeFor(key);
  const words = wordsSought(q).slice(0, 1).flatMap(waysToKeep);
  // By the key itself it is looked for in any case.
  const ways = waysToKeep(key).filter((way) => way !== key && way !== "");
  const { results } = await env.DB.prepare(like(alike))
    .bind(
      school,
      kind,
      q,
      key,
      WORDS.includes(kind),
      most,
      likened(key, alike),
      JSON.stringify(words),
      JSON.stringify(ways),
    )
    .all<{ value: string; name: string | null }>();
  return results.map(({ value, name }) => (name === null ? { value } : { value, label: name }));
}
