const encoder = new TextEncoder();

export const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** The bytes of base64; throws where it is none. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** The bytes of base64url without padding; null where it is none, or not the one way to write these bytes. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  // Spare bits at the end would let two texts stand for the same bytes.
  return toBase64Url(bytes) === text ? bytes : null;
}

export const sha256 = async (data: string | Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", typeof data === "string" ? encoder.encode(data) : data));

/** Lower case. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 of a text, in lower-case hex. */
export const sha256Hex = async (text: string): Promise<string> => toHex(await sha256(text));

/** Whether two texts are one, in constant time, whatever their lengths. */
export const isSameSecret = async (a: string, b: string): Promise<boolean> =>
  crypto.subtle.timingSafeEqual(await sha256(a), await sha256(b));

export const KIB = 1024;

const MOST_BYTES_A_UNIT = 3;

/** The length of a text in UTF-8. */
export const bytesOf = (text: string): number => encoder.encode(text).length;

/** Whether a text has more than so many bytes of UTF-8; most texts are seen not to without a look. */
export const isLongerThan = (text: string, bytes: number): boolean =>
  text.length > bytes || (text.length * MOST_BYTES_A_UNIT > bytes && bytesOf(text) > bytes);
