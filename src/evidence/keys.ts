import { asc } from "drizzle-orm";
import { fromBase64, sha256, toBase64Url } from "../base/bytes";
import { Cache } from "../base/cache";
import { type Env, variablesOf } from "../base/env";
import { Problem } from "../base/errors/errors";
import { database } from "../db/client";
import { evidenceKeys } from "../db/schema";

/*
 * By what packs are signed: Ed25519 (RFC 8032), by a secret that nothing else is made of. Its public half is told to
 * everybody, and those before it as long as the installation lives: a pack of years ago is checked by them.
 */

export interface SigningKey {
  /** Names the key: its thumbprint (RFC 7638). */
  kid: string;
  /** The public key, base64url. */
  x: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** What stands before a seed in PKCS #8 (RFC 8410). */
const PKCS8 = fromBase64("MC4CAQAwBQYDK2VwBCIEIA==");
const SEED_BYTES = 32;
const ED25519 = { name: "Ed25519" };

/** By secret: there is one at a time, and tests have some. */
const made = new Cache<Promise<SigningKey>>({ entries: 4 });

async function keyOf(secret: string): Promise<SigningKey> {
  const seed = fromBase64(secret).slice(0, SEED_BYTES);
  const encoded = new Uint8Array([...PKCS8, ...seed]);
  const key = await crypto.subtle.importKey("pkcs8", encoded, ED25519, true, ["sign"]);
  // An Ed25519 key as JWK has its public half as x (RFC 8037).
  const { x = "" } = (await crypto.subtle.exportKey("jwk", key)) as JsonWebKey;
  return {
    kid: await kidOf(x),
    x,
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ED25519, key, bytes)),
  };
}

const kidOf = async (x: string): Promise<string> =>
  toBase64Url(await sha256(JSON.stringify({ crv: "Ed25519", kty: "OKP", x })));

/** Null where nobody has set it: then no packs are made, and all else goes on. */
export async function signingKeyOf(env: Env): Promise<SigningKey | null> {
  const { EVIDENCE_KEY: secret } = variablesOf(env);
  if (secret === undefined) return null;
  return made.get(secret) ?? made.set(secret, keyOf(secret));
}

export const NO_KEY = "No EVIDENCE_KEY is set: evidence packs cannot be signed, so none is made.";

/** The same; 503 where it is missing. It is told to everybody from now on. */
export async function requireKey(env: Env): Promise<SigningKey> {
  const key = await signingKeyOf(env);
  if (!key) throw new Problem("unavailable", `${NO_KEY} Whoever runs this installation sets it.`);
  await database(env.DB)
    .insert(evidenceKeys)
    .values({ kid: key.kid, x: key.x, since: Date.now() })
    .onConflictDoNothing();
  return key;
}

/** All public keys there ever were, as a key set (RFC 7517), that of now first. */
export async function publicKeys(env: Env) {
  const [now, rows] = [
    await signingKeyOf(env),
    await database(env.DB).select().from(evidenceKeys).orderBy(asc(evidenceKeys.since)),
  ];
  const before = rows.filter(({ kid }) => kid !== now?.kid).toReversed();
  return {
    keys: [...(now ? [now] : []), ...before].map(({ kid, x }) => ({
      ...({ kty: "OKP", crv: "Ed25519", use: "sig", alg: "EdDSA" } as const),
      ...{ kid, x, current: kid === now?.kid },
    })),
  };
}
