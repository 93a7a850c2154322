import { eq } from "drizzle-orm";
import pMap from "p-map";
import type { Env } from "../base/env";
import { referenceOf, userObject } from "../calls/stub";
import type { EventCall } from "../calls/user";
import { leadId } from "../catalogue/facts";
import { database } from "../db/client";
import { schools } from "../db/schema";
import { moveLogs } from "../journal/forget";
import { forgetSchool, type School } from "../world/snapshot";

const AT_ONCE = 32;

/** A lead whose object gave all it had to a user's; what D1 has of it is moved by `finishMoves`. */
export type Move = [lead: string, user: string];

/** The user who has an address, to whom its lead goes with this; else the lead. */
export async function userByEmail(env: Env, school: School, email: string, moves: Move[]): Promise<string> {
  const lead = leadId(email);
  // Its object is asked, not the directory, which lags.
  const { user, holdsLead } = await userObject(env, school, lead).holder();
  if (user === null) return lead;
  if (holdsLead) await giveLead(env, school, lead, user, moves);
  return user;
}

/** The same for many addresses, each asked once. */
export async function usersByEmail(
  env: Env,
  school: School,
  emails: readonly string[],
  moves: Move[],
): Promise<Map<string, string>> {
  const asked = async (email: string) => [email, await userByEmail(env, school, email, moves)] as const;
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
 * @returns the lead that was given
 */
export async function takeLeadOver(
  env: Env,
  school: School,
  user: string,
  { email, events = [] }: { email: string | null; events?: readonly EventCall[] },
  moves: Move[],
): Promise<string | null> {
  const object = userObject(env, school, user);
  const address = email ?? (await object.addresses())?.email ?? null;
  if (address === null) return null;
  const lead = leadId(address);
  const { holdsLead } = await userObject(env, school, lead).holder();
  if (!holdsLead || !(await object.areNew(events))) return null;
  await giveLead(env, school, lead, user, moves);
  return lead;
}

/** The same for a lead by its id. If a crash cut an earlier one off, it is finished for the user it was begun for. */
export async function giveLead(env: Env, school: School, lead: string, user: string, moves: Move[]): Promise<void> {
  const held = await userObject(env, school, lead).handOver(user);
  if (!held) return;
  await userObject(env, school, held.to).takeOver(referenceOf(school), held.lead, lead);
  moves.push([lead, held.to]);
}

/** Moves what D1 has of leads, all together. Their objects forget them last: cut off before, it is begun anew. */
export async function finishMoves(env: Env, school: School, moves: readonly Move[]): Promise<void> {
  if (!moves.length) return;
  await moveLogs(env, school.id, moves);
  await pMap(moves, ([lead]) => userObject(env, school, lead).erase(), { concurrency: AT_ONCE });
}
