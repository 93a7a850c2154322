import { z } from "zod";
import { fromBase64Url, toBase64Url } from "../../base/bytes";
import { signingKey } from "../keys";

/** The first schools of an id were not counted yet. */
const subject = z.union([z.tuple([z.string(), z.string()]), z.tuple([z.string(), z.string(), z.number()])]);

/** Whom a link is for: a school of the same id made anew is another's. */
export interface Unsubscriber {
  school: string;
  epoch: number;
  user: string;
}

const PURPOSE = "unsubscribe";

/**
 * What an unsubscribe link carries: school, its epoch and user, signed. It never runs out, for mail is kept for years.
 * @param secretKey SECRET_KEY: 32 bytes in base64
 */
export async function unsubscribeToken(secretKey: string, { school, epoch, user }: Unsubscriber): Promise<string> {
  const text = JSON.stringify(epoch === 1 ? [school, user] : [school, user, epoch]);
  const payload = new TextEncoder().encode(text);
  const signature = await crypto.subtle.sign("HMAC", await signingKey(secretKey, PURPOSE), payload);
  return `${toBase64Url(payload)}.${toBase64Url(new Uint8Array(signature))}`;
}

/** Whom a token unsubscribes, or null for one we did not make. Compared in constant time. */
export async function readUnsubscribeToken(secretKey: string, token: string): Promise<Unsubscriber | null> {
  const [payload, signature, ...rest] = token.split(".").map(fromBase64Url);
  if (!payload || !signature || rest.length > 0) return null;
  if (!(await crypto.subtle.verify("HMAC", await signingKey(secretKey, PURPOSE), signature, payload))) return null;
  const [school, user, epoch = 1] = subject.parse(JSON.parse(new TextDecoder().decode(payload)));
  return { school, epoch, user };
}
