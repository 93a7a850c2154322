import type { Env } from "../../base/env";
import type { UntoldItem } from "../../calls/batch";
import type { UserPlace } from "../../calls/user";
import { logOf } from "../../db/log";

const exists = (table: string): string =>
  `exists (select 1 from ${table} where school = ?1 and id = one.value->>1 and seq >= one.value->>2)`;

/** Left to itself, the database goes through all of the school's live runs. */
export const KNOWN_IN_LOG = `select count(*) as n from json_each(?2) as one where case one.value->>0
  when 'runs' then ${exists("runs")}
  when 'live_runs' then ${exists("live_runs indexed by live_runs_by_id")}
  else ${exists("deliveries")} end`;
export const KNOWN = `select count(*) as n from json_each(?2) as one where case one.value->>0
  when 'vocabulary' then
    exists (select 1 from vocabulary where school = ?1 and kind = one.value->>2 and key = one.value->>1)
  else ${exists("users")} end`;
const IN_LOG: ReadonlySet<string> = new Set<UntoldItem[0]>(["runs", "live_runs", "deliveries"]);

/** Whether D1 knows all of these, as of the changes they name or later ones. */
export async function isWritten(env: Env, { school }: UserPlace, items: readonly UntoldItem[]): Promise<boolean> {
  const areKnown = async (db: D1Database, sql: string, those: readonly UntoldItem[]): Promise<boolean> =>
    those.length === 0 ||
    (await db.prepare(sql).bind(school, JSON.stringify(those)).first<number>("n")) === those.length;
  const inLog = items.filter(([table]) => IN_LOG.has(table));
  const others = items.filter(([table]) => !IN_LOG.has(table));
  return (await areKnown(env.DB, KNOWN, others)) && (await areKnown(await logOf(env, school), KNOWN_IN_LOG, inLog));
}
