import * as z from "zod";
import type { Env } from "../../../base/env";
import { Problem } from "../../../base/errors/errors";
import { callVendor } from "../../../connectors/calling/http";
import { readPostmark } from "../../../inbound/mail/postmark";
import { requireBasic, requireSvix } from "../../../inbound/mail/proof";
import { readResend } from "../../../inbound/mail/resend";
import { readSes } from "../../../inbound/mail/ses";
import { requireSigned, type SnsMessage, snsAddress, snsMessage } from "../../../inbound/mail/sns";
import { takeReports } from "../../../inbound/mail/take";
import { connectorsOf } from "../../../world/connectors";
import type { School } from "../../../world/snapshot";
import { decodeText, MIB } from "../../reading/body";
import { parseJson } from "../../reading/json";
import { defineRoute, ok } from "../../route";
import { hookFinds, hookParams, schoolOfHook, TAKEN } from "./hooks";

/*
 * What mail vendors say of bounces and complaints. The school's hook key in the address is their credential, and beside
 * it what each vendor proves itself by. What says nothing of either is answered all the same.
 */

const hook = {
  method: "POST",
  openQuery: true,
  scope: "none",
  params: hookParams,
  finds: hookFinds,
  // Signatures are of the very bytes; Amazon calls its JSON text.
  bodyKind: "bytes",
  limitBytes: MIB,
  answers: () => ({ 200: z.object({ received: z.literal(true) }) }),
} as const;

/** What a school has set up for vendors to be known by. */
async function proofsOf(env: Env, school: School): Promise<Readonly<Record<string, string>>> {
  const { mail_webhooks: chosen } = await connectorsOf(env, school);
  return Object.fromEntries(
    Object.entries(chosen ?? {}).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

const jsonOf = (text: string): unknown => parseJson(text).value;

/** What lies at an address of SNS, within ten seconds and with no redirect followed. */
async function fetchText(url: URL): Promise<string> {
  const tools = { fetch: (at: string, init: RequestInit) => fetch(at, init), now: Date.now };
  const reply = await callVendor({ ...tools, env: {}, resolve: null, ownHosts: [] }, url.href, { method: "GET" });
  if (!reply.reached || reply.status !== 200)
    throw new Problem("unavailable", `${url.hostname} does not answer as it should.`);
  return reply.text;
}

/** Confirms that the topic may post here, at Amazon alone. */
async function confirm({ SubscribeURL }: SnsMessage): Promise<void> {
  const url = snsAddress(SubscribeURL);
  if (!url) throw new Problem("unauthorized", "SubscribeURL is not an address of SNS.");
  await fetchText(url);
}

async function takeSns(env: Env, school: School, text: string, headers: Headers): Promise<void> {
  if (headers.get("x-amz-sns-rawdelivery") === "true")
    throw new Problem("unauthorized", "Raw message delivery is not signed: switch it off for this subscription.");
  const { data: message } = snsMessage.safeParse(jsonOf(text));
  if (!message) throw new Problem("unauthorized", "Not a signed message of SNS.");
  const { ses_topic: topic } = await proofsOf(env, school);
  if (topic !== undefined && message.TopicArn !== topic)
    throw new Problem("unauthorized", "TopicArn is not the topic that is set up.");
  await requireSigned(message, fetchText, Date.now());
  if (message.Type === "SubscriptionConfirmation") return confirm(message);
  if (message.Type !== "Notification") return;
  await takeReports(env, school, "ses", readSes(looseJson(message.Message)));
}

/** The message of a notification is a text: SES puts JSON into it, and a test whatever somebody typed. */
function looseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const mailHookRoutes = [
  defineRoute({
    ...hook,
    path: "/hooks/mail/postmark/:key",
    summary: "Take a bounce or a spam complaint of Postmark.",
    description:
      "The key is the school's hook_key. Where connectors.mail_webhooks has postmark_auth, the address given to Postmark holds it as user and password, and Authorization must be Basic with it. Hard bounces and complaints suppress the address.",
    handle: async ({ env, request, params, headers, body }) => {
      const school = await schoolOfHook(env, request, params.key);
      const { postmark_auth: auth } = await proofsOf(env, school);
      if (auth !== undefined) await requireBasic(auth, headers);
      await takeReports(env, school, "postmark", readPostmark(jsonOf(decodeText(body))));
      return ok(TAKEN);
    },
  }),
  defineRoute({
    ...hook,
    path: "/hooks/mail/resend/:key",
    summary: "Take an email.bounced or email.complained of Resend.",
    description:
      "The key is the school's hook_key. Where connectors.mail_webhooks has resend_secret, svix-signature must be by it.",
    handle: async ({ env, request, params, headers, body }) => {
      const school = await schoolOfHook(env, request, params.key);
      const text = decodeText(body);
      const { resend_secret: secret } = await proofsOf(env, school);
      if (secret !== undefined) requireSvix(secret, headers, text);
      await takeReports(env, school, "resend", readResend(jsonOf(text)));
      return ok(TAKEN);
    },
  }),
  defineRoute({
    ...hook,
    path: "/hooks/mail/ses/:key",
    summary: "Take a bounce or a complaint of Amazon SES, by SNS.",
    description:
      "The key is the school's hook_key. The signature of SNS is checked, by a certificate from sns.*.amazonaws.com alone; a SubscriptionConfirmation is confirmed there and nowhere else. Where connectors.mail_webhooks has ses_topic, only that topic may post.",
    handle: async ({ env, request, params, headers, body }) => {
      const school = await schoolOfHook(env, request, params.key);
      await takeSns(env, school, decodeText(body), headers);
      return ok(TAKEN);
    },
  }),
];
