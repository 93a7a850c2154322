import journal from "../../migrations/meta/_journal.json";
import type { Env } from "../base/env";

const NEWEST = `${journal.entries.at(-1)?.tag}.sql`;

/** Where they are: nobody takes migrations back. */
const migrated = new WeakSet<D1Database>();

/** Whether the migrations that this Worker was built with are applied, by the table in which wrangler books them. */
export async function isMigrated(env: Env): Promise<boolean> {
  if (migrated.has(env.DB)) return true;
  const booked = await env.DB.prepare("select 1 from d1_migrations where name = ?")
    .bind(NEWEST)
    .first()
    .catch((error: unknown) => {
      if (error instanceof Error && error.message.includes("no such table")) return null;
      throw error;
    });
  if (booked) migrated.add(env.DB);
  return booked !== null;
}

/** The name of the last migration that is applied. */
export const appliedMigration = async (env: Env): Promise<string | null> =>
  (await env.DB.prepare("select name from d1_migrations order by id desc limit 1").first<string>("name")) ?? null;
