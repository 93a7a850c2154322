import type { Env } from "../base/env";
import type { UntoldItem } from "../calls/batch";
import type { UserPlace } from "../calls/user";

const exists = (table: string): string =>
  `exists (select 1 from ${table} where school = ?1 and id = one.value->>1 and seq >= one.value->>2)`;

/** Left to itself, the database goes through all of the school's live runs. */
export const KNOWN = `select count(*) as n from json_each(?2) as one where case one.value->>0
  when 'runs' then ${exists("runs")}
  when 'live_runs' then ${exists("live_runs indexed by live_runs_by_id")}
  when 'deliveries' then ${exists("deliveries")}
  when 'vocabulary' then
    exists (select 1 from vocabulary where school = ?1 and kind = one.value->>2 and key = one.value->>1)
  else ${exists("users")} end`;

/** Whether D1 knows all of these, as of the changes they name or later ones. */
export async function isWritten(env: Env, { school }: UserPlace, items: readonly UntoldItem[]): Promise<boolean> {
  const known = await env.DB.prepare(KNOWN).bind(school, JSON.stringify(items)).first<{ n: number }>();
  return known?.n === items.length;
}
