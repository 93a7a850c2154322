import type { Env } from "../base/env";
import type { DeliverMessage } from "../calls/messages";
import { referenceOf, userObject } from "../calls/reaching/stub";
import type { Claim } from "../calls/user";
import { channelOf } from "../catalogue/channels";
import { isLead } from "../catalogue/facts/facts";
import type { SendResult } from "../connectors";
import { announceSoon } from "../journal/announce";
import { attempt } from "../users/events/attempt";
import { loadSchool, type School } from "../world/snapshot";

/** Who wants to know how far a delivery is. */
export interface Watcher {
  /** From here on its object answers for it, whatever becomes of us. */
  claimed(): void;
  /** @param goesOn the user's next change follows at once, where there is one */
  answered(sending: SendResult, goesOn: boolean): void;
  /** It follows. */
  begins(): void;
}

/** Of one user's changes so many are carried out one after the other, and for about so long; the rest comes by the queue. */
const CHANGES_IN_A_ROW = 25;
const IN_A_ROW_MS = 10_000;

/**
 * Claims a delivery, performs it, and settles how it went. Late, doubled or lost messages do no harm.
 * @param had the claim, where it came along
 */
export async function deliver(env: Env, message: DeliverMessage, watcher: Watcher, had?: Claim): Promise<void> {
  const school = await loadSchool(env, message.school);
  if (!school) return;
  const object = userObject(env, school, message.user);
  const claim = had ?? (await object.claim(referenceOf(school), message.delivery));
  if (!claim) return;
  const until = Date.now() + IN_A_ROW_MS;
  watcher.claimed();
  const sending = await attempt(env, school, claim);
  watcher.answered(sending, channelOf(claim.delivery.channel).staysOwn === true);
  let next = await settle(env, school, message.user, claim, sending, true);
  for (let n = 1; next; n++) {
    watcher.begins();
    const result = await attempt(env, school, next);
    const goesOn = n < CHANGES_IN_A_ROW && Date.now() < until;
    watcher.answered(result, goesOn);
    next = await settle(env, school, message.user, next, result, goesOn);
  }
}

/** Whoever is handed over is so within moments; then the delivery is the other's. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 1_000;

/**
 * Tells the object whose the delivery is how it went. A lead, or a user, may have been handed over while the delivery was
 * under way: who took it over is told, and would else send it once more.
 * @param goesOn whether the user's next change is carried out too: it is given then
 */
async function settle(
  env: Env,
  school: School,
  of: string,
  { delivery, more = [] }: Claim,
  sending: SendResult,
  goesOn: boolean,
): Promise<Claim | undefined> {
  const { id, epoch } = school;
  const options = { ...(more.length ? { more: more.map((one) => one.id) } : {}), ...(goesOn ? { goesOn } : {}) };
  let user = of;
  for (let look = 1; ; look++) {
    const object = userObject(env, school, user);
    const { isKnown, hasNews, next } = await object.settle(referenceOf(school), delivery.id, sending, options);
    if (hasNews) announceSoon(env, { school: id, epoch, user }, { wakes: false });
    if (isKnown || look === LOOKS) return next;
    const { user: taker } = await userObject(env, school, of).holder();
    // Of a user who was merged into nobody it was settled, or erased.
    if (!isLead(of) && (taker === null || taker === user)) return next;
    // It has not come there yet, or nobody is known to have the address yet.
    if (taker === null || taker === user) await scheduler.wait(BETWEEN_LOOKS_MS);
    user = taker ?? of;
  }
}

/** Gives back a delivery that was claimed and has not left: its object sends it on its way anew. */
export async function giveBack(env: Env, message: DeliverMessage): Promise<void> {
  const school = await loadSchool(env, message.school);
  if (!school) return;
  await userObject(env, school, message.user).carriedOut(referenceOf(school), {
    attempted: [],
    left: [message.delivery],
  });
}

/** Tells the object that a delivery is still on its way, so that it is not offered again before `until`, real time, ms. */
export async function postpone(env: Env, message: DeliverMessage, until: number): Promise<void> {
  const school = await loadSchool(env, message.school);
  if (school) await userObject(env, school, message.user).postpone(referenceOf(school), message.delivery, until);
}
