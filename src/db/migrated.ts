import logJournal from "../../migrations/log/meta/_journal.json";
import journal from "../../migrations/meta/_journal.json";
import type { Env } from "../base/env";
import { shardsOf } from "./log";

const NEWEST = `${journal.entries.at(-1)?.tag}.sql`;
const NEWEST_OF_LOG = `${logJournal.entries.at(-1)?.tag}.sql`;

/** Where they are: nobody takes migrations back. */
const migrated = new WeakSet<D1Database>();

/** Whether the migrations that this Worker was built with are applied, by the table in which wrangler books them. */
export async function isMigrated(env: Env): Promise<boolean> {
  const shards = [...shardsOf(env).values()].map((shard) => isUpTo(shard, NEWEST_OF_LOG));
  return (await Promise.all([isUpTo(env.DB, NEWEST), ...shards])).every((one) => one);
}

async function isUpTo(db: D1Database, newest: string): Promise<boolean> {
  if (migrated.has(db)) return true;
  const booked = await db
    .prepare("select 1 from d1_migrations where name = ?")
    .bind(newest)
    .first()
    .catch((error: unknown) => {
      if (error instanceof Error && error.message.includes("no such table")) return null;
      throw error;
    });
  if (booked) migrated.add(db);
  return booked !== null;
}

/** The name of the last migration that is applied. */
export const appliedMigration = async (env: Env): Promise<string | null> =>
  (await env.DB.prepare("select name from d1_migrations order by id desc limit 1").first<string>("name")) ?? null;
