import { eq, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { newWebhookSecret } from "../../connectors";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { schools } from "../../db/schema";
import { connectorsOf } from "../../world/connectors";
import { followedBy, sealSecrets } from "../../world/secrets/rotating";
import { keptWebhookSecrets, placeOfWebhookSecrets } from "../../world/secrets/webhook-secrets";
import { forgetSchool, loadSchool, moveStamp } from "../../world/snapshot";

/** The column of a new school: a secret of its own. */
export const firstWebhookSecret = (env: Env, school: string): Promise<string> =>
  sealSecrets(env, placeOfWebhookSecrets(school), followedBy([], newWebhookSecret()));

/**
 * Makes a new secret for webhooks; whatever signed before signs beside it for 24 h, one that the school had set itself
 * too, which is no setting any more.
 */
export async function rotateWebhookSecret(env: Env, id: string, who: string): Promise<string> {
  const db = database(env.DB);
  forgetSchool(id);
  const school = await loadSchool(env, id);
  if (!school) throw notFound("school");
  const secret = newWebhookSecret();
  const before = await keptWebhookSecrets(env, school, await connectorsOf(env, school), school.edition.webhookSecrets);
  await db.batch([
    moveStamp(db, id),
    db
      .update(schools)
      .set({
        webhookSecrets: await sealSecrets(env, placeOfWebhookSecrets(id), followedBy(before, secret)),
        connectorSecrets: sql`json_remove(${schools.connectorSecrets}, '$.webhook.secret', '$.webhook.previous_secret')`,
      })
      .where(eq(schools.id, id)),
    recordAudit(db, { school: id, who, what: "webhook_secret.created", subject: id }),
  ]);
  forgetSchool(id);
  return secret;
}
