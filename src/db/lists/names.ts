import type { Env } from "../../base/env";
import { textsOf } from "../../base/json";

/* What things are called, by their ids: what a page shows, never all that a school has. */

/** The names of those of some things of a school that are there. */
export async function namesById(
  env: Pick<Env, "DB">,
  table: "automations" | "segments",
  school: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const text of textsOf([...new Set(ids)])) {
    const { results } = await env.DB.prepare(
      `select ${table}.id, name from json_each(?2) as one cross join ${table}
       where school = ?1 and ${table}.id = one.value`,
    )
      .bind(school, text)
      .all<{ id: string; name: string }>();
    for (const { id, name } of results) names.set(id, name);
  }
  return names;
}
