import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import type { ScanMessage } from "../../calls/messages";
import { loadSchool, type School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { crossedBy, crossesAt, type Threshold, thresholdsOf } from "../waking/due";
import { wakePage } from "../waking/wake";
import { hear, isHearing } from "./hearing";
import { planLooks } from "./plan";
import { claimLooks, endLook, heldLook, keepLook, leaseFrom, PARKED, putOff, type ScanRow, sendLooks } from "./rows";

/*
 * Users who crossed a threshold of inactivity, or of a trial's end, are looked for from where the last look ended, a page
 * a message: by the times of their activity, each row once. What there is to look at is found by when the first of a
 * threshold's users crosses, so that a school where nobody does costs nothing.
 */

/** As many as a round hands on: those left are longest due in the next. */
const LOOKS_A_ROUND = 1_000;
const USERS_A_PAGE = 200;
/** The directory lags: whoever was known when an automation was made active is there by then. */
const LAG_MS = 15_000;
const NEXT_MINUTE_MS = 60_000;

/** Sends word of each threshold, of whatever school, that somebody may have crossed. */
export const scanSchools = async (env: Env): Promise<void> => sendLooks(env, await claimLooks(env, LOOKS_A_ROUND));

/** Does one page of a threshold, if it is this message's to do, and sends word of the next. */
export async function scanPage(env: Env, message: ScanMessage): Promise<void> {
  try {
    const held = await heldLook(env, message);
    if (held) await look(env, message, held);
  } catch (error) {
    // It is in no queue's hands: cron comes back to it, and stands behind no other.
    log("error", "scan.failed", { school: message.school, error });
    await putOff(env, message);
  }
}

async function look(env: Env, message: ScanMessage, { row, stamp }: { row: ScanRow; stamp: number | null }) {
  const school = stamp === null ? null : await loadSchool(env, row.school, { minStamp: stamp });
  if (!school || school.suspended || school.mode !== "live") return endLook(env, message, PARKED);
  if (row.scope === "") {
    const messages = await planLooks(env, school);
    await sendLooks(env, messages);
    return endLook(env, message, null);
  }
  if (isHearing(row)) return hear(env, message, school, row);
  const world = await loadWorld(env, school);
  const threshold = thresholdsOf(world).find(({ scope, days }) => scope === row.scope && days === row.days);
  // Nobody watches it any more: whoever changed that has the rows put right.
  if (!threshold) return endLook(env, message, PARKED);
  return wakeCrossing(env, message, school, { row, threshold, zone: world.school.settings.timezone });
}

interface Looked {
  row: ScanRow;
  threshold: Threshold;
  zone: string;
}

interface Place {
  at: number;
  user: string;
}

async function wakeCrossing(env: Env, message: ScanMessage, school: School, looked: Looked): Promise<void> {
  const { row, threshold, zone } = looked;
  const now = Date.now();
  const high = crossedBy(threshold, now, zone).last;
  const from: Place = { at: row.at ?? high, user: row.user };
  const { page, next } = await crossing(env, row, from, high);
  const already = await pastAlready(env, looked, now, USERS_A_PAGE - page.length);
  const users = new Set([...page, ...already.page].map(({ user }) => user));
  const when = users.size ? await wakePage(env, school, [...users]) : {};
  const reached = { ...(page.at(-1) ?? from), alreadyAt: already.at, alreadyUser: already.user };
  if (page.length === USERS_A_PAGE || already.isFull) {
    const lease = leaseFrom(now, message.lease);
    if (await keepLook(env, message, reached, lease)) await sendLooks(env, [{ ...message, lease }], when);
    return;
  }
  const nextAt = next === null ? null : Math.max(crossesAt(threshold, next, zone), now + NEXT_MINUTE_MS / 2);
  const soonest = already.at === null ? nextAt : Math.min(nextAt ?? PARKED, already.soonest);
  await endLook(env, message, soonest, reached, { high: Math.max(from.at - 1, high), next });
}

const PAGE = `select distinct at, user from activity
  where school = ?1 and scope = ?2 and (at, user) > (?3, ?4) and at <= ?5 order by at, user limit ?6`;
const NEXT = `select at from activity where school = ?1 and scope = ?2 and at > ?3 order by at limit 1`;

/** What finds the rows: along the key, without a sort. */
export const LOOKS = { PAGE, NEXT };

/** The next page behind a place up to a moment of activity, and the first moment behind that. */
async function crossing(env: Env, { school, scope }: ScanRow, { at, user }: Place, high: number) {
  const [page, next] = await env.DB.batch<Place>([
    env.DB.prepare(PAGE).bind(school, scope, at, user, high, USERS_A_PAGE),
    env.DB.prepare(NEXT).bind(school, scope, Math.max(at - 1, high)),
  ]);
  return { page: page?.results ?? [], next: next?.results[0]?.at ?? null };
}

interface Already {
  page: Place[];
  /** Where it goes on; null: nobody is left. */
  at: number | null;
  user: string;
  isFull: boolean;
  /** When it is to be gone on with, where it has to wait. */
  soonest: number;
}

/** The next of those who were past the threshold when an automation was made active that means them too. */
async function pastAlready(env: Env, { row, threshold, zone }: Looked, now: number, room: number): Promise<Already> {
  const { school, scope, alreadyAt, alreadyUser, alreadySince } = row;
  const stays = { page: [], at: alreadyAt, user: alreadyUser, isFull: alreadyAt !== null && room <= 0 };
  const soonest = (alreadySince ?? now) + LAG_MS;
  if (alreadyAt === null || room <= 0 || now < soonest) return { ...stays, soonest };
  const high = crossedBy(threshold, alreadySince ?? now, zone).last;
  const { results: page } = await env.DB.prepare(PAGE)
    .bind(school, scope, alreadyAt, alreadyUser, high, room)
    .all<Place>();
  const last = page.at(-1);
  const isFull = last !== undefined && page.length === room;
  return isFull ? { page, ...last, isFull, soonest } : { page, at: null, user: "", isFull, soonest };
}
