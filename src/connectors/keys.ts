const encoder = new TextEncoder();

export const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** Bytes of base64 or base64url text; null when it is neither, or not the one way to write these bytes. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  // Spare bits at the end would let two texts stand for the same bytes.
  return toBase64Url(bytes) === text ? bytes : null;
}

async function baseKey(secretKey: string): Promise<CryptoKey> {
  const bytes = Uint8Array.from(atob(secretKey), (c) => c.charCodeAt(0));
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
  crypto.subtle.deriveKey(
    hkdf(purpose),
    await baseKey(secretKey),
    { name: "HMAC", hash: "SHA-256", length: 256 },
    false,
    ["sign", "verify"],
  );
