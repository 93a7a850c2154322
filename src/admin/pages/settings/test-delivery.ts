import type { Env } from "../../../base/env";
import { admitFor } from "../../../calls/reaching/school-gate";
import type { ChannelName } from "../../../catalogue/channels";
import { send } from "../../../connectors";
import { heard } from "../../../language/heard";
import { say } from "../../../language/say";
import { connectorsOf } from "../../../world/connectors";
import { senderOf } from "../../../world/secrets/webhook-secrets";
import type { School } from "../../../world/snapshot";

/** What a test is: what it says, and to whom; nobody where `to` is empty. */
interface Test {
  channel: ChannelName;
  content: Record<string, unknown>;
  to: string;
}

/** Sends a test by a school's connector of a channel, at once, and says how it went. */
export async function sendTest(env: Env, school: School, test: Test): Promise<{ ok: boolean; text: string }> {
  const { channel, content, to } = test;
  const key = `test-${crypto.randomUUID()}`;
  const sent = await send(env, await senderOf(env, school), await connectorsOf(env, school), admitFor(env, school), {
    key,
    deliveryId: key,
    channel,
    to: to === "" ? [] : [to],
    content,
    at: Date.now(),
    user: { id: "schoolbell-test", email: to === "" ? null : to, pushTokens: [] },
  });
  if (!sent.ok) return { ok: false, text: heard(sent.error) };
  return {
    ok: true,
    text: sent.captured
      ? say("Kept, not sent: that is what this connector does.")
      : sent.code
        ? say("Sent, and taken ({code}).", { code: String(sent.code) })
        : say("Sent, and taken."),
  };
}
