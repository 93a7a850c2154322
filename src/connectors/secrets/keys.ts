import { fromBase64 } from "../../base/bytes";

const encoder = new TextEncoder();

async function baseKey(secretKey: string): Promise<CryptoKey> {
  const bytes = fromBase64(secretKey);
  if (bytes.length < 32) throw new Error("SECRET_KEY has fewer than 32 bytes");
  return crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits", "deriveKey"]);
}

const hkdf = (purpose: string) => ({
  name: "HKDF",
  hash: "SHA-256",
  salt: new Uint8Array(32),
  info: encoder.encode(`schoolbell/${purpose}`),
});

/** Bytes that only the Worker's secret and this purpose give (HKDF-SHA-256). */
export async function derivedBytes(secretKey: string, purpose: string, length: number): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(purpose), await baseKey(secretKey), length * 8));
}

/** An AES-256-GCM key for one purpose. */
export const cipherKey = async (secretKey: string, purpose: string): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(hkdf(purpose), await baseKey(secretKey), { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);

/** An HMAC-SHA-256 key for one purpose. */
export const signingKey = async (secretKey: string, purpose: string): Promise<CryptoKey> =>
  signingKeyOf(await derivedBytes(secretKey, purpose, 32));

/** The same of what was derived. */
export const signingKeyOf = (bytes: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
