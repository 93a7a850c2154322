import { z } from "zod";
import { fromBase64Url, toBase64Url } from "../../base/bytes";
import { signingKey } from "../keys";

const subject = z.tuple([z.string(), z.string()]);

const PURPOSE = "unsubscribe";

/**
 * What an unsubscribe link carries: school and user, signed. It never runs out, for mail is kept for years.
 * @param secretKey SECRET_KEY: 32 bytes in base64
 */
export async function unsubscribeToken(secretKey: string, school: string, user: string): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify([school, user]));
  const signature = await crypto.subtle.sign("HMAC", await signingKey(secretKey, PURPOSE), payload);
  return `${toBase64Url(payload)}.${toBase64Url(new Uint8Array(signature))}`;
}

/** Whom a token unsubscribes, or null for one we did not make. Compared in constant time. */
export async function readUnsubscribeToken(
  secretKey: string,
  token: string,
): Promise<{ school: string; user: string } | null> {
  const [payload, signature, ...rest] = token.split(".").map(fromBase64Url);
  if (!payload || !signature || rest.length > 0) return null;
  if (!(await crypto.subtle.verify("HMAC", await signingKey(secretKey, PURPOSE), signature, payload))) return null;
  const [school, user] = subject.parse(JSON.parse(new TextDecoder().decode(payload)));
  return { school, user };
}
