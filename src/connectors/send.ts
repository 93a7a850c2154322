import { type Env, secretKeysOf, variablesOf } from "../base/env";
import { resolverOf } from "./calling/resolve";
import { type Finding, isLms, TEST, type VendorRate } from "./lms/port";
import { ownAddresses } from "./own";
import type { Parcel, SendResult, Tools } from "./ports";
import { signingKey } from "./secrets/keys";
import { replyToSigned } from "./secrets/signed";
import { type ConnectorSettings, connectorFor } from "./settings";
import { UNSUBSCRIBE, unsubscribeToken } from "./vendors/unsubscribe";

/** Who sends: a school, or the platform in the place of one. */
export type Sender = Parcel["school"] & Pick<Parcel, "mode"> & { epoch: number } & Known;

/** What is known of the school's own things beside what is sent. */
type Known = Pick<Tools, "theirsOf" | "segmentName">;

/** What is sent, as far as it is not the sender's. */
type Outgoing = Omit<Parcel<Record<string, unknown>>, "mode" | "school" | "unsubscribeUrl">;

/** Counts a school's requests at a vendor's rate. */
export type AdmitFor = (rate: VendorRate) => NonNullable<Tools["admit"]>;

/** What connectors are given to reach the world with. */
const toolsOf = (env: Env): Tools => ({
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  env: { EMAIL: env.EMAIL },
  resolve: resolverOf(env),
  ...ownAddresses(env),
});

/** The same for a school's LMS, which may hold it to a rate, and may call courses otherwise. */
export const toolsFor = (
  env: Env,
  rate: VendorRate | null,
  admitFor: AdmitFor | null,
  { theirsOf, segmentName }: Known = {},
): Tools => ({
  ...toolsOf(env),
  ...(admitFor && rate ? { admit: admitFor(rate) } : {}),
  ...(theirsOf ? { theirsOf } : {}),
  ...(segmentName ? { segmentName } : {}),
});

/** What is found about the connection to a school's LMS; null: it has chosen none. */
export async function checkConnection(
  env: Env,
  sender: Sender,
  settings: ConnectorSettings,
  admitFor: AdmitFor,
): Promise<Finding[] | null> {
  const lms = connectorFor("lms", settings);
  if (!lms || !isLms(lms.connector)) return null;
  const { connector } = lms;
  const tools = toolsFor(env, connector.lms.rate, admitFor);
  if (connector.lms.check) return connector.lms.check(lms.settings, tools);
  const key = `test-${crypto.randomUUID()}`;
  const test = { key, deliveryId: key, channel: "lms", to: [], content: { type: TEST }, at: Date.now() } as const;
  const nobody = { id: "schoolbell-test", email: null, pushTokens: [] };
  const sent = await connector.send(
    await parcelOf(env, sender, { ...test, to: [], user: nobody }),
    lms.settings,
    tools,
  );
  const what = `${connector.label} takes what it is sent`;
  return [sent.ok ? { ok: true, what } : { ok: false, what, advice: sent.advice ?? sent.error }];
}

/** One call to an address, signed as the sender's webhooks are, with the answer as it came. */
export const callSigned = (
  env: Env,
  { mode, ...school }: Sender,
  key: string,
  request: { url: string; body: unknown },
): ReturnType<typeof replyToSigned> => replyToSigned({ key, mode, school }, toolsOf(env), request);

async function parcelOf(env: Env, sender: Sender, outgoing: Outgoing): Promise<Parcel> {
  const { PUBLIC_URL } = variablesOf(env);
  const { id, epoch, name, mode, webhookSecrets, mailFrom, trackMail } = sender;
  const isMarketing = outgoing.content.kind === "marketing";
  const linkKey = () => signingKey(secretKeysOf(env).made, UNSUBSCRIBE);
  return {
    ...outgoing,
    mode,
    school: {
      id,
      name,
      webhookSecrets,
      ...(mailFrom === undefined ? {} : { mailFrom }),
      ...(trackMail ? { trackMail } : {}),
    },
    unsubscribeUrl: isMarketing
      ? `${PUBLIC_URL}/unsubscribe/${await unsubscribeToken(await linkKey(), { school: id, epoch, user: outgoing.user.id })}`
      : null,
  };
}

/**
 * One attempt to send something, by the connector that serves its channel.
 * @param settings the sender's, secrets included
 * @param admitFor of a vendor that holds the school to a rate
 */
export async function send(
  env: Env,
  sender: Sender,
  settings: ConnectorSettings,
  admitFor: AdmitFor | null,
  outgoing: Outgoing,
): Promise<SendResult> {
  const chosen = connectorFor(outgoing.channel, settings);
  if (!chosen)
    return { ok: false, error: `no connector is set up for ${outgoing.channel}`, retry: false, notSetUp: true };
  const parcel = await parcelOf(env, sender, outgoing);
  return chosen.connector.send(
    parcel,
    chosen.settings,
    toolsFor(env, isLms(chosen.connector) ? chosen.connector.lms.rate : null, admitFor, sender),
  );
}
