import { and, eq } from "drizzle-orm";
import pMap from "p-map";
import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import { log } from "../base/log";
import { leadName } from "../calls/shape";
import { referenceOf, userObject } from "../calls/stub";
import type { EventCall } from "../calls/user";
import { leadId } from "../catalogue/facts";
import { database } from "../db/client";
import { schools, users } from "../db/schema";
import { moveLog } from "../journal/forget";
import { forgetSchool, type School } from "../world/snapshot";
import { endedOf, journalOf } from "./past";

const AT_ONCE = 32;

/**
 * How many leads a request may still move: each takes some nine queries, and D1 takes a thousand. What would move one
 * more is not taken: a 503, to be sent again.
 */
export interface Room {
  moves: number;
}
export const newRoom = (): Room => ({ moves: 90 });
const noRoom = () =>
  new Problem(
    "unavailable",
    "Too many leads are taken over with this batch: this event was not taken. Send it again.",
    undefined,
    1,
  );

/** The user who has the address of a lead, or to whom it is being handed over, and gets it with this; else the lead. */
export async function userOfLead(env: Env, school: School, lead: string, room: Room = newRoom()): Promise<string> {
  // Its object is asked, not the directory, which lags.
  const { user, holdsLead } = await userObject(env, school, lead).holder();
  if (user === null) return lead;
  if (holdsLead) await moveLead(env, school, lead, user, room);
  return user;
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
    await moveLead(env, school, lead, user, room);
}

/** The same for a lead by its id. If a crash cut an earlier one off, it is finished for the user it was begun for. */
export async function moveLead(
  env: Env,
  school: School,
  lead: string,
  user: string,
  room: Room = newRoom(),
): Promise<void> {
  if (room.moves-- <= 0) throw noRoom();
  const object = userObject(env, school, lead);
  // The object is asked, not the directory, which lags: many people sign up right after sending the form.
  const held = await object.handOver(user);
  const to = held?.to ?? user;
  if (held) {
    const taker = userObject(env, school, to);
    await taker.takeOver(referenceOf(school), held.lead, lead);
    const name = leadName(lead, held.lead);
    // What the lead's object keeps in rows of their own may be more than one call takes.
    for await (const entries of journalOf(env, school, lead))
      if (entries.length) await taker.takeEntries(name, entries);
    for await (const ended of endedOf(env, school, lead, { newestFirst: true }))
      if (ended.length) await taker.takeEnded(referenceOf(school), name, ended);
    await object.erase();
  } else if (!(await isListed(env, school.id, lead))) return;
  const logged = await userObject(env, school, to).loggedIds();
  await moveLog(env, school.id, lead, to, logged);
}

/** Whether the directory lists a user; a crash may have left one there whose object is gone. */
async function isListed(env: Env, school: string, id: string): Promise<boolean> {
  const row = await database(env.DB)
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.school, school), eq(users.id, id)))
    .get();
  return row !== undefined;
}
