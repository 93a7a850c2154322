import * as z from "zod";
import { fromBase64Url, toBase64Url } from "../../base/bytes";

/** The first schools of an id were not counted yet. */
const subject = z.union([z.tuple([z.string(), z.string()]), z.tuple([z.string(), z.string(), z.number()])]);

/** Whom a link is for: a school of the same id made anew is another's. */
export interface Unsubscriber {
  school: string;
  epoch: number;
  user: string;
}

/** What the key is derived for that signs them. */
export const UNSUBSCRIBE = "unsubscribe";

/** What an unsubscribe link carries: school, its epoch and user, signed. It never runs out, for mail is kept for years. */
export async function unsubscribeToken(key: CryptoKey, { school, epoch, user }: Unsubscriber): Promise<string> {
  const text = JSON.stringify(epoch === 1 ? [school, user] : [school, user, epoch]);
  const payload = new TextEncoder().encode(text);
  const signature = await crypto.subtle.sign("HMAC", key, payload);
  return `${toBase64Url(payload)}.${toBase64Url(new Uint8Array(signature))}`;
}

/** Whom a token unsubscribes, or null for one that was not signed with this key. Compared in constant time. */
export async function readUnsubscribeToken(key: CryptoKey, token: string): Promise<Unsubscriber | null> {
  const [payload, signature, ...rest] = token.split(".").map(fromBase64Url);
  if (!payload || !signature || rest.length > 0) return null;
  if (!(await crypto.subtle.verify("HMAC", key, signature, payload))) return null;
  const [school, user, epoch = 1] = subject.parse(JSON.parse(new TextDecoder().decode(payload)));
  return { school, epoch, user };
}
