import { X509Certificate } from "node:crypto";
import * as z from "zod";
import { fromBase64 } from "../../base/bytes";
import { Cache } from "../../base/cache";
import { Problem } from "../../base/errors/errors";

/*
 * Messages of Amazon SNS, which sign what they say with a key whose certificate lies at Amazon. Both it and the address
 * that confirms a subscription are fetched from there alone, whatever a message names.
 */

const text = z.string();

export const snsMessage = z.object({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: text,
  TopicArn: text,
  Message: text,
  Timestamp: text,
  Subject: text.nullish(),
  Token: text.optional(),
  SubscribeURL: text.optional(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: text,
  SigningCertURL: text,
});
export type SnsMessage = z.output<typeof snsMessage>;

const SIGNED = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
} as const;

/** What is signed of a message: names and values, a line each; what it does not have is left out. */
export const signedText = (message: SnsMessage): string =>
  SIGNED[message.Type]
    .flatMap((name) => {
      const value = message[name];
      return value === undefined || value === null ? [] : [`${name}\n${value}\n`];
    })
    .join("");

const HASHES = { 1: "SHA-1", 2: "SHA-256" } as const;
const HOST = /^sns\.[a-z0-9-]{1,40}\.amazonaws\.com$/;

/** An address of SNS itself; null for any other. */
export function snsAddress(given: string | undefined): URL | null {
  const url = given === undefined ? null : URL.parse(given);
  if (url?.protocol !== "https:" || url.port !== "" || url.username !== "" || url.password !== "") return null;
  return HOST.test(url.hostname) ? url : null;
}

/** Fetches from SNS; rejects where it cannot. */
export type FetchText = (url: URL) => Promise<string>;

/** Keys by the address of their certificate: it is named by what it is, and never another. */
const known = new Cache<{ pem: string }>({ entries: 20 });

async function certificateAt(url: URL, fetchText: FetchText): Promise<X509Certificate> {
  const kept = known.get(url.href);
  const pem = kept?.pem ?? (await fetchText(url));
  const certificate = new X509Certificate(pem);
  if (!kept) known.set(url.href, { pem });
  return certificate;
}

const unproved = (why: string): Problem => new Problem("unauthorized", `The message of SNS is not proved: ${why}.`);

/** 401 for a message that SNS did not sign. */
export async function requireSigned(message: SnsMessage, fetchText: FetchText, now: number): Promise<void> {
  const url = snsAddress(message.SigningCertURL);
  if (!url?.pathname.endsWith(".pem")) throw unproved("SigningCertURL is not an address of SNS");
  let certificate: X509Certificate;
  try {
    certificate = await certificateAt(url, fetchText);
  } catch {
    // Whatever is wrong with it, it proves nothing; SNS sends the message again.
    throw unproved("its certificate cannot be read");
  }
  if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo))
    throw unproved("its certificate is not valid now");
  const hash = HASHES[message.SignatureVersion];
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash };
  const key = await crypto.subtle.importKey("spki", new Uint8Array(spki), algorithm, false, ["verify"]);
  const signed = new TextEncoder().encode(signedText(message));
  if (!(await crypto.subtle.verify(algorithm, key, bytesOf(message.Signature), signed)))
    throw unproved("Signature is not that of its text");
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(fromBase64(base64));
  } catch {
    return new Uint8Array();
  }
}
