import type { Env } from "../../base/env";

/** So many ids are looked for at once. */
const AT_ONCE = 1_000;

/** Those of some ids that the directory of a school lists. */
export async function listedAmong(env: Env, school: string, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const { results } = await env.DB.prepare(
      "select users.id from json_each(?2) as one join users on users.school = ?1 and users.id = one.value",
    )
      .bind(school, JSON.stringify(ids.slice(from, from + AT_ONCE)))
      .all<{ id: string }>();
    for (const { id } of results) found.add(id);
  }
  return found;
}
