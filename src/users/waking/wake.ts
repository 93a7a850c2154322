import { pMapSettled } from "p-map";
import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import { isOverloaded } from "../../calls/reaching/again";
import { objectAt, referenceOf, userObject } from "../../calls/reaching/stub";
import type { Advance, ClaimedOne, UserPlace } from "../../calls/user";
import { announce } from "../../journal/announce";
import { tellAll } from "../../journal/tell";
import { loadSchool, type School } from "../../world/snapshot";

const AT_ONCE = 16;
const MAX_STEPS = 100_000;

export interface Woken extends Advance {
  user: string;
}

const THOUGHT = `select id, next_wake as nextWake, seq from users
  where school = ? and id in (select value from json_each(?))`;

/**
 * Rows: school, user, the directory's wake and `seq`, the object's wake. Where the directory has changed since, the object
 * has told it something newer. With the school in the rows, as from a parameter the database would go through all of its
 * users.
 */
export const REPAIR = `update users set next_wake = woken.value->>4 from json_each(?) as woken
  where users.school = woken.value->>0 and users.id = woken.value->>1
    and next_wake is woken.value->>2 and seq = woken.value->>3`;

/** The watchdog's next round comes back to them; where the school is suspended, whoever lifts that does. */
const WAKE_AGAIN = "update users set next_wake = 0 where school = ?1 and id in (select value from json_each(?2))";

/**
 * Lets users' objects catch up with time, and corrects the wakes that the directory has of them. One that fails stops
 * no other: it is left out of the answer, and the watchdog comes back to it.
 * @param until up to when, for a test school; null: the present
 */
export async function wakeUsers(
  env: Env,
  school: School,
  users: readonly string[],
  until: number | null,
  maxSteps = MAX_STEPS,
): Promise<Woken[]> {
  return (await wakeEach(env, school, users, until, maxSteps)).woken;
}

/** After a page of many of whom the platform would not have all, the next waits so long. */
const SHED_SECONDS = 15;

/** The same of a page of many, and when the queue is to have the next. */
export async function wakePage(env: Env, school: School, users: readonly string[]): Promise<QueueSendOptions> {
  const { isShed } = await wakeEach(env, school, users, null, MAX_STEPS);
  return isShed ? { delaySeconds: SHED_SECONDS } : {};
}

async function wakeEach(
  env: Env,
  school: School,
  users: readonly string[],
  until: number | null,
  maxSteps: number,
): Promise<{ woken: Woken[]; isShed: boolean }> {
  const woken: Woken[] = [];
  const { results: thought } = await env.DB.prepare(THOUGHT)
    .bind(school.id, JSON.stringify(users))
    .all<{ id: string; nextWake: number | null; seq: number }>();
  const results = await pMapSettled(users, (user) => wakeUser(env, school, user, until, maxSteps), {
    concurrency: AT_ONCE,
  });
  const left: string[] = [];
  for (const [index, result] of results.entries()) {
    if (result.status === "fulfilled" && !result.value.isHeld) woken.push(result.value);
    else left.push(...users.slice(index, index + 1));
    if (result.status === "rejected") log("error", "user.not_woken", { school: school.id, error: result.reason });
  }
  // Cron, which has passed by, found them by what the directory was told of their visits: it must hear of the last.
  left.push(...(await tellWoken(env, school, woken)));
  if (left.length) await env.DB.prepare(WAKE_AGAIN).bind(school.id, JSON.stringify(left)).run();
  const said = new Map(woken.map(({ user, nextWake }) => [user, nextWake]));
  for (const user of left) said.delete(user);
  const repairs = thought.flatMap(({ id, nextWake, seq }) => {
    const now = said.get(id);
    return now === undefined || now === nextWake ? [] : [[school.id, id, nextWake, seq, now]];
  });
  if (repairs.length) await env.DB.prepare(REPAIR).bind(JSON.stringify(repairs)).run();
  return { woken, isShed: results.some((result) => result.status === "rejected" && isOverloaded(result.reason)) };
}

/** A delivery to be taken up; of one that is claimed already, since when. */
export type Brought = Pick<ClaimedOne, "body"> & ((ClaimedOne & { since: number }) | { claim?: undefined });

/**
 * Lets users of whatever schools go on with their queued runs, and announces them: by the time that D1 is told, what they
 * sent has mostly left, and is told with it. What fails is left to the object's own alarm, which is set for the case that
 * nobody comes.
 * @param mayClaim whether what a school sends first may be claimed at once
 * @returns deliveries of theirs, for the caller to take up
 */
export async function wakeQueued(
  env: Env,
  users: readonly UserPlace[],
  mayClaim: (school: string) => boolean,
): Promise<Brought[]> {
  const deliveries: Brought[] = [];
  const results = await pMapSettled(
    users,
    async (place) => {
      const school = await loadSchool(env, place.school);
      if (school?.epoch !== place.epoch || school.suspended) return null;
      const options = { tells: true, delivers: true, claims: mayClaim(school.id) } as const;
      const advanced = await objectAt(env, place).advance(referenceOf(school), null, MAX_STEPS, options);
      if (advanced.claimed) deliveries.push({ ...advanced.claimed, since: Date.now() });
      deliveries.push(...(advanced.deliveries ?? []).map((body) => ({ body })));
      return school.mode === "live" ? place : null;
    },
    { concurrency: AT_ONCE },
  );
  for (const result of results)
    if (result.status === "rejected") log("error", "user.not_woken", { error: result.reason });
  await announce(
    env,
    results.flatMap((result) => (result.status === "fulfilled" && result.value) || []),
  );
  return deliveries;
}

async function wakeUser(
  env: Env,
  school: School,
  user: string,
  until: number | null,
  maxSteps: number,
): Promise<Woken> {
  return {
    user,
    ...(await userObject(env, school, user).advance(referenceOf(school), until, maxSteps, { tells: true })),
  };
}

/**
 * Writes what many have for D1 together, which alone would be some ten statements each. What is not told is told later.
 * @returns those of whom D1 did not hear
 */
async function tellWoken(env: Env, school: School, woken: readonly Woken[]): Promise<string[]> {
  // A test school's objects write to D1 within their own turns.
  if (school.mode !== "live") return [];
  const users = woken.map(({ user }) => ({ school: school.id, epoch: school.epoch, user }));
  const { untold, errors } = await tellAll(env, users, { exact: true });
  for (const error of errors) log("error", "log.not_told", { school: school.id, error });
  return untold.map(({ user }) => user);
}
