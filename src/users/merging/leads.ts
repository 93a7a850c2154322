import { eq } from "drizzle-orm";
import pMap from "p-map";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { log } from "../../base/reports/log";
import { userObject } from "../../calls/reaching/stub";
import type { EventCall } from "../../calls/user";
import { leadId } from "../../catalogue/facts/facts";
import { database } from "../../db/client";
import { schools } from "../../db/schema";
import { forgetSchool, type School } from "../../world/snapshot";
import { handOver, isListed, newRoom, type Room } from "./hand-over";

const AT_ONCE = 32;

/** The user who has the address of a lead, or whose id it was, or to whom it is being handed over, and gets it with this; else the lead. */
export async function userOfLead(env: Env, school: School, lead: string, room: Room = newRoom()): Promise<string> {
  // Its object is asked, not the directory, which lags.
  const { user, holdsLead } = await userObject(env, school, lead).holder();
  if (user === null) return lead;
  return holdsLead ? (await handOver(env, school, lead, user, room)).to : user;
}

/** The same by the address. */
export const userByEmail = (env: Env, school: School, email: string, room: Room): Promise<string> =>
  userOfLead(env, school, leadId(email), room);

/** The same for many addresses, each asked once. One that does not answer stops no other: it is asked with its events. */
export async function usersByEmail(
  env: Env,
  school: School,
  emails: readonly string[],
  room: Room,
): Promise<Map<string, string>> {
  const asked = async (email: string): Promise<[string, string]> => {
    const user = await userByEmail(env, school, email, room).catch((error: unknown) => {
      if (!(error instanceof Problem)) log("warn", "address.not_asked", { school: school.id, error });
      return leadId(email);
    });
    return [email, user];
  };
  return new Map(await pMap(new Set(emails), asked, { concurrency: AT_ONCE }));
}

/** Notes that the school has leads: other schools' sign-ups need not look for one. */
export async function noteLeads(env: Env, school: School): Promise<void> {
  if (school.hasLeads) return;
  await database(env.DB).update(schools).set({ hasLeads: true }).where(eq(schools.id, school.id));
  forgetSchool(school.id);
}

/**
 * Gives the lead of an email to the user who signs up with it. Repeatable: the lead goes only once the user has it.
 * @param email of the sign-up; null: the one the user is known by
 * @param events the sign-ups: copies, and what will be refused for its id, bring nobody anything
 */
export async function takeLeadOver(
  env: Env,
  school: School,
  user: string,
  email: string | null,
  events: readonly EventCall[] = [],
  room: Room = newRoom(),
): Promise<void> {
  const object = userObject(env, school, user);
  const address = email ?? (await object.addresses())?.email ?? null;
  if (address === null) return;
  const lead = leadId(address);
  const { holdsLead } = await userObject(env, school, lead).holder();
  if (holdsLead ? await object.areNew(events) : await isListed(env, school.id, lead))
    await handOver(env, school, lead, user, room);
}
