import { eq } from "drizzle-orm";
import { z } from "zod";
import { type Env, variablesOf } from "../base/env";
import { notFound } from "../base/errors";
import { randomText } from "../base/ids";
import { readJson } from "../base/json";
import { open, type SealPlace, seal } from "../connectors/sealed";
import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import { schools } from "../db/schema";
import { forgetSchool, moveStamp, perEdition, type School } from "../world/snapshot";

/** How long the secret before is still good, in ms. */
const OLD_SECRET_MS = 24 * 3_600_000;

/** Newest first; `until` is real time in ms, null for the one in use. */
const signingSecrets = z.array(z.object({ secret: z.string(), until: z.number().nullable() }));

const NONE = "[]";

const place = (school: string): SealPlace => [school, "schools", "signing_secrets", school];

const opened = async (env: Env, school: string, sealed: string) =>
  sealed === NONE ? [] : readJson(signingSecrets, await open(variablesOf(env).SECRET_KEY, place(school), sealed));

const openedOf = perEdition((env, school) => opened(env, school.id, school.edition.signingSecrets));

/** The secrets that sign good user tokens of a school now, newest first. */
export async function signingSecretsOf(env: Env, school: School): Promise<string[]> {
  const now = Date.now();
  return (await openedOf(env, school)).flatMap(({ secret, until }) => (until === null || until > now ? [secret] : []));
}

/** Makes a new secret for user tokens, shown this once; the one before is good for 24 h more. */
export async function rotateSigningSecret(env: Env, school: string, who: string): Promise<string> {
  const db = database(env.DB);
  const row = await db.select({ sealed: schools.signingSecrets }).from(schools).where(eq(schools.id, school)).get();
  if (!row) throw notFound("school");
  const now = Date.now();
  const secret = `sbs_${randomText(48)}`;
  const before = (await opened(env, school, row.sealed))
    .map((old) => ({ secret: old.secret, until: old.until ?? now + OLD_SECRET_MS }))
    .filter((old) => old.until > now);
  const text = JSON.stringify([{ secret, until: null }, ...before]);
  await db.batch([
    moveStamp(db, school),
    db
      .update(schools)
      .set({ signingSecrets: await seal(variablesOf(env).SECRET_KEY, place(school), text) })
      .where(eq(schools.id, school)),
    recordAudit(db, { school, who, what: "signing_secret.created", subject: school }),
  ]);
  forgetSchool(school);
  return secret;
}
