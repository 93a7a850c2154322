import { and, asc, eq, inArray } from "drizzle-orm";
import pMap from "p-map";
import type { Env } from "../base/env";
import type { ActionMessage } from "../calls/messages";
import { userObject } from "../calls/stub";
import { database } from "../db/client";
import { users } from "../db/schema";

/*
 * What happens to a school's users when the school itself changes.
 */

const AT_ONCE = 20;

/**
 * Erases the objects of all users of a school that is being deleted. Each group leaves the directory once it is erased,
 * so that a deletion that failed midway goes on from there when it is asked for again.
 */
export async function eraseSchoolUsers(env: Env, school: string): Promise<void> {
  const db = database(env.DB);
  for (;;) {
    const group = await db
      .select({ id: users.id })
      .from(users)
      .where(eq(users.school, school))
      .orderBy(asc(users.id))
      .limit(AT_ONCE);
    if (!group.length) return;
    const ids = group.map((row) => row.id);
    await pMap(ids, (id) => userObject(env, school, id).erase(), { concurrency: AT_ONCE });
    await db.delete(users).where(and(eq(users.school, school), inArray(users.id, ids)));
  }
}

/** Lets what was held go on, once a school is no longer suspended: those whose time has come are woken by the queue. */
export async function resumeSchoolUsers(env: Env, school: string): Promise<void> {
  const message: ActionMessage = { kind: "wake_school", school };
  await env.ACTIONS.send(message);
}
