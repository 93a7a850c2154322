import type { Env } from "../base/env";
import { log } from "../base/log";
import { admitFor } from "../calls/school-gate";
import type { Claim } from "../calls/user";
import { channelOf } from "../catalogue/channels";
import { type SendResult, send } from "../connectors";
import { connectorsOf } from "../world/connectors";
import { noteProblem } from "../world/problems";
import type { School } from "../world/snapshot";
import { senderOf } from "../world/webhook-secrets";

/** One attempt at what was claimed. Never rejects. */
export async function attempt(env: Env, school: School, claim: Claim): Promise<SendResult> {
  const sending = await sendClaimed(env, school, claim).catch((error: unknown): SendResult => {
    log("error", "delivery.fault", { school: school.id, error });
    return { ok: false, error: "a fault of ours; it is logged", retry: true };
  });
  if (channelOf(claim.delivery.channel).staysOwn) await noteConnection(env, school, sending);
  return sending;
}

/** A connection that is broken is of the school, whatever it was that met it. */
async function noteConnection(env: Env, school: School, sending: SendResult): Promise<void> {
  const isBroken = !sending.ok && sending.broken === true;
  if (!sending.ok && !isBroken) return;
  try {
    await noteProblem(env, school, "lms_broken", sending.ok ? null : sending.error);
  } catch (error) {
    // What was sent is sent, whether or not it can be shown; the next attempt says so again.
    log("error", "problem.not_noted", { school: school.id, error });
  }
}

const sendClaimed = async (env: Env, school: School, { delivery, user, more }: Claim): Promise<SendResult> =>
  send(env, await senderOf(env, school), await connectorsOf(env, school), admitFor(env, school), {
    // Of several in one call the receiver knows another such call by another key: it may hold more.
    key: more ? `${delivery.key}-${more.length + 1}` : delivery.key,
    deliveryId: delivery.id,
    channel: delivery.channel,
    to: delivery.to,
    content: more ? { ...delivery.content, more: more.map(({ content }) => content) } : delivery.content,
    at: delivery.createdAt,
    user,
  });
