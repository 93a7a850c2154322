import * as z from "zod";
import { type Env, secretKeysOf } from "../../base/env";
import { type ConnectorSettings, derivedWebhookSecret, type SealPlace, type Sender } from "../../connectors";
import { connectorsOf } from "../connectors";
import { segmentName, theirsOf } from "../naming/ids";
import { perEdition, type School } from "../snapshot";
import { goodNow, type KeptSecrets, openSecrets, sealSecrets, secretsAnew } from "./rotating";

/*
 * What a school's webhooks are signed with. One is made with the school; a school of before has one derived for it until
 * it makes another; one that a school has set itself (`connectors.webhook.secret`) stands in the place of both.
 */

export const placeOfWebhookSecrets = (school: string): SealPlace => [school, "schools", "webhook_secrets", school];

const own = z.object({ secret: z.string().optional(), previous_secret: z.string().optional() }).nullish();

/** All that a school signs with, newest first. @param sealed as stored beside its connectors */
export async function keptWebhookSecrets(
  env: Env,
  school: { id: string; epoch: number },
  connectors: ConnectorSettings,
  sealed: string,
): Promise<KeptSecrets> {
  const { secret, previous_secret } = own.parse(connectors.webhook) ?? {};
  const set = [secret, previous_secret].filter((text) => text !== undefined);
  if (set.length) return set.map((text) => ({ secret: text, until: null }));
  const kept = await openSecrets(env, placeOfWebhookSecrets(school.id), sealed);
  if (kept.length) return kept;
  return derivedWebhookSecrets(env, school);
}

/** As stored, sealed by the newest of the Worker's secrets. What is derived of the one before is kept from now on. */
export async function webhookSecretsAnew(
  env: Env,
  school: { id: string; epoch: number },
  sealed: string,
): Promise<string> {
  const place = placeOfWebhookSecrets(school.id);
  if (!(await openSecrets(env, place, sealed)).length)
    return sealSecrets(env, place, await derivedWebhookSecrets(env, school));
  return secretsAnew(env, place, sealed);
}

/** The one that a school of before knows: by the Worker's secret of before, as long as that is there. */
export async function derivedWebhookSecrets(env: Env, school: { id: string; epoch: number }): Promise<KeptSecrets> {
  const { made, before } = secretKeysOf(env);
  return [{ secret: await derivedWebhookSecret(before ?? made, school), until: null }];
}

const keptOf = perEdition(async (env, school) =>
  keptWebhookSecrets(env, school, await connectorsOf(env, school), school.edition.webhookSecrets),
);

/** What a school's webhooks are signed with now: `whsec_…`, newest first. */
export const webhookSecretsOf = async (env: Env, school: School): Promise<string[]> =>
  goodNow(await keptOf(env, school));

/** A school as one that sends. */
export async function senderOf(env: Env, school: School): Promise<Sender> {
  const { id, epoch, name, mode, settings } = school;
  const { from, track } = settings.mail ?? {};
  const webhookSecrets = await webhookSecretsOf(env, school);
  return {
    ...{ id, epoch, name, mode, webhookSecrets },
    theirsOf: theirsOf(env, id, "course"),
    segmentName: segmentName(env, id),
    ...(from === undefined ? {} : { mailFrom: from }),
    ...(track ? { trackMail: true } : {}),
  };
}
