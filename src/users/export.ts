import type { Env } from "../env";
import type { School } from "../schools/snapshot";
import { readUser } from "./change";
import { userObject } from "./object";

/** The tables of D1 that hold something of a user, by the column that names the user. */
const TABLES = { users: "id", user_marks: "user", activity: "user", runs: "user", deliveries: "user" } as const;

/** All that is held of a user, here and in the log. */
export async function exportUser(env: Env, school: School, id: string) {
  const user = await readUser(env, school, id);
  const held = await userObject(env, school.id, id).everything();
  const tables = await env.DB.batch(
    Object.entries(TABLES).map(([table, column]) =>
      env.DB.prepare(`select * from ${table} where school = ? and ${column} = ?`).bind(school.id, id),
    ),
  );
  return {
    user,
    push_tokens: held?.packed.state?.learner.pushTokens ?? [],
    state: held?.packed ?? null,
    journal: held?.journal ?? [],
    log: Object.fromEntries(Object.keys(TABLES).map((table, index) => [table, tables[index]?.results ?? []])),
  };
}
