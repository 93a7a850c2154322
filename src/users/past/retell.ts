import { and, eq, gte } from "drizzle-orm";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { userObject } from "../../calls/reaching/stub";
import { isLead } from "../../catalogue/facts/facts";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { deliveryOf } from "../../db/deliveries";
import { logOf, openLogOf } from "../../db/log";
import { deliveries, users } from "../../db/schema";
import { idsFrom } from "../../engine/identity";
import { eraseForgotten, eraseHeld, erasingFinds } from "../../journal/held/held";
import { dropLiveBut } from "../../journal/tables/counts";
import { tellUser } from "../../journal/tell";
import { nowOf, type School } from "../../world/snapshot";
import { handOver } from "../merging/hand-over";
import { pseudonymOf } from "./pseudonym";

/*
 * D1 was brought back to a moment, or a user's object was, and the other was not. Objects know better: what D1 has of a
 * user is made what the object says, and of whom nobody is there any more it has nothing.
 */

/**
 * `told`: D1 knows the user as the object does; `erased`, `moved`: as it was done since, it is done again; `unknown`: nothing
 * tells that there ever was such a user.
 */
export type Retold = "told" | "erased" | "moved" | "unknown";

const TAKE_PLACE = `insert or ignore into self_enrolments (school, user, method, at)
  select school, ?2, id, ?4 from enrolment_methods where school = ?1 and id in (select value from json_each(?3))`;

/**
 * Has D1 know of a user what the user's object does. Twice is as once.
 * @param since what happened from then on D1 may have lost, ms by the school's clock; null: ever
 */
export async function retellUser(env: Env, school: School, user: string, since: number | null): Promise<Retold> {
  const object = userObject(env, school, user);
  const found = await object.tellAnew(since);
  if (!found) return nobodyThere(env, school, user);
  const { live, methods } = found;
  const log = await openLogOf(env, school.id);
  await log.batch(dropLiveBut(log, school.id, user, live));
  await env.DB.batch([
    ...erasingFinds(env.DB, school.id, user),
    env.DB.prepare(TAKE_PLACE).bind(school.id, user, JSON.stringify(methods), Date.now()),
  ]);
  // Again, for what was told while that went: it may have gone with it.
  await object.tellAnew(since);
  await tellUser(env, school, user, { exact: false });
  return "told";
}

/** Whoever the directory lists and nobody knows was erased since, or is another's. */
async function nobodyThere(env: Env, school: School, id: string): Promise<Retold> {
  const { user: to, holdsLead } = await userObject(env, school, id).holder();
  if (to !== null && to !== id) {
    await handOver(env, school, id, to);
    return "moved";
  }
  // Being handed over: whoever does that tells D1.
  if (holdsLead) return "moved";
  const row = await database(env.DB)
    .select({ email: users.email })
    .from(users)
    .where(and(eq(users.school, school.id), eq(users.id, id)))
    .get();
  const emails = row?.email ? [row.email] : [];
  const subject = await pseudonymOf(env, school, id);
  const gone = { pseudonym: subject, at: nowOf(school), presences: null };
  await eraseForgotten(env, { school: school.id, id, ...gone });
  await eraseHeld(env, { school: school.id, id, emails, logged: { runs: [], deliveries: [] }, ...gone });
  if (!row) return (await wasErased(env, school, subject)) ? "erased" : "unknown";
  if (!isLead(id))
    await recordAudit(database(env.DB), { school: school.id, who: "system", what: "user.erased", subject });
  return "erased";
}

const ERASED = `select 1 from audit indexed by audit_by_subject
  where school = ? and subject = ? and what = 'user.erased' limit 1`;

const wasErased = async (env: Env, school: School, pseudonym: string): Promise<boolean> =>
  (await env.DB.prepare(ERASED).bind(school.id, pseudonym).first()) !== null;

/** What of a user D1 knows to have been made since a moment, and where it ended. */
const deliveriesSince = async (env: Env, school: string, user: string, since: number) =>
  database(await logOf(env, school))
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.school, school), gte(deliveries.id, idsFrom("dlv", since)), eq(deliveries.user, user)));

/** What was made before that may have left since: an attempt is repeated for a day. */
const TRIED_FOR_MS = 2 * 86_400_000;

/** A user's object has gone back to a moment, ms: it learns what D1 knows to have left since, and D1 hears it anew. */
export async function learnFromLog(env: Env, school: School, user: string, at: number): Promise<void> {
  const rows = await deliveriesSince(env, school.id, user, at - TRIED_FOR_MS);
  const object = userObject(env, school, user);
  await object.learnFromLog(rows.map(deliveryOf));
  await retellUser(env, school, user, null);
}

const NO_PAST = "implement point-in-time recovery";

/**
 * Brings a user's object back to a moment, real time, ms; then `learnFromLog`.
 * @throws Problem 409 where nobody is there: who was erased stays erased
 * @returns the bookmark by which it comes forward again
 */
export async function bringBack(env: Env, school: School, user: string, to: number): Promise<string> {
  const object = userObject(env, school, user);
  if (!(await object.addresses()))
    throw new Problem("conflict", "Nobody is there: who was erased is not brought back.");
  try {
    return await object.goBack(to);
  } catch (error) {
    if (error instanceof Error && error.message.includes(NO_PAST))
      throw new Problem("conflict", "This runtime keeps no past of objects: only Cloudflare's own does.");
    throw error;
  }
}
