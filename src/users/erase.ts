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
  const known = await object.addresses();
  if (!listed && !known) throw notFound("user");
  const all = [known?.email, listed?.email, ...(known?.others ?? [])].filter((email) => typeof email === "string");
  const emails = [...new Set(all)];
  // First, so that whoever asks meanwhile whose the address is finds that it is not this user's.
  await object.erase();
  const leads = isLead(id) ? [] : [...new Set(emails.map(leadId))];
  for (const lead of leads) await eraseLead(env, school, lead, id, emails);
  await eraseHeld(env, { school: school.id, id, emails });
}

/** Gives up an address, and erases its lead with what it once was told; a lead whose address another has is theirs. */
async function eraseLead(env: Env, school: School, lead: string, user: string, emails: string[]): Promise<void> {
  const address = userObject(env, school, lead);
  const left = await address.release(user);
  // One whose taking over was cut off is this user's still.
  if (left.holdsLead && left.user !== null && left.user !== user) return;
  if (left.holdsLead) await address.erase();
  await eraseHeld(env, { school: school.id, id: lead, emails });
}
