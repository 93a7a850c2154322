import type { Env } from "../base/env";
import { log } from "../base/log";
import type { ActionMessage } from "../calls/messages";
import { referenceOf, userObject } from "../calls/stub";
import type { Claim } from "../calls/user";
import { type SendResult, send } from "../connectors";
import { connectorsOf } from "../world/connectors";
import { loadSchool, type School } from "../world/snapshot";

/** Claims a delivery, performs it, and settles how it went. Late, doubled or lost messages do no harm. */
export async function deliver(env: Env, message: Extract<ActionMessage, { kind: "deliver" }>): Promise<void> {
  const school = await loadSchool(env, message.school);
  if (!school) return;
  const object = userObject(env, school.id, message.user);
  const claim = await object.claim(referenceOf(school), message.delivery);
  if (!claim) return;
  const sending = await attempt(env, school, claim).catch((error: unknown): SendResult => {
    log("error", "delivery.fault", { school: school.id, error });
    return { ok: false, error: "a fault of ours; it is logged", retry: true };
  });
  await object.settle(referenceOf(school), message.delivery, sending);
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
