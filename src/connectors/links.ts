import { createHmac, hkdfSync } from "node:crypto";
import * as z from "zod";
import { fromBase64, fromBase64Url, toBase64Url } from "../base/bytes";
import { remembering } from "../base/cache";
import { UNSUBSCRIBE, type Unsubscriber } from "./vendors/unsubscribe";

/*
 * Links that open without a sign-in, signed. They are made while a message is rendered, where nothing may wait.
 */

const DAY_MS = 86_400_000;
/** How long a link to a learner's page is good for. */
export const PREFERENCES_MS = 30 * DAY_MS;

/** What the key is derived for that signs links to a learner's page. */
export const PREFERENCES = "preferences";

/** The key of a purpose: the same that `signingKey` gives, to be had at once. By `<purpose> <SECRET_KEY>`. */
const keyFor = remembering(
  (key) => {
    const at = key.indexOf(" ");
    const [purpose, secret] = [key.slice(0, at), fromBase64(key.slice(at + 1))];
    return new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(32), `schoolbell/${purpose}`, 32));
  },
  { entries: 10 },
);

const signatureOf = (secretKey: string, purpose: string, payload: Uint8Array): Uint8Array =>
  new Uint8Array(
    createHmac("sha256", keyFor(`${purpose} ${secretKey}`))
      .update(payload)
      .digest(),
  );

function signed(secretKey: string, purpose: string, content: unknown): string {
  const payload = new TextEncoder().encode(JSON.stringify(content));
  return `${toBase64Url(payload)}.${toBase64Url(signatureOf(secretKey, purpose, payload))}`;
}

/** The same token as `unsubscribeToken`. */
export const unsubscribeLinkToken = (secretKey: string, { school, epoch, user }: Unsubscriber): string =>
  signed(secretKey, UNSUBSCRIBE, epoch === 1 ? [school, user] : [school, user, epoch]);

/** Whose page a link opens. `madeAt`: by the school's clock, ms: who came to be known later is somebody else. */
export interface PageLink extends Unsubscriber {
  madeAt: number;
  /** When what is known of the user began, real time, ms: a test school's clock may stand. Left out: nobody knew. */
  born?: number | undefined;
}

export const preferencesToken = (secretKey: string, { school, epoch, user, madeAt, born }: PageLink): string =>
  signed(secretKey, PREFERENCES, [school, user, epoch, madeAt, ...(born === undefined ? [] : [born])]);

/** The links of before have no fifth. */
const pageLink = z.tuple([z.string(), z.string(), z.number(), z.number(), z.number().optional()]);

/** What a token says, or null for one that was not signed with this key. Compared in constant time. */
export async function readPreferencesToken(key: CryptoKey, token: string): Promise<PageLink | null> {
  const [payload, signature, ...rest] = token.split(".").map(fromBase64Url);
  if (!payload || !signature || rest.length > 0) return null;
  if (!(await crypto.subtle.verify("HMAC", key, signature, payload))) return null;
  const [school, user, epoch, madeAt, born] = pageLink.parse(JSON.parse(new TextDecoder().decode(payload)));
  return { school, user, epoch, madeAt, ...(born === undefined ? {} : { born }) };
}
