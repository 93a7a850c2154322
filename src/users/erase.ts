import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { notFound } from "../base/errors";
import { userObject } from "../calls/stub";
import { isLead, leadId } from "../catalogue/facts";
import { database } from "../db/client";
import { users } from "../db/schema";
import { eraseHeld } from "../journal/held";
import type { School } from "../world/snapshot";

/**
 * Erases everything that is held of a user, with the lead of the user's address; 404 when there is none. Running it again
 * finishes what a crash left: the directory is the last to forget.
 */
export async function eraseUser(env: Env, school: School, id: string): Promise<void> {
  const listed = await database(env.DB)
    .select({ email: users.email })
    .from(users)
    .where(and(eq(users.school, school.id), eq(users.id, id)))
    .get();
  const object = userObject(env, school, id);
  const known = await object.emails();
  if (!listed && !known) throw notFound("user");
  const emails = [listed?.email, ...(known ?? [])].filter((email) => typeof email === "string");
  const leads = isLead(id) ? [] : [...new Set(emails.map(leadId))];
  const left: string[] = [];
  for (const lead of leads) if (await userObject(env, school, lead).release(id)) left.push(lead);
  await object.erase();
  for (const lead of left) {
    await userObject(env, school, lead).erase();
    await eraseHeld(env, { school: school.id, id: lead, emails });
  }
  await eraseHeld(env, { school: school.id, id, emails });
}
