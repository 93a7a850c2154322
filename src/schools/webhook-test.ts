import type { Env } from "../base/env";
import { invalid, Problem } from "../base/errors/errors";
import { formatInstant } from "../catalogue/dates/time";
import { callSigned } from "../connectors";
import { faultOfWebhook } from "../connectors/own";
import { senderOf } from "../world/secrets/webhook-secrets";
import { nowOf, type School } from "../world/snapshot";

/** What a test says; receivers know it by its type. */
const TEST = "webhook.test";

/** How a test went. `status` is null where there was no answer; `body` then says why, else it is the answer's beginning. */
export interface WebhookTest {
  status: number | null;
  ms: number;
  body: string;
}

const KEEP_CHARACTERS = 4_096;

/** Sends a test to an address, at once; 422 where it may not be called, 409 where nothing leaves the school. */
export async function testWebhook(env: Env, school: School, url: string): Promise<WebhookTest> {
  const { mode, settings } = school;
  const fault = faultOfWebhook(env, { mode, connectors: settings.connectors }, url);
  if (fault !== null) throw invalid([{ path: "/url", message: fault }]);
  if (mode === "test" && settings.connectors.webhook?.send_in_test !== true)
    throw new Problem("conflict", "Nothing leaves a school in test mode: settings.connectors.webhook.send_in_test.");
  const body = { type: TEST, timestamp: formatInstant(nowOf(school)), data: { school: school.id } };
  const begun = Date.now();
  const reply = await callSigned(env, await senderOf(env, school), `test-${crypto.randomUUID()}`, { url, body });
  const ms = Date.now() - begun;
  if ("ok" in reply) {
    if (!reply.ok && !reply.retry) throw invalid([{ path: "/url", message: reply.error }]);
    return { status: null, ms, body: reply.ok ? "" : reply.error };
  }
  return reply.reached
    ? { status: reply.status, ms, body: reply.text.slice(0, KEEP_CHARACTERS) }
    : { status: null, ms, body: reply.error };
}
