import { z } from "zod";
import { type Env, variablesOf } from "../base/env";
import { log } from "../base/log";
import type { ActionMessage } from "../calls/messages";
import { referenceOf, userObject } from "../calls/stub";
import { connectorFor, type Sending, type Tools, unsubscribeToken, webhookSecrets } from "../connectors";
import { connectorsOf } from "../world/connectors";
import { loadSchool, type School } from "../world/snapshot";

/** Claims a delivery, performs it, and settles how it went. Late, doubled or lost messages do no harm. */
export async function deliver(env: Env, message: Extract<ActionMessage, { kind: "deliver" }>): Promise<void> {
  const school = await loadSchool(env, message.school);
  if (!school) return;
  const object = userObject(env, school.id, message.user);
  const claim = await object.claim(referenceOf(school), message.delivery);
  if (!claim) return;
  const sending = await send(env, school, claim).catch((error: unknown): Sending => {
    log("error", "delivery.fault", { school: school.id, error });
    return { ok: false, error: "a fault of ours; it is logged", retry: true };
  });
  await object.settle(referenceOf(school), message.delivery, sending);
}

type Claimed = NonNullable<Awaited<ReturnType<ReturnType<typeof userObject>["claim"]>>>;

/** The school's own webhook secrets, where it has set any. */
const ownSecrets = z.object({ secret: z.string().optional(), previous_secret: z.string().optional() }).nullish();

async function send(env: Env, school: School, { delivery, user }: Claimed): Promise<Sending> {
  const connectors = await connectorsOf(env, school);
  const chosen = connectorFor(delivery.channel, connectors);
  if (!chosen) return { ok: false, error: `no connector is set up for ${delivery.channel}`, retry: false };
  const { SECRET_KEY, PUBLIC_URL } = variablesOf(env);
  const isMarketing = delivery.content.kind === "marketing";
  const tools: Tools = {
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    env: { EMAIL: env.EMAIL },
    ownHosts: [new URL(PUBLIC_URL).hostname],
  };
  return chosen.connector.send(
    {
      key: delivery.key,
      deliveryId: delivery.id,
      channel: delivery.channel,
      to: delivery.to,
      content: delivery.content,
      at: delivery.createdAt,
      mode: school.mode,
      school: {
        id: school.id,
        name: school.name,
        url: typeof school.settings.url === "string" ? school.settings.url : null,
        settings: school.settings,
        webhookSecrets: await webhookSecrets(SECRET_KEY, school.id, ownSecrets.parse(connectors.webhook)),
      },
      user,
      unsubscribeUrl: isMarketing
        ? `${PUBLIC_URL}/unsubscribe/${await unsubscribeToken(SECRET_KEY, school.id, user.id)}`
        : null,
    },
    chosen.settings,
    tools,
  );
}
