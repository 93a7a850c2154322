import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { kindsOf, WORDS } from "../catalogue/kinds";
import { database } from "../db/client";
import { profileFields, vocabulary } from "../db/schema";
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
  segment: async (env, school) => named(await segmentNames(env, school.id)),
  field: (env, school) =>
    database(env.DB)
      .select({ value: profileFields.key, label: profileFields.name })
      .from(profileFields)
      .where(eq(profileFields.school, school.id))
      .orderBy(asc(profileFields.name)),
  automation: async (env, school) => named(await automationNames(env, school.id)),
};

/** Whom mail to collaborators may go to: each role, and each address. */
const collaborators = ({ settings }: School): Word[] => {
  const listed = settings.collaborators;
  const all = [...listed.map((one) => ROLE + one.role), ...listed.map((one) => one.email)];
  return [...new Set(all)].map((value) => ({ value }));
};

/** Ids and names of a kind ("tag", "course", "segment" …) that hold a text, 50 at most. */
export async function wordsLike(env: Env, school: School, kind: string, q: string): Promise<Word[]> {
  const sought = q.toLowerCase();
  const all = Object.hasOwn(NAMED, kind) ? await NAMED[kind]?.(env, school) : undefined;
  if (all) return all.filter((one) => `${one.value}\n${one.label ?? ""}`.toLowerCase().includes(sought)).slice(0, MOST);
  const kinds = kindsOf(kind).filter((one) => WORDS.includes(one));
  const found = await Promise.all(kinds.map((one) => heardOf(env, school.id, one, sought)));
  return [...new Set(found.flat())].slice(0, MOST).map((value) => ({ value }));
}

async function heardOf(env: Env, school: string, kind: string, sought: string): Promise<string[]> {
  const rows = await database(env.DB)
    .select({ value: vocabulary.value })
    .from(vocabulary)
    .where(
      and(
        eq(vocabulary.school, school),
        eq(vocabulary.kind, kind),
        sought === "" ? undefined : gt(sql`instr(lower(${vocabulary.value}), ${sought})`, 0),
      ),
    )
    .orderBy(asc(vocabulary.key))
    .limit(MOST);
  return rows.map(({ value }) => value);
}
