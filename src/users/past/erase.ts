import { and, eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { schoolObject, userObject } from "../../calls/reaching/stub";
import { isLead, leadId } from "../../catalogue/facts/facts";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { users } from "../../db/schema";
import { eraseForgotten, eraseHeld } from "../../journal/held/held";
import type { Erased, Presence } from "../../journal/held/whose";
import { nowOf, type School } from "../../world/snapshot";
import { presencesOf } from "./presences";
import { collect } from "./proven";
import { pseudonymOf } from "./pseudonym";

const NOTHING = { runs: [], deliveries: [] };

/**
 * Erases everything that is held of a user, with the lead of the user's address; 404 when there is none. Running it again
 * finishes what a crash left: the directory is the last to forget.
 * @param who erases, for the audit log, where a pseudonym stays
 */
export async function eraseUser(env: Env, school: School, id: string, who: string): Promise<void> {
  const listed = await emailOf(env, school, id);
  const object = userObject(env, school, id);
  const known = await object.addresses();
  if (!listed && !known) throw notFound("user");
  const all = [known?.email, listed?.email, ...(known?.others ?? [])].filter((email) => typeof email === "string");
  const emails = [...new Set(all)];
  // Free again; and what a crash left of one who was being merged is this user's.
  const merged = known?.merged ?? [];
  const pseudonym = await pseudonymOf(env, school, id);
  const at = nowOf(school);
  const gone = { emails, pseudonym, at };
  for (const other of merged) await eraseOther(env, school, other, id, gone);
  if (merged.length) await schoolObject(env, school).erase(merged);
  const presences = await presencesIn(env, school, id, at);
  // First, so that whoever asks meanwhile whose the address is finds that it is not this user's.
  const logged = await object.erase();
  if (!logged) await eraseForgotten(env, { school: school.id, id, pseudonym, at });
  const leads = isLead(id) ? [] : [...new Set(emails.map(leadId))];
  const erased = [id];
  for (const lead of leads) if (await eraseOther(env, school, lead, id, gone)) erased.push(lead);
  await schoolObject(env, school).erase(erased);
  await eraseHeld(env, { school: school.id, id, logged: logged ?? NOTHING, presences, ...gone });
  await recordAudit(database(env.DB), { school: school.id, who, what: "user.erased", subject: pseudonym });
}

/** Where somebody was, while their object knows it still. */
async function presencesIn(env: Env, school: School, id: string, at: number): Promise<Presence[] | null> {
  const known = await collect(env, school, id);
  return known?.user === id ? presencesOf(known, at) : null;
}

/** The address that the directory has of a user; undefined: it lists none of that id. */
const emailOf = (env: Env, school: School, id: string): Promise<{ email: string | null } | undefined> =>
  database(env.DB)
    .select({ email: users.email })
    .from(users)
    .where(and(eq(users.school, school.id), eq(users.id, id)))
    .get();

/**
 * Gives up an address, or an earlier id, and erases its lead with what it once was told; false where another has the
 * address: then the lead is theirs.
 */
async function eraseOther(
  env: Env,
  school: School,
  lead: string,
  user: string,
  gone: Pick<Erased, "emails" | "pseudonym" | "at">,
): Promise<boolean> {
  const address = userObject(env, school, lead);
  const left = await address.release(user);
  // One whose taking over was cut off is this user's still.
  if (left.holdsLead && left.user !== null && left.user !== user) return false;
  const presences = left.holdsLead ? await presencesIn(env, school, lead, gone.at) : null;
  const logged = left.holdsLead ? await address.erase() : null;
  if (!logged && (await emailOf(env, school, lead)))
    await eraseForgotten(env, { school: school.id, id: lead, ...gone });
  await eraseHeld(env, { school: school.id, id: lead, logged: logged ?? NOTHING, presences, ...gone });
  return true;
}
