import { z } from "zod";
import { type Env, variablesOf } from "../base/env";
import { readJson } from "../base/json";
import { open, type SealPlace, seal } from "../connectors/sealed";

/*
 * Secrets of a school that follow one another: who holds the one before has a day to change over.
 */

/** How long the secret before is still good, in ms. */
const OLD_SECRET_MS = 24 * 3_600_000;

/** Newest first; `until` is real time in ms, null for the one in use. */
const kept = z.array(z.object({ secret: z.string(), until: z.number().nullable() }));
export type KeptSecrets = z.output<typeof kept>;

/** As stored where there is none. */
const NONE = "[]";

export const openSecrets = async (env: Env, place: SealPlace, sealed: string): Promise<KeptSecrets> =>
  sealed === NONE ? [] : readJson(kept, await open(variablesOf(env).SECRET_KEY, place, sealed));

export const sealSecrets = (env: Env, place: SealPlace, secrets: KeptSecrets): Promise<string> =>
  seal(variablesOf(env).SECRET_KEY, place, JSON.stringify(secrets));

/** Those that are good now, newest first. */
export const goodNow = (secrets: KeptSecrets): string[] =>
  secrets.flatMap(({ secret, until }) => (until === null || until > Date.now() ? [secret] : []));

/** A new secret in front of those before, which are good for 24 h more. */
export function followedBy(before: KeptSecrets, secret: string): KeptSecrets {
  const now = Date.now();
  const old = before.map((one) => ({ secret: one.secret, until: one.until ?? now + OLD_SECRET_MS }));
  return [{ secret, until: null }, ...old.filter(({ until }) => until > now)];
}
