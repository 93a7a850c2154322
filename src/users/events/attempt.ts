import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import { measure } from "../../base/reports/metrics";
import { admitFor } from "../../calls/reaching/school-gate";
import type { Claim } from "../../calls/user";
import { addressKey } from "../../catalogue/account/email";
import { channelOf } from "../../catalogue/channels";
import { keepsBack, type SuppressionReason } from "../../catalogue/messages/suppression";
import { type SendResult, send } from "../../connectors";
import { readSuppressions } from "../../db/suppressions";
import { traceOfId } from "../../engine/identity";
import { connectorsOf } from "../../world/connectors";
import { noteProblem, type ProblemCode } from "../../world/problems";
import { senderOf } from "../../world/secrets/webhook-secrets";
import type { School } from "../../world/snapshot";

/** One attempt at what was claimed. Never rejects. */
export async function attempt(env: Env, school: School, claim: Claim): Promise<SendResult> {
  const sending = await sendClaimed(env, school, claim).catch((error: unknown): SendResult => {
    log("error", "delivery.fault", { school: school.id, trace: traceOf(claim.delivery), error });
    return { ok: false, error: "a fault of ours; it is logged", retry: true };
  });
  const { channel, attempts, createdAt } = claim.delivery;
  // A test school's clock is its own; and what waits for its turn at a vendor was not tried.
  if (school.mode === "live" && !attempts.length && (sending.ok || !(sending.notYet || sending.notSetUp)))
    measure(env, "delivery", {
      ms: Date.now() - createdAt,
      school: school.id,
      subject: channel,
      status: Number(sending.ok),
    });
  await noteConnection(env, school, channelOf(claim.delivery.channel), sending);
  return sending;
}

/** A connection that is broken is of the school, whatever it was that met it. */
async function noteConnection(
  env: Env,
  school: School,
  channel: ReturnType<typeof channelOf>,
  sending: SendResult,
): Promise<void> {
  const met = conditionOf(channel, sending);
  if (!met) return;
  try {
    await noteProblem(env, school, met.code, met.message);
  } catch (error) {
    // What was sent is sent, whether or not it can be shown; the next attempt says so again.
    log("error", "problem.not_noted", { school: school.id, error });
  }
}

/** By which statuses of HTTP and of SMTP a server says that it is we whom it does not let in. */
const NOT_LET_IN = new Set([401, 403, 407, 530, 534, 535, 538]);

/**
 * What an attempt tells of its channel, with null for a message where it does well; null: nothing, as where it was what was
 * sent, or whom to, that failed. Of what the other side said only the status is told on: it may name a learner.
 */
function conditionOf(
  { name, label, staysOwn }: ReturnType<typeof channelOf>,
  sending: SendResult,
): { code: ProblemCode; message: string | null } | null {
  if (staysOwn) {
    if (sending.ok) return { code: "lms_broken", message: null };
    return sending.broken ? { code: "lms_broken", message: sending.advice ?? sending.error } : null;
  }
  if (sending.ok) {
    // By a connector that keeps what it is given, nothing shows.
    return sending.captured ? null : { code: `${name}_failing`, message: null };
  }
  if (sending.notSetUp)
    return { code: `${name}_not_set_up`, message: `${label} is not set up: what is to leave by it is kept, not sent.` };
  const { code, retry, notYet, broken, ofReceiver, error } = sending;
  if (notYet || ofReceiver || !(broken || retry || (code !== undefined && NOT_LET_IN.has(code)))) return null;
  const why = code === undefined ? error : `the other side answers ${code}`;
  return { code: `${name}_failing`, message: `${label} does not get through: ${why}.` };
}

/** Of what no call told, one of its own: the same for all that its run sends. */
const traceOf = ({ trace, run, id }: Claim["delivery"]): string => trace ?? traceOfId(run || id);

/** Mail to others than the user: of their addresses no object has heard whether they are suppressed. */
async function suppressionOf(env: Env, school: School, { delivery, user }: Claim): Promise<SuppressionReason | null> {
  const own = user.email === null ? null : addressKey(user.email);
  const others = channelOf(delivery.channel).isMail ? delivery.to.map(addressKey).filter((key) => key !== own) : [];
  if (!others.length) return null;
  const [reason] = (await readSuppressions(env, school.id, others)).values();
  return reason !== undefined && keepsBack(reason, delivery.content.kind) ? reason : null;
}

async function sendClaimed(env: Env, school: School, claim: Claim): Promise<SendResult> {
  const { delivery, user, more } = claim;
  const suppressed = await suppressionOf(env, school, claim);
  if (suppressed) return { ok: false, error: "the address is suppressed", retry: false, suppressed };
  return send(env, await senderOf(env, school), await connectorsOf(env, school), admitFor(env, school), {
    // Of several in one call the receiver knows another such call by another key: it may hold more.
    key: more ? `${delivery.key}-${more.length + 1}` : delivery.key,
    deliveryId: delivery.id,
    channel: delivery.channel,
    trace: traceOf(delivery),
    to: delivery.to,
    content: more ? { ...delivery.content, more: more.map(({ content }) => content) } : delivery.content,
    at: delivery.createdAt,
    user,
  });
}
