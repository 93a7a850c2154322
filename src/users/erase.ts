import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { notFound } from "../base/errors";
import { userObject } from "../calls/stub";
import { database } from "../db/client";
import { users } from "../db/schema";
import { eraseHeld } from "../journal/held";
import type { School } from "../world/snapshot";

/** Erases everything that is held of a user; 404 when there is none. Running it again finishes what a crash left. */
export async function eraseUser(env: Env, school: School, id: string): Promise<void> {
  const listed = await database(env.DB)
    .select({ email: users.email })
    .from(users)
    .where(and(eq(users.school, school.id), eq(users.id, id)))
    .get();
  const object = userObject(env, school, id);
  const state = await object.state();
  if (!listed && !state) throw notFound("user");
  await object.erase();
  const emails = [listed?.email, state?.learner.email].filter((email) => typeof email === "string");
  await eraseHeld(env, { school: school.id, id, emails });
}
