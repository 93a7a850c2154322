import type { Env } from "../base/env";
import { log } from "../base/log";
import type { DeliverMessage } from "../calls/messages";
import { referenceOf, userObject } from "../calls/stub";
import type { Claim } from "../calls/user";
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
  const { hasNews } = await object.settle(referenceOf(school), message.delivery, sending);
  const { id, epoch } = school;
  if (hasNews) announceSoon(env, { school: id, epoch, user: message.user }, { wakes: false });
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
