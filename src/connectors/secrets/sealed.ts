import { fromBase64Url, toBase64Url } from "../../base/bytes";
import type { SecretKeys } from "../../base/env";
import { cipherKey, derivedBytes } from "./keys";

/** Where a secret lies: `[school, table, column, row]`. A ciphertext moved elsewhere does not open. */
export type SealPlace = readonly [school: string, table: string, column: string, row: string];

const IV_BYTES = 12;

const aad = (place: SealPlace) => new TextEncoder().encode(JSON.stringify(place));

/** Names a Worker secret: a text says by it with which it was sealed, so that a change of it is told from damage. */
export const keyId = async (secretKey: string): Promise<string> => toBase64Url(await derivedBytes(secretKey, "kid", 6));

/**
 * Encrypts a secret for its place: AES-256-GCM, key by school, random 96-bit nonce.
 * @returns `<kid>.<nonce>.<ciphertext>`, base64url
 */
export async function seal({ made }: SecretKeys, place: SealPlace, plain: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: aad(place) },
    await cipherKey(made, `secrets/${place[0]}`),
    new TextEncoder().encode(plain),
  );
  return [await keyId(made), toBase64Url(iv), toBase64Url(new Uint8Array(sealed))].join(".");
}

/** The one of the secrets that a text was sealed with; null: with none of them. */
async function sealerOf({ made, before }: SecretKeys, kid: string): Promise<string | null> {
  if (kid === (await keyId(made))) return made;
  return before !== null && kid === (await keyId(before)) ? before : null;
}

/** Decrypts what `seal` made for the same place; throws when it was made for another, with another key, or was touched. */
export async function open(keys: SecretKeys, place: SealPlace, sealed: string): Promise<string> {
  const [kid, iv, bytes] = sealed.split(".").map((part) => ({ text: part, bytes: fromBase64Url(part) }));
  if (!kid || !iv?.bytes || !bytes?.bytes || iv.bytes.length !== IV_BYTES) throw new Error("not a sealed secret");
  const secretKey = await sealerOf(keys, kid.text);
  if (secretKey === null) throw new Error("a secret sealed with another SECRET_KEY");
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: iv.bytes, additionalData: aad(place) },
    await cipherKey(secretKey, `secrets/${place[0]}`),
    bytes.bytes,
  );
  return new TextDecoder().decode(plain);
}

/** Whether one of the secrets sealed it, by what it says. */
export const isOpenedBy = async (keys: SecretKeys, sealed: string): Promise<boolean> =>
  (await sealerOf(keys, sealed.slice(0, sealed.indexOf(".")))) !== null;

/** The same secret, sealed by the newest; null: it is so already. Throws where `open` does. */
export async function sealAnew(keys: SecretKeys, place: SealPlace, sealed: string): Promise<string | null> {
  if (sealed.startsWith(`${await keyId(keys.made)}.`)) return null;
  return seal(keys, place, await open(keys, place, sealed));
}
