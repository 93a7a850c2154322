import { eq } from "drizzle-orm";
import { fromBase64Url, toBase64Url } from "../../base/bytes";
import { Cache } from "../../base/cache";
import { type Env, secretKeysOf } from "../../base/env";
import { derivedBytes, signingKey, signingKeyOf } from "../../connectors/secrets/keys";
import { isOpenedBy, keyId, open, type SealPlace, seal } from "../../connectors/secrets/sealed";
import { database } from "../../db/client";
import { keptKeys } from "../../db/schema";

/*
 * What was handed out and is known again by a key that is derived of the Worker's secret, keys of schools and links in
 * mails, outlives that secret: of each earlier one the derived key is kept, sealed by the later. It opens nothing else.
 * What is to come out the same for ever, pseudonyms, goes on being made by that of the first.
 */

/** How long an isolate goes by what it read of the kept ones: a stream of what nobody signed costs no reads. */
const READ_MS = 60_000;
const KEY_BYTES = 32;

const kept = new Cache<readonly CryptoKey[]>({ entries: 10 });
const derived = new Cache<CryptoKey>({ entries: 20 });

/** The key for one purpose of one of the Worker's secrets. */
async function keyFor(secretKey: string, purpose: string): Promise<CryptoKey> {
  const name = JSON.stringify([secretKey, purpose]);
  return derived.get(name) ?? derived.set(name, await signingKey(secretKey, purpose));
}

/** The key by which something is signed, or its digest made, now. */
export const signingKeyNow = (env: Env, purpose: string): Promise<CryptoKey> => keyFor(secretKeysOf(env).made, purpose);

/** All keys by which it may have been, the likeliest first; kept ones are read only where nobody stops before. */
export async function* signingKeysEver(env: Env, purpose: string): AsyncGenerator<CryptoKey> {
  const { made, before } = secretKeysOf(env);
  yield keyFor(made, purpose);
  if (before !== null) yield keyFor(before, purpose);
  const now = Date.now();
  yield* kept.get(purpose, now) ?? kept.set(purpose, await readKept(env, purpose), now + READ_MS);
}

/**
 * The key for what must come out the same ever after, as no two secrets make it: that of the secret before all others, which
 * `keepFirstKey` has kept; that of the present one where there was no other.
 */
export async function lastingKey(env: Env, purpose: string): Promise<CryptoKey> {
  const now = Date.now();
  const [first] = kept.get(purpose, now) ?? kept.set(purpose, await readKept(env, purpose), now + READ_MS);
  const { made, before } = secretKeysOf(env);
  return first ?? keyFor(before ?? made, purpose);
}

export const placeOfKept = (purpose: string, kid: string): SealPlace => [
  "",
  "kept_keys",
  "sealed",
  `${purpose} ${kid}`,
];

/** Those that no present secret opens are passed over: their rotation has said so. */
async function readKept(env: Env, purpose: string): Promise<CryptoKey[]> {
  const keys = secretKeysOf(env);
  const rows = await database(env.DB).select().from(keptKeys).where(eq(keptKeys.purpose, purpose)).all();
  const readable: typeof rows = [];
  for (const row of rows) if (await isOpenedBy(keys, row.sealed)) readable.push(row);
  return Promise.all(
    readable.map(async ({ kid, sealed }) => {
      const bytes = fromBase64Url(await open(keys, placeOfKept(purpose, kid), sealed));
      if (!bytes) throw new Error("a kept key is no base64url");
      return signingKeyOf(bytes);
    }),
  );
}

/** Keeps what is derived of the secret before for these purposes. Twice is as once. */
export async function keepKeys(env: Env, purposes: readonly string[]): Promise<void> {
  for (const purpose of purposes) await keepKey(env, purpose);
}

/** Keeps it for a purpose of which none is kept: then what is derived of the first secret stands for all later ones. */
export async function keepFirstKey(env: Env, purpose: string): Promise<void> {
  const row = await database(env.DB).select().from(keptKeys).where(eq(keptKeys.purpose, purpose)).get();
  if (!row) await keepKey(env, purpose);
}

async function keepKey(env: Env, purpose: string): Promise<void> {
  const keys = secretKeysOf(env);
  if (keys.before === null) return;
  const kid = await keyId(keys.before);
  const bytes = toBase64Url(await derivedBytes(keys.before, purpose, KEY_BYTES));
  const sealed = await seal(keys, placeOfKept(purpose, kid), bytes);
  await database(env.DB).insert(keptKeys).values({ purpose, kid, sealed }).onConflictDoNothing();
  kept.clear();
}
