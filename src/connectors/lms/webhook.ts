import * as z from "zod";
import type { SentChange } from "../../catalogue/facts/changes";
import { urlOption } from "../options";
import { defineConnector, type Parcel, type SendResult, type Tools } from "../ports";
import { sendSigned, signingSecret } from "../secrets/signed";
import { type CarriedOut, defineLms } from "./port";

/** The LMS keeps what our answers say, or pulls the feed. */
export const lmsNone = defineConnector({
  name: "none",
  channel: "lms",
  label: "None",
  description: "The LMS reads our answers, pulls the feed of changes, or is told by webhook steps.",
  settings: z.strictObject({}),
  servesUnchosen: true,
  host: () => null,
  // What was on its way to an LMS that is chosen no more: it is in the feed, and kept for when there is one again.
  send: async () => ({ ok: false, error: "no LMS is chosen any more", retry: false, notSetUp: true }),
});

/** So many changes of a user go in one call where a school takes several. */
const BATCH = 100;

export const lmsWebhook = defineLms({
  name: "webhook",
  label: "Webhook",
  description: "Every change that we make ourselves, as a Standard Webhook of type change.<type>.",
  settings: z.strictObject({ url: urlOption, secret: signingSecret.optional(), batch: z.boolean().optional() }),
  host: ({ url }) => url,
  atOnce: ({ batch }) => (batch ? BATCH : 1),
  carryOut: async (changes, settings, tools, parcel) => {
    const [first] = changes;
    if (!first) return { status: "failed", error: "no change", retry: false };
    const body = settings.batch ? batchOf(changes) : bodyOf(first);
    return carried(await post(parcel, settings, tools, body), changes.length);
  },
  test: async (settings, tools, parcel) => {
    const sending = await post(parcel, settings, tools, { type: "change.test", data: {} });
    return sending.ok ? sending : { ...sending, advice: adviceOn(sending) };
  },
});

const post = (
  { school, ...parcel }: Parcel,
  { url, secret }: { url: string; secret?: string | undefined },
  tools: Tools,
  body: Record<string, unknown>,
): Promise<SendResult> =>
  sendSigned({ ...parcel, school: { ...school, webhookSecrets: secret ? [secret] : school.webhookSecrets } }, tools, {
    url,
    body: { type: body.type, timestamp: new Date(parcel.at).toISOString(), ...body },
  });

const bodyOf = ({ type, ...change }: SentChange): Record<string, unknown> => ({
  type: `change.${type}`,
  timestamp: change.at,
  ...change,
});

const batchOf = (changes: readonly SentChange[]): Record<string, unknown> => ({
  type: "change.batch",
  data: changes.map(bodyOf),
});

/** What is said to whoever calls, and not of what was sent: the signature is not taken, or nobody listens there any more. */
const REFUSALS = [401, 403, 410];
/** What is said to this very change: no other attempt is answered otherwise. */
const FINAL = [400, 404, 409, 422];

/** What is to be done about an answer. What the other side wrote stays out of it: that may name a learner. */
const ADVICE: Readonly<Record<number, string>> = {
  401: "it does not take the signature: have it check with the secret that is set here, or else with the school's webhook secret",
  403: "it does not let us in: have it take calls that are signed with the secret that is set here, or else with the school's webhook secret",
  404: "nothing is there: look at the path of the address",
  405: "it takes no POST there: look at the path of the address",
  410: "it says that nothing is there any more: set the address that took its place",
};

function adviceOn({ code, error }: Failure): string {
  if (code === undefined) return error;
  const known = ADVICE[code];
  if (known !== undefined) return `The LMS answers ${code}: ${known}.`;
  if (code >= 300 && code < 400)
    return `The LMS answers ${code}, a redirect, which is not followed: set the address that it leads to.`;
  return `The LMS answers ${code} where it should answer 2xx: what is wrong is in its own log.`;
}
type Failure = Extract<SendResult, { ok: false }>;

function carried(sending: SendResult, count: number): CarriedOut {
  if (sending.ok) return { status: "done", ...(sending.code === undefined ? {} : { code: sending.code }) };
  const { ok: _, gone: __, unsupported: ___, ...failure } = sending;
  // An address that may not be called is set right one day: until then nobody has refused anything.
  if (sending.code === undefined && !sending.retry) return { status: "failed", ...failure, retry: true, broken: true };
  // Of several it is not known which one is refused: they go one by one then.
  if (count === 1 && FINAL.includes(sending.code ?? 0)) return { status: "failed", ...failure, retry: false };
  // Set right, it takes what waits; an address that is gone too, once another is set in its place.
  if (REFUSALS.includes(sending.code ?? 0))
    return { status: "failed", ...failure, retry: true, broken: true, advice: adviceOn(sending) };
  return { status: "failed", ...failure };
}
