import { and, asc, type Column, eq, getTableColumns, inArray, is, lte, type SQL, sql } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import pMap from "p-map";
import type { Env } from "../../base/env";
import type { ActionMessage } from "../../calls/messages";
import { schoolObject, userObject } from "../../calls/reaching/stub";
import { type Database, database } from "../../db/client";
import { isOvertaken, requireNoRow } from "../../db/guard";
import { shardsOf } from "../../db/log";
import * as schema from "../../db/schema";
import * as shardSchema from "../../db/schema/shard";
import { forgettingSchool } from "../../journal/shard";

/*
 * What is left of a deleted school is cleared a page a message. What was under way when it was deleted may still write a
 * little: most is refused by the database, and objects that find their school deleted leave nothing. So that nobody has
 * to believe it, it is looked again, ever more seldom, for 30 days; only when nothing was found then is the id free.
 */

const DAY_MS = 86_400_000;
/** How long the id of a deleted school is not given again, at least. */
export const ID_KEPT_MS = 30 * DAY_MS;
/** After so long whoever cleared a page, and said nothing since, was cut off. */
export const LEASE_MS = 5 * 60_000;
const USERS_A_PAGE = 200;
const ROWS_A_PAGE = 2_000;
const AT_ONCE = 20;
const SCHOOLS_A_ROUND = 20;

const { deletedSchools, schools, users } = schema;

/** Deletes some of a school's rows, for every table that has rows of schools; users leave by `clearUsers`. */
const deletions = Object.values(schema).flatMap((table) => {
  if (!is(table, SQLiteTable)) return [];
  const columns: Record<string, Column> = getTableColumns(table);
  const { school } = columns;
  if (!school || table === users) return [];
  const inKey = getTableConfig(table).primaryKeys.flatMap((one) => one.columns);
  const key = sql.join(inKey.length ? inKey : Object.values(columns).filter(({ primary }) => primary), sql`, `);
  const some = (id: string): SQL =>
    sql`(${key}) in (select ${key} from ${table} where ${eq(school, id)} limit ${ROWS_A_PAGE})`;
  return [{ table, of: (db: Database, id: string) => db.delete(table).where(some(id)) }];
});
const inShards: ReadonlySet<unknown> = new Set(Object.values(shardSchema));
const deletionsInShards = deletions.filter(({ table }) => inShards.has(table));

/** Clears the next page of a deleted school, and says when to go on. */
export async function clearSchool(env: Env, id: string): Promise<void> {
  const db = database(env.DB);
  const row = await db.select().from(deletedSchools).where(eq(deletedSchools.id, id)).get();
  if (!row || row.lookAt === null) return;
  await lookAgain(db, row, Date.now() + LEASE_MS);
  try {
    await schoolObject(env, row).leaveSchool();
    const hadUsers = await clearUsers(env, row);
    if ((await clearRows(env, row)) || hadUsers) {
      const message: ActionMessage = { kind: "clear_school", school: id };
      await env.JOBS.send(message);
      return;
    }
  } catch (error) {
    // A school of this id is there again: it was proved that nothing was left.
    if (isOvertaken(error)) return;
    throw error;
  }
  await lookAgain(db, row, nextLook(row.deletedAt, Date.now()));
}

type Deleted = typeof deletedSchools.$inferSelect;

const lookAgain = (db: Database, { id, epoch }: Deleted, lookAt: number | null) =>
  db
    .update(deletedSchools)
    .set({ lookAt })
    .where(and(eq(deletedSchools.id, id), eq(deletedSchools.epoch, epoch)));

/** When to look again after nothing was found; null: never, its time is over. */
export function nextLook(deletedAt: number, now: number): number | null {
  const end = deletedAt + ID_KEPT_MS;
  return now >= end ? null : Math.min(end, Math.max(now + LEASE_MS, 2 * now - deletedAt));
}

/** Each page of users leaves the directory once nothing is left in their objects. */
async function clearUsers(env: Env, school: Deleted): Promise<boolean> {
  const db = database(env.DB);
  const page = await db
    .select({ id: users.id })
    .from(users)
    .where(eq(users.school, school.id))
    .orderBy(asc(users.id))
    .limit(USERS_A_PAGE);
  if (!page.length) return false;
  await pMap(page, ({ id }) => userObject(env, school, id).leaveSchool(), { concurrency: AT_ONCE });
  const ids = page.map((user) => user.id);
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    await db.delete(users).where(and(eq(users.school, school.id), inArray(users.id, ids.slice(from, from + AT_ONCE))));
  }
  return true;
}

async function clearRows(env: Env, { id, epoch }: Deleted): Promise<boolean> {
  const db = database(env.DB);
  const results = await db.batch([
    requireNoRow(db, schools, eq(schools.id, id)),
    ...deletions.map((deletion) => deletion.of(db, id)),
  ]);
  let changed = results.some(({ meta }) => meta.changes > 0);
  for (const d1 of shardsOf(env).values()) {
    // Whoever still writes there is refused from now on.
    const shard = database(d1);
    await d1.batch(forgettingSchool(d1, { id, epoch }));
    const [first, ...others] = deletionsInShards.map((deletion) => deletion.of(shard, id));
    if (!first) continue;
    const cleared = await shard.batch([first, ...others]);
    changed ||= cleared.some(({ meta }) => meta.changes > 0);
  }
  return changed;
}

/** For cron: has those looked at whose time has come, and those gone on with whose message was lost. */
export async function clearSchools(env: Env): Promise<void> {
  const due = await database(env.DB)
    .select({ id: deletedSchools.id })
    .from(deletedSchools)
    .where(lte(deletedSchools.lookAt, Date.now()))
    .orderBy(asc(deletedSchools.lookAt))
    .limit(SCHOOLS_A_ROUND);
  const messages = due.map(({ id }): ActionMessage => ({ kind: "clear_school", school: id }));
  if (messages.length) await env.JOBS.sendBatch(messages.map((body) => ({ body })));
}
