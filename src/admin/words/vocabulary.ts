import { and, asc, eq, gt, sql } from "drizzle-orm";
import { z } from "zod";
import type { Env } from "../../base/env";
import { kindsOf, WORDS } from "../../catalogue/kinds";
import { database } from "../../db/client";
import { automations, profileFields, segments, vocabulary } from "../../db/schema";
import { defineRoute, ok } from "../../http/route";
import { loadSchool } from "../../world/snapshot";

const MOST = 50;

interface Word {
  value: string;
  label?: string;
}

/** What is named by its own table; everything else is what events have told us. */
const NAMED: Readonly<Record<string, (env: Env, school: string) => Promise<Word[]>>> = {
  collaborator: (env, school) => collaborators(env, school),
  segment: async (env, school) =>
    database(env.DB)
      .select({ value: segments.id, label: segments.name })
      .from(segments)
      .where(eq(segments.school, school))
      .orderBy(asc(segments.name)),
  field: async (env, school) =>
    database(env.DB)
      .select({ value: profileFields.key, label: profileFields.name })
      .from(profileFields)
      .where(eq(profileFields.school, school))
      .orderBy(asc(profileFields.name)),
  automation: async (env, school) =>
    database(env.DB)
      .select({ value: automations.id, label: automations.name })
      .from(automations)
      .where(eq(automations.school, school))
      .orderBy(asc(automations.name)),
};

const ROLE = "role:";

/** Whom mail to collaborators may go to: each role, and each address. */
async function collaborators(env: Env, school: string): Promise<Word[]> {
  const listed = (await loadSchool(env, school))?.settings.collaborators ?? [];
  return [...new Set([...listed.map((one) => ROLE + one.role), ...listed.map((one) => one.email)])].map((value) => ({
    value,
  }));
}

/** Ids and names of a kind ("tag", "course", "segment" …) that hold a text, 50 at most. */
export async function wordsLike(env: Env, school: string, kind: string, q: string): Promise<Word[]> {
  const sought = q.toLowerCase();
  const named = Object.hasOwn(NAMED, kind) ? NAMED[kind] : undefined;
  if (named) {
    const all = await named(env, school);
    return all.filter((one) => `${one.value}\n${one.label ?? ""}`.toLowerCase().includes(sought)).slice(0, MOST);
  }
  const kinds = kindsOf(kind).filter((one) => WORDS.includes(one));
  const found = await Promise.all(kinds.map((one) => heardOf(env, school, one, sought)));
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

/** What pickers offer. Of no use to the outside, which knows its own ids: not part of the contract. */
export const vocabularyRoutes = [
  defineRoute({
    method: "GET",
    path: "/vocabulary",
    scope: "read",
    summary: "Ids known of a kind, for pickers.",
    query: z.object({ kind: z.string().min(1).max(64), q: z.string().max(128).default("") }),
    answers: { 200: z.object({ data: z.array(z.object({ value: z.string(), label: z.string().optional() })) }) },
    handle: async ({ env, school, query }) => ok({ data: await wordsLike(env, school.id, query.kind, query.q) }),
  }),
];
