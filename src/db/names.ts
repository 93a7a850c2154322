import type { Env } from "../base/env";
import { textsOf } from "../base/json";

/* What things are called, by their keys: what a page shows, never all that a school has. */

/** The names of those of some things of a school that are there. */
export async function namesByKey(
  env: Pick<Env, "DB">,
  table: "automations" | "segments" | "profile_fields",
  key: "id" | "key",
  school: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const text of textsOf([...new Set(keys)])) {
    const { results } = await env.DB.prepare(
      `select ${table}.${key} as key, name from json_each(?2) as one cross join ${table}
       where school = ?1 and ${table}.${key} = one.value`,
    )
      .bind(school, text)
      .all<{ key: string; name: string }>();
    for (const one of results) names.set(one.key, one.name);
  }
  return names;
}
