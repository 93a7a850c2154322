import { and, asc, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { readOptionalJson, strings } from "../base/json";
import { holdsSought, loosened, trimmed } from "../base/text";
import { distinctAddresses } from "../catalogue/account/email";
import type { FieldType } from "../catalogue/facts";
import { kindsOf, WORDS, wordKey } from "../catalogue/kinds";
import { isProductKind } from "../catalogue/products";
import { database } from "../db/client";
import { listed } from "../db/held";
import { nameKey } from "../db/products";
import { profileFields } from "../db/schema";
import { loosenedIn, plain } from "../db/search";
import { autoGroupName, partsOfGroup } from "../products/auto-group";
import { productNames } from "../products/find";
import { segmentNames } from "../segments/find";
import type { School } from "../world/snapshot";
import { automationNames } from "./find";

/* What pickers offer for the options of cards: ids of a kind, with their names. */

const MOST = 50;
const ROLE = "role:";

export interface Word {
  value: string;
  label?: string;
}

const named = (names: ReadonlyMap<string, string>): Word[] => [...names].map(([value, label]) => ({ value, label }));

/** What is named by its own table; everything else is what events have told us. */
const NAMED: Readonly<Record<string, (env: Env, school: School) => Promise<Word[]> | Word[]>> = {
  collaborator: (_, school) => collaborators(school),
  segment: async (env, school) => named(await segmentNames(env, school.id, { offered: true })),
  field: (env, school) => fields(env, school),
  date_field: (env, school) => fields(env, school, "date"),
  automation: async (env, school) => named(await automationNames(env, school.id, { offered: true })),
};

/** The fields of a school, of one type where that is named. */
const fields = (env: Env, school: School, type?: FieldType): Promise<Word[]> =>
  database(env.DB)
    .select({ value: profileFields.key, label: profileFields.name })
    .from(profileFields)
    .where(
      and(
        eq(profileFields.school, school.id),
        listed("profile_field"),
        type === undefined ? undefined : eq(profileFields.type, type),
      ),
    )
    .orderBy(asc(profileFields.name));

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

/** Ids and names of a kind ("tag", "course", "segment" …) that hold a text, 50 at most. */
export async function wordsLike(env: Env, school: School, kind: string, q: string): Promise<Word[]> {
  const all = kind.startsWith(CHOICES)
    ? await choicesOf(env, school, kind.slice(CHOICES.length))
    : Object.hasOwn(NAMED, kind)
      ? await NAMED[kind]?.(env, school)
      : undefined;
  if (all) return all.filter((one) => holds(one, q)).slice(0, MOST);
  const kinds = kindsOf(kind).filter((one) => WORDS.includes(one) || isProductKind(one));
  const found = await Promise.all(kinds.map((one) => heardOf(env, school.id, one, trimmed(q))));
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

/** What was heard of or is known by a name, whichever holds the text: by its name, else its id. */
const LIKE = `select value, name from (
    select vocabulary.value, products.name, products.name_key, vocabulary.key from vocabulary left join products
      on products.school = ?1 and products.type = ?2 and products.id = vocabulary.value
      where vocabulary.school = ?1 and vocabulary.kind = ?2 and ?5
    union select id, name, name_key, id from products where school = ?1 and type = ?2)
  where ?3 = '' or instr(lower(value), lower(?3)) > 0 or instr(${loosenedIn("key")}, ?4) > 0
    or instr(${loosenedIn(plain("name_key"))}, ?4) > 0
  order by coalesce(name_key, value), value limit ${MOST}`;

const UNNAMED = `select value from vocabulary where school = ?1 and kind = ?2
    and (?3 = '' or instr(lower(value), lower(?3)) > 0)
    and not exists (select 1 from products where products.school = ?1 and products.type = ?2
      and products.id = vocabulary.value and products.name is not null)
  order by key limit ${MOST}`;

/** Ids of a kind that were heard of and have no name, 50 at most. */
export async function wordsUnnamed(env: Env, school: string, kind: string, q: string): Promise<string[]> {
  const { results } = await env.DB.prepare(UNNAMED).bind(school, kind, q).all<{ value: string }>();
  return results.map(({ value }) => value);
}

async function heardOf(env: Env, school: string, kind: string, q: string): Promise<Word[]> {
  const { results } = await env.DB.prepare(LIKE)
    .bind(school, kind, q, loosened(nameKey(q)), WORDS.includes(kind))
    .all<{ value: string; name: string | null }>();
  return results.map(({ value, name }) => (name === null ? { value } : { value, label: name }));
}
