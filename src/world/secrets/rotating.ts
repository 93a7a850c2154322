import * as z from "zod";
import { type Env, secretKeysOf } from "../../base/env";
import { readJson } from "../../base/json";
import { open, type SealPlace, seal, sealAnew } from "../../connectors/secrets/sealed";

/*
 * Secrets of a school that follow one another: who holds the one before has a day to change over.
 */

/** How long the secret before is still good, in ms. */
const OLD_SECRET_MS = 24 * 3_600_000;

/** Newest first; `until` is real time in ms, null for the one in use. */
const kept = z.array(z.object({ secret: z.string(), until: z.number().nullable() }));
export type KeptSecrets = z.output<typeof kept>;

export const placeOfSigningSecrets = (school: string): SealPlace => [school, "schools", "signing_secrets", school];

/** As stored where there is none. */
const NONE = "[]";

export const openSecrets = async (env: Env, place: SealPlace, sealed: string): Promise<KeptSecrets> =>
  sealed === NONE ? [] : readJson(kept, await open(secretKeysOf(env), place, sealed));

/** As stored, sealed by the newest of the Worker's secrets. */
export const secretsAnew = async (env: Env, place: SealPlace, sealed: string): Promise<string> =>
  sealed === NONE ? sealed : ((await sealAnew(secretKeysOf(env), place, sealed)) ?? sealed);

export const sealSecrets = (env: Env, place: SealPlace, secrets: KeptSecrets): Promise<string> =>
  seal(secretKeysOf(env), place, JSON.stringify(secrets));

/** Those that are good now, newest first. */
export const goodNow = (secrets: KeptSecrets): string[] =>
  secrets.flatMap(({ secret, until }) => (until === null || until > Date.now() ? [secret] : []));

/** A new secret in front of those before, which are good for 24 h more. */
export function followedBy(before: KeptSecrets, secret: string): KeptSecrets {
  const now = Date.now();
  const old = before.map((one) => ({ secret: one.secret, until: one.until ?? now + OLD_SECRET_MS }));
  return [{ secret, until: null }, ...old.filter(({ until }) => until > now)];
}
