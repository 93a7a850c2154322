import { crc32 } from "node:zlib";
import { isSameSecret, toBase64Url } from "../../base/bytes";
import type { Env } from "../../base/env";
import { base32, randomText } from "../../base/ids";
import { signingKeyNow, signingKeysEver } from "../../world/secrets/secret-keys";

/*
 * A secret key reads sb_<mode>_<id>_<secret><checksum>. The id finds it without a school; the checksum lets scanners
 * know a leaked one, and costs a mistyped one no read.
 */

const ID_PREFIX = "key_";
const SECRET_DIGITS = 40;
const CHECKSUM_DIGITS = 7;
const FORM = new RegExp(`^sb_(?:live|test)_([0-9a-z]{20})_[0-9a-z]{${SECRET_DIGITS + CHECKSUM_DIGITS}}$`);

const checksum = (text: string) => base32(crc32(text), CHECKSUM_DIGITS);

/** A new key for the id `key_…`. */
export function makeKey(mode: "live" | "test", id: string): string {
  const text = `sb_${mode}_${id.slice(ID_PREFIX.length)}_${randomText(SECRET_DIGITS)}`;
  return text + checksum(text);
}

/** The id of a key, or null when it has not the form of one or was mistyped. */
export function keyIdOf(key: string): string | null {
  const id = FORM.exec(key)?.[1];
  const holds = checksum(key.slice(0, -CHECKSUM_DIGITS)) === key.slice(-CHECKSUM_DIGITS);
  return id !== undefined && holds ? ID_PREFIX + id : null;
}

/** What the pepper is derived for. */
export const API_KEYS = "api-keys";

const digestBy = async (pepper: CryptoKey, key: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.sign("HMAC", pepper, new TextEncoder().encode(key))));

/** What of a key is stored: HMAC-SHA-256 with a pepper of the Worker's, base64url. */
export const digestOf = async (env: Env, key: string): Promise<string> =>
  digestBy(await signingKeyNow(env, API_KEYS), key);

/** Whether a digest is of this key, by today's pepper or that of an earlier secret. */
export async function isDigestOf(env: Env, key: string, digest: string): Promise<boolean> {
  for await (const pepper of signingKeysEver(env, API_KEYS))
    if (await isSameSecret(digest, await digestBy(pepper, key))) return true;
  return false;
}
