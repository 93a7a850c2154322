import { fromBase64Url, toBase64Url } from "../base/bytes";
import { cipherKey, derivedBytes } from "./keys";

/** Where a secret lies: `[school, table, column, row]`. A ciphertext moved elsewhere does not open. */
export type SealPlace = readonly [school: string, table: string, column: string, row: string];

const IV_BYTES = 12;

const aad = (place: SealPlace) => new TextEncoder().encode(JSON.stringify(place));

/** Names the Worker secret that a text was sealed with, so that a change of it is told from damage. */
const keyId = async (secretKey: string) => toBase64Url(await derivedBytes(secretKey, "kid", 6));

/**
 * Encrypts a secret for its place: AES-256-GCM, key by school, random 96-bit nonce.
 * @param secretKey SECRET_KEY: 32 bytes in base64
 * @returns `<kid>.<nonce>.<ciphertext>`, base64url
 */
export async function seal(secretKey: string, place: SealPlace, plain: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: aad(place) },
    await cipherKey(secretKey, `secrets/${place[0]}`),
    new TextEncoder().encode(plain),
  );
  return [await keyId(secretKey), toBase64Url(iv), toBase64Url(new Uint8Array(sealed))].join(".");
}

/** Decrypts what `seal` made for the same place; throws when it was made for another, with another key, or was touched. */
export async function open(secretKey: string, place: SealPlace, sealed: string): Promise<string> {
  const [kid, iv, bytes] = sealed.split(".").map((part) => ({ text: part, bytes: fromBase64Url(part) }));
  if (!kid || !iv?.bytes || !bytes?.bytes || iv.bytes.length !== IV_BYTES) throw new Error("not a sealed secret");
  if (kid.text !== (await keyId(secretKey))) throw new Error("a secret sealed with another SECRET_KEY");
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: iv.bytes, additionalData: aad(place) },
    await cipherKey(secretKey, `secrets/${place[0]}`),
    bytes.bytes,
  );
  return new TextDecoder().decode(plain);
}
