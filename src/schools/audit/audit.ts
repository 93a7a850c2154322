import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../../base/env";
import { idFrom } from "../../base/ids";
import { readOptionalJson } from "../../base/json";
import { log } from "../../base/reports/log";
import type { ActionMessage, AuditMessage } from "../../calls/messages";
import { isTransient } from "../../calls/reaching/again";
import { patiently } from "../../calls/reaching/deed";
import { type AuditEntry, auditRowOf, recordRow } from "../../db/audit";
import { database } from "../../db/client";
import { decodeCursor, isOneOf, type ListPage, type ListQuery, mapPage } from "../../db/lists/list";
import { lookForRows } from "../../db/lists/look";
import { getRow, ifGiven } from "../../db/lists/rows";
import { apiKeys, audit } from "../../db/schema";
import { pseudonymOf } from "../../users/past/pseudonym";
import { loadSchool, type School } from "../../world/snapshot";

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
    // The row has its id: sent twice it is written once.
    await patiently(() => env.ACTIONS.send(message), isTransient).catch((refused: unknown) =>
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

/** Of so many subjects and kinds of change each is asked for by itself: a statement takes a hundred values. */
const PARTS_APART = 15;

/** What each entry of a part of the log has, whose entries an index has in their order. */
interface Part {
  who?: string | undefined;
  subject?: string | undefined;
  what?: string | undefined;
}

const isOf = ({ who, subject, what }: Part): SQL | undefined =>
  and(ifGiven(audit.subject, subject), ifGiven(audit.who, who), ifGiven(audit.what, what));

/** The index of what a part says. */
function indexOf({ who, subject, what }: Part): string | undefined {
  const given = Object.entries({ who, subject, what }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return given.length ? `audit_by_${given.join("_and_")}` : undefined;
}

/**
 * A page of the audit log, by an index of all that is asked for. A thing is several kinds of change, and who was erased
 * several subjects: the entries of each are one list in their order (`db/lists/merged.ts`).
 */
export async function listAudit(
  env: Env,
  { id: school, epoch }: Pick<School, "id" | "epoch">,
  query: AuditQuery,
): Promise<ListPage<Audited>> {
  const { who, what, subject, since } = query;
  const kind = what?.includes(".") ? what : undefined;
  const thing = kind === undefined ? what : undefined;
  const subjects = subject === undefined ? [undefined] : await subjectsOf(env, { id: school, epoch }, subject);
  const some = subjects.map((one): Part => ({ who, subject: one, what: kind }));
  const each =
    thing !== undefined ? (await Promise.all(some.map((one) => byKinds(env, school, one, thing)))).flat() : some;
  if (!each.length) return { data: [], next_cursor: null };
  const within = since === undefined ? undefined : isSince(query, idFrom("aud_", since));
  // Of more, what was done by one or to one is looked through.
  const areFew = each.length <= PARTS_APART;
  const parts = areFew ? each : subjects.map((one): Part => (one === undefined ? { who } : { subject: one }));
  const index = indexOf(parts[0] ?? {});
  const fits = areFew ? undefined : and(ifGiven(audit.who, who), isWithin(thing));
  const apart = index === undefined ? undefined : parts.map((part) => isOf(part) ?? sql`true`);
  return mapPage(await lookForRows(env, audit, school, query, { within, fits, index, each: apart }), toAudited);
}

/** From some id on; not said where a cursor is behind it, since an index is entered by one lower end alone. */
function isSince({ order, cursor }: ListQuery, id: string): SQL | undefined {
  const isBehind = order !== "desc" && cursor !== undefined && String(decodeCursor(cursor, 1)[0]) >= id;
  return isBehind ? undefined : gte(audit.id, id);
}

/** What was done to things of a sort, or to all. */
const isWithin = (thing: string | undefined): SQL | undefined =>
  thing === undefined ? undefined : sql`${audit.what} >= ${`${thing}.`} and ${audit.what} < ${`${thing}/`}`;

/** A part by the kinds of change that it has. */
async function byKinds(env: Env, school: string, part: Part, thing: string): Promise<Part[]> {
  return (await kindsIn(env, school, part, thing)).map((what) => ({ ...part, what }));
}

/** The kinds of change that a part of the log has, by name: from one to the next by an index. */
async function kindsIn(env: Env, school: string, part: Part, thing?: string): Promise<string[]> {
  const index = sql.raw(indexOf({ ...part, what: "" }) ?? "");
  const isBefore = thing === undefined ? undefined : sql`${audit.what} < ${`${thing}/`}`;
  const where = and(eq(audit.school, school), isOf(part), isBefore);
  // One lower end, by which the index is entered.
  const next = sql`select min(${audit.what}) from ${audit} indexed by ${index} where ${where} and ${audit.what} >`;
  const first = thing === undefined ? "" : `${thing}.`;
  const rows = await database(env.DB).all<{ what: string }>(
    sql`with recursive kind(name) as (select (${next} ${first})
      union all select (${next} kind.name) from kind where kind.name is not null)
      select name as what from kind where name is not null`,
  );
  return rows.map(({ what }) => what);
}

/** The kinds of change that the log holds, by name. */
export const auditKinds = (env: Env, school: string): Promise<string[]> => kindsIn(env, school, {});

/** By what a subject stands there: where it is a user who was once erased, by a pseudonym too. */
async function subjectsOf(env: Env, school: Pick<School, "id" | "epoch">, subject: string): Promise<string[]> {
  const pseudonym = await pseudonymOf(env, school, subject);
  const erased = await lastAudited(env, school.id, { what: "user.erased", subject: pseudonym });
  return erased ? [subject, pseudonym] : [subject];
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
