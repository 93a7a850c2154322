import type { Env } from "../base/env";
import { log } from "../base/log";
import type { DeliverMessage } from "../calls/messages";
import { referenceOf, userObject } from "../calls/stub";
import type { Claim } from "../calls/user";
import { isLead } from "../catalogue/facts";
import { type SendResult, send } from "../connectors";
import { announceSoon } from "../journal/announce";
import { connectorsOf } from "../world/connectors";
import { loadSchool, type School } from "../world/snapshot";

/** Who wants to know how far a delivery is. */
export interface Watcher {
  /** From here on its object answers for it, whatever becomes of us. */
  claimed(): void;
  answered(sending: SendResult): void;
}

/** Claims a delivery, performs it, and settles how it went. Late, doubled or lost messages do no harm. */
export async function deliver(env: Env, message: DeliverMessage, watcher: Watcher): Promise<void> {
  const school = await loadSchool(env, message.school);
  if (!school) return;
  const object = userObject(env, school, message.user);
  const claim = await object.claim(referenceOf(school), message.delivery);
  if (!claim) return;
  watcher.claimed();
  const sending = await attempt(env, school, claim).catch((error: unknown): SendResult => {
    log("error", "delivery.fault", { school: school.id, error });
    return { ok: false, error: "a fault of ours; it is logged", retry: true };
  });
  watcher.answered(sending);
  await settle(env, school, message, sending);
}

/** A lead is handed over within moments; then its delivery is the user's. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 1_000;

/**
 * Tells the object whose the delivery is how it went. That of a lead may have been handed over while the delivery was
 * under way: who took it over is told, and would else send it once more.
 */
async function settle(env: Env, school: School, message: DeliverMessage, sending: SendResult): Promise<void> {
  const { id, epoch } = school;
  let user = message.user;
  for (let look = 1; ; look++) {
    const { isKnown, hasNews } = await userObject(env, school, user).settle(
      referenceOf(school),
      message.delivery,
      sending,
    );
    if (hasNews) announceSoon(env, { school: id, epoch, user }, { wakes: false });
    if (isKnown || !isLead(message.user) || look === LOOKS) return;
    const { user: taker } = await userObject(env, school, message.user).holder();
    // It has not come there yet, or nobody is known to have the address yet.
    if (taker === null || taker === user) await scheduler.wait(BETWEEN_LOOKS_MS);
    user = taker ?? message.user;
  }
}

const attempt = async (env: Env, school: School, { delivery, user }: Claim): Promise<SendResult> =>
  send(env, school, await connectorsOf(env, school), {
    key: delivery.key,
    deliveryId: delivery.id,
    channel: delivery.channel,
    to: delivery.to,
    content: delivery.content,
    at: delivery.createdAt,
    user,
  });

/** Tells the object that a delivery is still on its way, so that it is not offered again before `until`, real time, ms. */
export async function postpone(env: Env, message: DeliverMessage, until: number): Promise<void> {
  const school = await loadSchool(env, message.school);
  if (school) await userObject(env, school, message.user).postpone(referenceOf(school), message.delivery, until);
}
