import { and, eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import { type Handed, handedName, idOfHanded } from "../../calls/shape";
import type { LoggedIds, NotTaken } from "../../calls/user";
import { isLead, leadId } from "../../catalogue/facts/facts";
import { database } from "../../db/client";
import { users } from "../../db/schema";
import { moveLog, moveRows } from "../../journal/held/forget";
import type { School } from "../../world/snapshot";
import { endedOf, timelineIn } from "../past/past";

/*
 * All that is held of somebody becomes another's: a lead's the user's who signs up with its address, a user's the one's
 * that it is merged into. A crash leaves it closed where it was, and whatever comes next for either finishes it: an event,
 * the same request again, the alarm of the one that is closed.
 */

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

/** A user may have been merged into one who was merged since. */
const MAX_HOPS = 8;

/** Whose it is now. `not`: why it stayed. */
export interface HandedOver {
  to: string;
  not?: NotTaken;
  /** It was this call that let the one go: of several at once one does. */
  isDone?: true;
}

/**
 * Gives everything of one to another. Repeatable: the one goes only once the other has it. If a crash cut an earlier one
 * off, it is finished for the user it was begun for.
 */
export async function handOver(
  env: Env,
  school: School,
  id: string,
  user: string,
  room: Room = newRoom(),
): Promise<HandedOver> {
  if (room.moves-- <= 0) throw noRoom();
  const object = userObject(env, school, id);
  const held = await object.handOver(user);
  if (!held) {
    if (!(await isListed(env, school.id, id))) return { to: user };
    await moveRest(env, school, id, user);
    return { to: user, isDone: true };
  }
  // It is closed now: what it was itself about to be given comes with it.
  if (!isLead(id)) await finishTaken(env, school, id, held.lead, room);
  const taken = await give(env, school, id, held.lead, held.to);
  if (taken.not) {
    await object.takeBack(held.to);
    return { to: id, not: taken.not };
  }
  const { to } = taken;
  const taker = userObject(env, school, to);
  const name = handedName(id, held.lead);
  // What lies in rows of their own may be more than one call takes.
  let place = 0;
  for await (const entries of timelineIn(env, school, id)) {
    if (entries.length) await taker.takeEntries(name, entries, place);
    place += entries.length;
  }
  for await (const ended of endedOf(env, school, id, { newestFirst: true }))
    if (ended.length) await taker.takeEnded(referenceOf(school), name, ended);
  let erased: LoggedIds | null = null;
  if (isLead(id)) erased = await object.erase();
  else {
    await leadOthers(env, school, id, held.lead, to);
    // Before it is erased too, since nothing here knows of it afterwards.
    await moveRest(env, school, id, to);
    erased = await object.erase(to);
  }
  await moveRest(env, school, id, to);
  return { to, ...(erased ? { isDone: true } : {}) };
}

/** Has it taken by whom it is for, or by whom that one was merged into since. */
async function give(env: Env, school: School, id: string, handed: Handed, user: string): Promise<HandedOver> {
  let to = user;
  for (let hop = 0; ; hop++) {
    const not = await userObject(env, school, to).takeOver(referenceOf(school), handed, id);
    // An object of a release before answers nothing.
    if (!not) return { to };
    if (not.movedTo === undefined || not.movedTo === id || hop === MAX_HOPS) return { to: id, not };
    to = not.movedTo;
  }
}

/** Finishes what a crash left half given to somebody: the state is there, the rest of the log is not. */
async function finishTaken(env: Env, school: School, user: string, { packed }: Handed, room: Room): Promise<void> {
  for (const { name } of packed.taken ?? []) {
    const id = idOfHanded(name);
    const left = await userObject(env, school, id).holder();
    if (left.holdsLead && left.user === user) await handOver(env, school, id, user, room);
  }
}

/** Leads to the new one who came to the other by an earlier id, and takes the other's address from it. */
async function leadOthers(env: Env, school: School, id: string, { packed }: Handed, to: string): Promise<void> {
  for (const merged of packed.merged ?? []) {
    const object = userObject(env, school, merged.id);
    await object.hold(to, 0);
    await object.release(id);
  }
  const address = packed.toldAddress?.email;
  if (address !== undefined) await userObject(env, school, leadId(address)).release(id);
}

/** What D1 has of it. */
async function moveRest(env: Env, school: School, id: string, to: string): Promise<void> {
  const logged = await userObject(env, school, to).loggedIds();
  if (!isLead(id)) await moveRows(env, school.id, id, to);
  await moveLog(env, school.id, id, to, logged);
}

/** Whether the directory lists a user; a crash may have left one there whose object is gone. */
export async function isListed(env: Env, school: string, id: string): Promise<boolean> {
  const row = await database(env.DB)
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.school, school), eq(users.id, id)))
    .get();
  return row !== undefined;
}
