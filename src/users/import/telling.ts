import pMap from "p-map";
import type { Env } from "../../base/env";
import type { LogBatch } from "../../calls/batch";
import { userObject } from "../../calls/reaching/stub";
import type { Changed } from "../../calls/user";
import { leadId } from "../../catalogue/facts/facts";
import type { Change } from "../../engine/play";
import type { JobScene } from "../../jobs/define";
import { tellGiven, tellUsers } from "../../journal/tell";
import type { School } from "../../world/snapshot";
import { userId } from "../events/event";
import { changeOf } from "../merging/moved";

/* What D1 is to hear of the users of a page of an import: each gives it with the answer to its last change. */

const AT_ONCE = 12;

/** By the ids of users; null: nothing. */
type Given = Map<string, LogBatch | null>;

const givenOf = new WeakMap<JobScene, Given>();

function givenIn(scene: JobScene): Given {
  const given: Given = givenOf.get(scene) ?? new Map();
  givenOf.set(scene, given);
  return given;
}

/** Changes a user as `changeOf` does; D1 hears of it at the end of the page: see `tellImported`. */
export async function changeInPage(
  scene: JobScene,
  user: string,
  input: Change,
  options: { creates: boolean; once?: string },
): Promise<Changed | null> {
  // Whether it was changed nobody knows where the call fails.
  askAtEnd(scene, user);
  const { env, school } = scene;
  // Where there are leads, one of the address is the user's from now on: its object says so when it is told.
  const changed = await changeOf(env, school, user, input, { ...options, tells: true, lists: !school.hasLeads });
  // It includes what was given before, as of that the object has not heard.
  if (changed?.untold !== undefined) givenIn(scene).set(user, changed.untold);
  return changed;
}

/** Something else has happened to a user, who is asked at the end of the page. */
export const askAtEnd = (scene: JobScene, user: string): void => void givenIn(scene).delete(user);

/**
 * Ends a page of an import: writes its users to the directory at once, not by the queue. A rule made right after goes
 * over the directory and must find them; and objects that still have something to tell would stay in memory.
 * @param keys the ids of users; what can be no id is passed over
 */
export async function tellImported(scene: JobScene, keys: readonly string[]): Promise<void> {
  const { env, school } = scene;
  if (school.mode !== "live") return;
  const given = givenIn(scene);
  const users = keys.filter((key) => userId.safeParse(key).success);
  const batches = users.flatMap((user) => given.get(user) ?? []);
  const asked = users.flatMap((user) => (given.has(user) ? [] : [{ school: school.id, epoch: school.epoch, user }]));
  const told = await Promise.allSettled([tellGiven(env, batches), tellUsers(env, asked)]);
  for (const one of told) if (one.status === "rejected") throw one.reason;
  await tellShared(env, school, users);
}

/** More than one has the address, or a lead may have come for it while the page was made. */
const SHARED = `select one.id, one.email_key as email
  from json_each(?2) asked join users one on one.school = ?1 and one.id = asked.value
  where one.email_key is not null and (
    (select has_leads from schools where id = ?1)
    or exists (select 1 from users other where other.school = one.school and other.email_key = one.email_key and other.id <> one.id)
  )`;

/**
 * Tells the objects of addresses whose they are, where the directory was not asked in time perhaps: of an address that
 * somebody had already its object may know that one alone. Mostly there is none.
 */
async function tellShared(env: Env, school: School, users: readonly string[]): Promise<void> {
  if (school.hasLeads) return;
  const { results } = await env.DB.prepare(SHARED)
    .bind(school.id, JSON.stringify(users))
    .all<{ id: string; email: string }>();
  await pMap(results, ({ id, email }) => tellOf(env, school, id, leadId(email)), { concurrency: AT_ONCE });
}

async function tellOf(env: Env, school: School, user: string, lead: string): Promise<void> {
  const known = await userObject(env, school, user).addresses(lead);
  if (known?.email && leadId(known.email) === lead) await userObject(env, school, lead).hold(user, known.registeredAt);
}
