import { eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { randomText } from "../../base/ids";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { schools } from "../../db/schema";
import { followedBy, goodNow, openSecrets, placeOfSigningSecrets, sealSecrets } from "../../world/secrets/rotating";
import { forgetSchool, moveStamp, perEdition, type School } from "../../world/snapshot";

const openedOf = perEdition((env, { id, edition }) =>
  openSecrets(env, placeOfSigningSecrets(id), edition.signingSecrets),
);

/** The secrets that sign good user tokens of a school now, newest first. */
export const signingSecretsOf = async (env: Env, school: School): Promise<string[]> =>
  goodNow(await openedOf(env, school));

/** Makes a new secret for user tokens, shown this once; the one before is good for 24 h more. */
export async function rotateSigningSecret(env: Env, school: string, who: string): Promise<string> {
  const db = database(env.DB);
  const row = await db.select({ sealed: schools.signingSecrets }).from(schools).where(eq(schools.id, school)).get();
  if (!row) throw notFound("school");
  const secret = `sbs_${randomText(48)}`;
  const secrets = followedBy(await openSecrets(env, placeOfSigningSecrets(school), row.sealed), secret);
  await db.batch([
    moveStamp(db, school),
    db
      .update(schools)
      .set({ signingSecrets: await sealSecrets(env, placeOfSigningSecrets(school), secrets) })
      .where(eq(schools.id, school)),
    recordAudit(db, { school, who, what: "signing_secret.created", subject: school }),
  ]);
  forgetSchool(school);
  return secret;
}
