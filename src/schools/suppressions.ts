import { and, asc, eq, gt, inArray, type SQL, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { newId } from "../base/ids";
import type { MailReport } from "../calls/mail";
import { referenceOf, userObject } from "../calls/reaching/stub";
import { addressKey } from "../catalogue/account/email";
import { leadId } from "../catalogue/facts/facts";
import { type SuppressionReason, stronger } from "../catalogue/messages/suppression";
import { storedAddresses } from "../db/addresses";
import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import { requireNoRow, requireRow, unlessOvertaken } from "../db/guard";
import type { ListQuery } from "../db/lists/list";
import { getRow, listRows } from "../db/lists/rows";
import { suppressions, users } from "../db/schema";
import { nowOf, type School } from "../world/snapshot";

/*
 * Addresses that a school's mail does not go to. Here is who has them all; who has such an address is told, so that
 * nobody who sends has to look here.
 */

export type SuppressionRow = typeof suppressions.$inferSelect;

/** By id, or by the address in any spelling. */
const which = (school: string, named: string): SQL | undefined =>
  and(
    eq(suppressions.school, school),
    // Each by its index: of either of two, the database goes through all.
    sql`${suppressions.key} in (select ${addressKey(named)} union all
      select one.key from suppressions as one where one.school = ${school} and one.id = ${named})`,
  );

/** A page of the suppressed addresses of a school, oldest first. */
export const listSuppressions = (env: Env, { id }: Pick<School, "id">, query: ListQuery) =>
  listRows(env, suppressions, ["id"], query, eq(suppressions.school, id), "suppressions_by_id");

/** One, by its id or its address; 404 where there is none. */
export const getSuppression = (env: Env, school: string, named: string): Promise<SuppressionRow> =>
  getRow(env, suppressions, which(school, named), "suppression");

/** That of an address; null: none. */
export const suppressionOf = async (env: Env, school: string, address: string): Promise<SuppressionRow | null> =>
  (await database(env.DB)
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.school, school), eq(suppressions.key, addressKey(address))))
    .get()) ?? null;

export interface NewSuppression {
  address: string;
  reason: SuppressionReason;
  /** Who says so: a vendor, or `hand`. */
  source: string;
  /** In the vendor's words, or a person's. */
  detail: string | null;
}

/**
 * Suppresses an address; of two reasons the stronger stays. All who have it have heard of it when this resolves.
 * @param who whom the audit log names; null: a vendor's message, which stands in the row itself
 */
export async function suppress(
  env: Env,
  school: School,
  { address, reason, source, detail }: NewSuppression,
  who: string | null,
): Promise<{ row: SuppressionRow; isNew: boolean }> {
  const { row, isNew } = await unlessOvertaken(() => written(env, school, { address, reason, source, detail }, who));
  await tellHolders(env, school, row.address, { key: row.key, reason: row.reason });
  return { row, isNew };
}

/** What stands after it, and whether it was not there before; overtaken where another came between. */
async function written(
  env: Env,
  school: School,
  { address, reason, source, detail }: NewSuppression,
  who: string | null,
): Promise<{ row: SuppressionRow; isNew: boolean }> {
  const before = await suppressionOf(env, school.id, address);
  if (before !== null && stronger(before.reason, reason) === before.reason) return { row: before, isNew: false };
  const key = addressKey(address);
  const row: SuppressionRow = {
    ...{ school: school.id, key, address, reason, source, detail },
    id: before?.id ?? newId("sup_"),
    at: nowOf(school),
  };
  const db = database(env.DB);
  const { id: _, school: __, key: ___, ...set } = row;
  const target = [suppressions.school, suppressions.key];
  const write = db.insert(suppressions).values(row).onConflictDoUpdate({ target, set });
  const ofAddress = and(eq(suppressions.school, school.id), eq(suppressions.key, key));
  const guard =
    before === null
      ? requireNoRow(db, suppressions, ofAddress)
      : requireRow(
          db,
          suppressions,
          and(ofAddress, eq(suppressions.id, before.id), eq(suppressions.reason, before.reason)),
        );
  const entry = { school: school.id, what: "suppression.created", subject: row.id, after: { reason, source } };
  await db.batch(who === null ? [guard, write] : [guard, write, recordAudit(db, { ...entry, who })]);
  return { row, isNew: before === null };
}

/** Lets mail go to an address again; 404 where it is not suppressed. */
export async function liftSuppression(env: Env, school: School, named: string, who: string): Promise<void> {
  const { key, address } = await unlessOvertaken(() => lifted(env, school, named, who));
  await tellHolders(env, school, address, { key, reason: null });
}

/** One that is deleted, by whoever comes first of several. */
async function lifted(env: Env, school: School, named: string, who: string): Promise<SuppressionRow> {
  const row = await getSuppression(env, school.id, named);
  const db = database(env.DB);
  const { key, reason, source } = row;
  await db.batch([
    requireRow(db, suppressions, and(eq(suppressions.school, school.id), eq(suppressions.id, row.id))),
    db.delete(suppressions).where(and(eq(suppressions.school, school.id), eq(suppressions.key, key))),
    recordAudit(db, {
      ...{ school: school.id, who, what: "suppression.lifted", subject: row.id },
      before: { reason, source },
    }),
  ]);
  return row;
}

const PAGE = 100;

/** Tells all who have an address, a lead of it too. The directory lags: the address's own object knows who came last. */
async function tellHolders(env: Env, school: School, address: string, report: MailReport): Promise<void> {
  const lead = leadId(address);
  const { user } = await userObject(env, school, lead).holder();
  const told = new Set([lead, ...(user === null ? [] : [user])]);
  const tell = (one: string) => userObject(env, school, one).hearOfMail(referenceOf(school), report);
  await Promise.all([...told].map(tell));
  for (let after = ""; ; ) {
    const page = await listedFrom(env, school.id, address, after);
    await Promise.all(page.filter((one) => !told.has(one)).map(tell));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last;
  }
}

const listedFrom = async (env: Env, school: string, address: string, after: string): Promise<string[]> => {
  const rows = await database(env.DB)
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.school, school), inArray(users.emailKey, storedAddresses(address)), gt(users.id, after)))
    .orderBy(asc(users.id))
    .limit(PAGE);
  return rows.map(({ id }) => id);
};
