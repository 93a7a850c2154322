import { type Env, variablesOf } from "../../../base/env";
import { type Connector, connectorFor, connectors, type Parcel, type Tools, webhookSecrets } from "../../../connectors";
import { connectorsOf } from "../../../world/connectors";
import type { School } from "../../../world/snapshot";

const TEXT = "A test from Schoolbell";

/** What a test says, by channel. A push needs a learner's device, and webhooks go where each automation says. */
const CONTENTS: Readonly<Record<string, Record<string, unknown>>> = {
  email: { subject: TEXT, html: `<p>${TEXT}: mail leaves as it should.</p>`, kind: "transactional" },
  mixpanel: { event: TEXT, properties: {} },
  ga4: { name: "schoolbell_test", params: {} },
  meta: { name: "SchoolbellTest", custom_data: {} },
  lms: { type: "action.test", data: {} },
};
export const TESTABLE: ReadonlySet<string> = new Set(Object.keys(CONTENTS));

/** What connectors are given to reach the world with. */
export const toolsOf = (env: Env): Tools => ({
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  env: { EMAIL: env.EMAIL },
  ownHosts: [new URL(variablesOf(env).PUBLIC_URL).hostname],
});

/** A parcel of nobody's run. */
export const parcelOf = (
  school: Pick<School, "id" | "name" | "mode" | "settings">,
  connector: Connector,
  key: string,
  to: readonly string[],
  content: unknown,
): Parcel => ({
  key,
  deliveryId: key,
  channel: connector.channel,
  to,
  content,
  at: Date.now(),
  mode: school.mode,
  school: {
    id: school.id,
    name: school.name,
    url: school.settings.url ?? null,
    settings: school.settings,
    webhookSecrets: [],
  },
  user: { id: "schoolbell-test", email: to[0] ?? null, pushTokens: [] },
  unsubscribeUrl: null,
});

/** Sends a test by a school's connector of a channel, at once, and says how it went. */
export async function sendTest(
  env: Env,
  school: School,
  channel: string,
  to: string,
): Promise<{ ok: boolean; text: string }> {
  const known = connectors.find((one) => one.channel === channel)?.channel;
  const settings = await connectorsOf(env, school);
  const chosen = known ? connectorFor(known, settings) : null;
  if (!chosen) return { ok: false, text: "It is not set up for single messages: the first real change will tell." };
  const parcel = parcelOf(
    school,
    chosen.connector,
    `test-${crypto.randomUUID()}`,
    to === "" ? [] : [to],
    CONTENTS[channel],
  );
  const secrets = await webhookSecrets(variablesOf(env).SECRET_KEY, school.id, null);
  const sent = await chosen.connector.send(
    { ...parcel, school: { ...parcel.school, webhookSecrets: secrets } },
    chosen.settings,
    toolsOf(env),
  );
  if (!sent.ok) return { ok: false, text: sent.error };
  return {
    ok: true,
    text: sent.captured
      ? "Kept, not sent: that is what this connector does."
      : `Taken by the other side${sent.code ? ` (${sent.code})` : ""}.`,
  };
}
