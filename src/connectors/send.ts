import { z } from "zod";
import { type Env, variablesOf } from "../base/env";
import type { Parcel, SendResult, Tools } from "./ports";
import { resolverOf } from "./resolve";
import { type ConnectorSettings, connectorFor } from "./settings";
import { webhookSecrets } from "./signed";
import { unsubscribeToken } from "./vendors/unsubscribe";

/** Who sends: a school, or the platform in the place of one. */
type Sender = Pick<Parcel["school"], "id" | "name"> & Pick<Parcel, "mode"> & { epoch: number };

/** What is sent, as far as it is not the sender's. */
type Outgoing = Omit<Parcel<Record<string, unknown>>, "mode" | "school" | "unsubscribeUrl">;

/** What connectors are given to reach the world with. */
export const toolsOf = (env: Env): Tools => ({
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  env: { EMAIL: env.EMAIL },
  resolve: resolverOf(env),
  ownHosts: [new URL(variablesOf(env).PUBLIC_URL).hostname],
});

/** The sender's own webhook secrets, where it has set any. */
const ownSecrets = z.object({ secret: z.string().optional(), previous_secret: z.string().optional() }).nullish();

async function parcelOf(env: Env, sender: Sender, settings: ConnectorSettings, outgoing: Outgoing): Promise<Parcel> {
  const { SECRET_KEY, PUBLIC_URL } = variablesOf(env);
  const { id, epoch, name, mode } = sender;
  const secrets = await webhookSecrets(SECRET_KEY, { id, epoch }, ownSecrets.parse(settings.webhook));
  const isMarketing = outgoing.content.kind === "marketing";
  return {
    ...outgoing,
    mode,
    school: { id, name, webhookSecrets: secrets },
    unsubscribeUrl: isMarketing
      ? `${PUBLIC_URL}/unsubscribe/${await unsubscribeToken(SECRET_KEY, { school: id, epoch, user: outgoing.user.id })}`
      : null,
  };
}

/**
 * One attempt to send something, by the connector that serves its channel.
 * @param settings the sender's, secrets included
 */
export async function send(
  env: Env,
  sender: Sender,
  settings: ConnectorSettings,
  outgoing: Outgoing,
): Promise<SendResult> {
  const chosen = connectorFor(outgoing.channel, settings);
  if (!chosen) return { ok: false, error: `no connector is set up for ${outgoing.channel}`, retry: false };
  const parcel = await parcelOf(env, sender, settings, outgoing);
  return chosen.connector.send(parcel, chosen.settings, toolsOf(env));
}
