import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Env } from "../base/env";
import { readOptionalJson } from "../base/json";
import { database } from "../db/client";
import { type ListPage, type ListQuery, mapPage } from "../db/list";
import { ifGiven, listRows } from "../db/rows";
import { audit } from "../db/schema";

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

/** A page of the audit log; `what`: one kind of change. */
export async function listAudit(
  env: Env,
  school: string,
  query: ListQuery & { what?: string | undefined },
): Promise<ListPage<Audited>> {
  const where = and(eq(audit.school, school), ifGiven(audit.what, query.what));
  return mapPage(await listRows(env, audit, ["id"], query, where), toAudited);
}

/** The kinds of change that the log holds, by name. */
export async function auditKinds(env: Env, school: string): Promise<string[]> {
  const rows = await database(env.DB)
    .selectDistinct({ what: audit.what })
    .from(audit)
    .where(eq(audit.school, school))
    .orderBy(audit.what);
  return rows.map(({ what }) => what);
}

/** An entry by its id. */
export async function findAudited(env: Env, school: string, id: string): Promise<Audited | null> {
  const row = await database(env.DB)
    .select()
    .from(audit)
    .where(and(eq(audit.school, school), eq(audit.id, id)))
    .get();
  return row ? toAudited(row) : null;
}

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
