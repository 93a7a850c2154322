import type { Env } from "../base/env";
import { log } from "../base/log";
import { admitFor } from "../calls/school-gate";
import type { Claim } from "../calls/user";
import { type SendResult, send } from "../connectors";
import { connectorsOf } from "../world/connectors";
import type { School } from "../world/snapshot";

/** One attempt at what was claimed. Never rejects. */
export const attempt = (env: Env, school: School, claim: Claim): Promise<SendResult> =>
  sendClaimed(env, school, claim).catch((error: unknown): SendResult => {
    log("error", "delivery.fault", { school: school.id, error });
    return { ok: false, error: "a fault of ours; it is logged", retry: true };
  });

const sendClaimed = async (env: Env, school: School, { delivery, user, more }: Claim): Promise<SendResult> =>
  send(env, school, await connectorsOf(env, school), admitFor(env, school), {
    // Of several in one call the receiver knows another such call by another key: it may hold more.
    key: more ? `${delivery.key}-${more.length + 1}` : delivery.key,
    deliveryId: delivery.id,
    channel: delivery.channel,
    to: delivery.to,
    content: more ? { ...delivery.content, more: more.map(({ content }) => content) } : delivery.content,
    at: delivery.createdAt,
    user,
  });
