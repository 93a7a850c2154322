import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../base/env";
import { idFrom } from "../base/ids";
import { readOptionalJson } from "../base/json";
import { log } from "../base/log";
import type { ActionMessage, AuditMessage } from "../calls/messages";
import { type AuditEntry, auditRowOf, recordRow } from "../db/audit";
import { database } from "../db/client";
import { isOneOf, type ListPage, type ListQuery, mapPage } from "../db/list";
import { lookForRows } from "../db/look";
import { getRow, ifGiven } from "../db/rows";
import { apiKeys, audit } from "../db/schema";
import { pseudonymOf } from "../users/pseudonym";
import { loadSchool, type School } from "../world/snapshot";

/* What was changed in a school, and by whom; `recordAudit` writes it. */

const side = z.record(z.string(), z.unknown());
type Side = z.output<typeof side>;

export interface Audited {
  id: string;
  /** In ms. */
  at: number;
  /** `key:<id>`, `admin:<email>`, `platform`, `system`. */
  who: string;
  /** `<thing>.<verb>`: `school.updated`. */
  what: string;
  /** The id of what it was done to. */
  subject: string;
  /** How that stood before and after; null: there was nothing, or nothing is told. */
  before: Side | null;
  after: Side | null;
}

const toAudited = ({ school: _, before, after: then, ...row }: typeof audit.$inferSelect): Audited => ({
  ...row,
  before: readOptionalJson(side, before),
  after: readOptionalJson(side, then),
});

/**
 * Records what an object has done. It is done, so this never fails: what D1 does not take is handed to a queue, and
 * written later.
 */
export async function recordDone(env: Env, entry: AuditEntry): Promise<void> {
  const row = auditRowOf(entry);
  try {
    await recordRow(database(env.DB), row);
  } catch (error) {
    log("warn", "audit.later", { school: entry.school, subject: row.id, error });
    const message: ActionMessage = { kind: "audit", school: entry.school, row };
    await env.ACTIONS.send(message).catch((refused: unknown) =>
      log("error", "audit.lost", { school: entry.school, subject: row.id, error: refused }),
    );
  }
}

/** Records it later: once, however often it is told to, and of a user who was erased since by their pseudonym. */
export async function recordLater(env: Env, { row }: AuditMessage): Promise<void> {
  const school = await loadSchool(env, row.school);
  if (!school) return;
  const pseudonym = await pseudonymOf(env, school, row.subject);
  // Erasing a user erases what was done to them by hand.
  if (await lastAudited(env, row.school, { what: "user.erased", subject: pseudonym })) return;
  await recordRow(database(env.DB), row);
}

export interface AuditQuery extends ListQuery {
  who?: string | undefined;
  /** A kind of change, or a thing: `automation.changed`, or `automation` for all that was done to automations. */
  what?: string | undefined;
  /** The id of what it was done to; of a user's too where they were erased. */
  subject?: string | undefined;
  /** From then on, real time, ms. */
  since?: number | undefined;
}

/** Of so many kinds of change each is asked for by itself: a statement takes a hundred values. */
const KINDS_APART = 16;

/**
 * A page of the audit log, by an index of one thing that is asked for: what else is, is looked for among so many of the
 * next (`db/look.ts`), and such a page may be short while others follow.
 */
export async function listAudit(
  env: Env,
  { id: school, epoch }: Pick<School, "id" | "epoch">,
  query: AuditQuery,
): Promise<ListPage<Audited>> {
  const { who, what, subject, since } = query;
  const isKind = what?.includes(".") ?? false;
  const byWho = who !== undefined && subject === undefined;
  const byWhat = what !== undefined && subject === undefined && !byWho;
  const kinds = !byWhat ? [] : isKind ? [what] : await kindsOf(env, school, what);
  if (byWhat && !kinds.length) return { data: [], next_cursor: null };
  const byKind = byWhat && kinds.length <= KINDS_APART;
  const index =
    subject !== undefined ? "audit_by_subject" : byWho ? "audit_by_who" : byKind ? "audit_by_what" : undefined;
  const within = and(
    byWho ? ifGiven(audit.who, who) : undefined,
    subject === undefined ? undefined : await isOf(env, { id: school, epoch }, subject),
    since === undefined ? undefined : gte(audit.id, idFrom("aud_", since)),
  );
  const ofThing = sql`${audit.what} >= ${`${what}.`} and ${audit.what} < ${`${what}/`}`;
  const fits: SQL | undefined = and(
    byWho ? undefined : ifGiven(audit.who, who),
    byKind || what === undefined ? undefined : isKind ? eq(audit.what, what) : ofThing,
  );
  const each = byKind ? kinds.map((kind) => eq(audit.what, kind)) : [];
  return mapPage(await lookForRows(env, audit, school, query, { within, fits, index, each }), toAudited);
}

/** The kinds of what was ever done to things of a sort. The database goes from one to the next, over all between. */
async function kindsOf(env: Env, school: string, thing: string): Promise<string[]> {
  const { results } = await env.DB.prepare(KINDS).bind(school, `${thing}.`, `${thing}/`).all<{ what: string }>();
  return results.map(({ what }) => what);
}

const KINDS = `select distinct what from audit indexed by audit_by_what where school = ?1 and what >= ?2 and what < ?3`;

/** What was done to a subject: where it is a user who was once erased, that too, which stands there by a pseudonym. */
async function isOf(env: Env, school: Pick<School, "id" | "epoch">, subject: string): Promise<SQL> {
  const pseudonym = await pseudonymOf(env, school, subject);
  const erased = await lastAudited(env, school.id, { what: "user.erased", subject: pseudonym });
  return erased ? isOneOf(audit.subject, [subject, pseudonym]) : eq(audit.subject, subject);
}

/** The kinds of change that the log holds, by name: from one to the next by an index. */
export async function auditKinds(env: Env, school: string): Promise<string[]> {
  const next = sql`select min(what) from audit indexed by audit_by_what where school = ${school} and what >`;
  const rows = await database(env.DB).all<{ what: string }>(
    sql`with recursive kind(what) as (select (${next} '')
      union all select (${next} kind.what) from kind where kind.what is not null)
      select what from kind where what is not null`,
  );
  return rows.map(({ what }) => what);
}

/** An entry by its id; null: there is none. */
export async function findAudited(env: Env, school: string, id: string): Promise<Audited | null> {
  const row = await database(env.DB)
    .select()
    .from(audit)
    .where(and(eq(audit.school, school), eq(audit.id, id)))
    .get();
  return row ? toAudited(row) : null;
}

/** The same; 404 when there is none. */
export const getAudited = async (env: Env, school: string, id: string): Promise<Audited> =>
  toAudited(await getRow(env, audit, and(eq(audit.school, school), eq(audit.id, id)), "entry"));

/** The last entry of a kind on a subject. */
export async function lastAudited(
  env: Env,
  school: string,
  { what, subject }: Pick<Audited, "what" | "subject">,
): Promise<Audited | null> {
  const row = await database(env.DB)
    .select()
    .from(audit)
    .where(and(eq(audit.school, school), eq(audit.subject, subject), eq(audit.what, what)))
    .orderBy(desc(audit.id))
    .limit(1)
    .get();
  return row ? toAudited(row) : null;
}

/** The names of what changed, never what to: a value may be a secret, or somebody's. */
export function changedNames({ before, after }: Pick<Audited, "before" | "after">): string[] {
  const told = z.object({ changed: z.array(z.string()) }).safeParse(after);
  if (before === null && told.success) return told.data.changed;
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
}

/** What those are called who made entries, by `who`: the name of a key that is still there, an address. */
export async function namesOfWho(
  env: Env,
  school: string,
  entries: readonly Pick<Audited, "who">[],
): Promise<Map<string, string>> {
  const all = new Set(entries.map(({ who }) => who));
  const ids = [...all].flatMap((who) => (who.startsWith("key:") ? [who.slice("key:".length)] : []));
  const keys = ids.length
    ? await database(env.DB)
        .select({ id: apiKeys.id, name: apiKeys.name })
        .from(apiKeys)
        .where(and(eq(apiKeys.school, school), isOneOf(apiKeys.id, ids)))
    : [];
  return new Map([
    ...keys.map(({ id, name }) => [`key:${id}`, name] as const),
    ...[...all].flatMap((who) =>
      who.startsWith("admin:") && who !== "admin:operator" ? [[who, who.slice("admin:".length)] as const] : [],
    ),
  ]);
}
