import { Webhook } from "standardwebhooks";
import { expect, test, vi } from "vitest";
import { env, newSchool, testApp } from "../../../http/test-client";
import { loadSchool, type School } from "../../../world/snapshot";
import { sendTest } from "./test-delivery";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw";

async function schoolWith(connectors: Record<string, unknown>): Promise<School> {
  const { id } = await newSchool(testApp(), { connectors });
  const school = await loadSchool(env, id);
  if (!school) throw new Error("no school");
  return { ...school, mode: "live" };
}

test("a test leaves as every delivery does, signed with the school's own secret", async () => {
  const asked = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response(null, { status: 204 }));
  const school = await schoolWith({
    webhook: { secret: SECRET },
    lms: { type: "webhook", url: "https://lms.acme.com/hook" },
  });
  expect(await sendTest(env, school, { channel: "lms", content: { type: "test" }, to: "" })).toEqual({
    ok: true,
    text: "Sent, and taken (204).",
  });
  const [url, init] = asked.mock.calls[0] ?? [];
  expect(url).toBe("https://lms.acme.com/hook");
  // Connectors give plain values.
  const { headers, body } = init as { headers: Record<string, string>; body: string };
  expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({ type: "change.test" });
});

test("a test by a channel that is not set up says so", async () => {
  const school = await schoolWith({});
  expect(await sendTest(env, school, { channel: "mixpanel", content: { event: "A test" }, to: "" })).toEqual({
    ok: false,
    text: "no connector is set up for mixpanel",
  });
});

test("what is only kept is not said to have been sent", async () => {
  const school = await schoolWith({ email: { type: "capture" } });
  const content = { subject: "A test", html: "<p>A test</p>", kind: "transactional" };
  const { text } = await sendTest(env, school, { channel: "email", content, to: "anna@acme.com" });
  expect(text).toContain("Kept, not sent");
});
