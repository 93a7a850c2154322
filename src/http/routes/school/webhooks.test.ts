import { eq } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test, vi } from "vitest";
import { consume, env, liveSchool, makeSchool, setNow, standIn, type TestSchool } from "../../../../test/workers/live";
import { derivedWebhookSecret } from "../../../connectors";
import { database } from "../../../db/client";
import { schools } from "../../../db/schema";
import { forgetSchool } from "../../../world/snapshot";

const TARGET = "https://hooks.acme.com/in";
const DAY_MS = 86_400_000;

afterEach(() => void vi.restoreAllMocks());

/** What is called from here on. */
function calls(answer: () => Response = () => new Response("thanks")) {
  const got: { body: string; headers: Record<string, string> }[] = [];
  standIn(TARGET, (_, init) => {
    got.push({ body: String(init.body), headers: Object.fromEntries(new Headers(init.headers)) });
    return answer();
  });
  return got;
}

const secretOf = async (school: TestSchool): Promise<string> =>
  (await school.ask("GET", "/v1/webhook-secret")).body.secret;

const verifies = (secret: string, call: { body: string; headers: Record<string, string> } | undefined) => {
  try {
    return Boolean(new Webhook(secret).verify(call?.body ?? "", call?.headers ?? {}));
  } catch {
    return false;
  }
};

describe("the secret of webhooks", () => {
  const { school } = liveSchool();
  const tryIt = async () => (await school.ask("POST", "/v1/webhooks/test", { url: TARGET })).status;

  test("is there with the school, and checks what we send", async () => {
    const got = calls();
    const secret = await secretOf(school);
    expect(secret).toMatch(/^whsec_/);
    expect(secret, "each school has its own").not.toBe(await secretOf(await makeSchool()));
    expect(await tryIt()).toBe(200);
    expect(verifies(secret, got[0])).toBe(true);
  });

  test("is followed by another, and signs beside it for a day", async () => {
    const got = calls();
    const old = await secretOf(school);
    const { status, body } = await school.ask("POST", "/v1/webhook-secret");
    expect(status).toBe(201);
    expect(await secretOf(school)).toBe(body.secret);
    await tryIt();
    expect([verifies(old, got[0]), verifies(body.secret, got[0])]).toEqual([true, true]);
    setNow(Date.now() + DAY_MS + 1_000);
    await tryIt();
    vi.useRealTimers();
    expect(got[1]?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
  });

  test("of a school made before secrets were kept stays what it was until another is made", async () => {
    const got = calls();
    await database(env.DB).update(schools).set({ webhookSecrets: "[]" }).where(eq(schools.id, school.id));
    await school.ask("PATCH", "/v1/school", { name: "Read anew" });
    forgetSchool(school.id);
    const derived = await derivedWebhookSecret(String(env.SECRET_KEY), { id: school.id, epoch: 1 });
    expect(await secretOf(school)).toBe(derived);
    const { body } = await school.ask("POST", "/v1/webhook-secret");
    await tryIt();
    expect([verifies(derived, got[0]), verifies(body.secret, got[0])]).toEqual([true, true]);
  });

  test("that the school has set itself signs alone, until another is made", async () => {
    const got = calls();
    const own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw";
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { webhook: { secret: own } } } });
    expect(await secretOf(school)).toBe(own);
    const { body } = await school.ask("POST", "/v1/webhook-secret");
    expect(await secretOf(school)).toBe(body.secret);
    await tryIt();
    expect([verifies(own, got[0]), verifies(body.secret, got[0])]).toEqual([true, true]);
  });

  test("is for the scope admin alone", async () => {
    const made = await school.ask("POST", "/v1/api-keys", { name: "w", scopes: ["read", "write", "events"] });
    const asked = { authorization: `Bearer ${made.body.key}` };
    for (const [method, path, body] of [
      ["GET", "/v1/webhook-secret"],
      ["POST", "/v1/webhook-secret"],
      ["POST", "/v1/webhooks/test", { url: TARGET }],
    ] as const)
      expect((await school.ask(method, path, body, asked)).status, path).toBe(403);
  });
});

describe("a test of an address", () => {
  const { school } = liveSchool();
  const tryIt = (url: string) => school.ask("POST", "/v1/webhooks/test", { url });

  test("says what came back, and how long it took", async () => {
    const got = calls(() => new Response("not today", { status: 409 }));
    expect((await tryIt(TARGET)).body).toEqual({ status: 409, ms: expect.any(Number), body: "not today" });
    expect(JSON.parse(got[0]?.body ?? "")).toMatchObject({ type: "webhook.test", data: { school: school.id } });
  });

  test("says why nothing came back", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("connection refused"));
    expect((await tryIt(TARGET)).body).toEqual({
      status: null,
      ms: expect.any(Number),
      body: "not reached: connection refused",
    });
  });

  test("is refused once, with all that is wrong", async () => {
    const got = calls();
    const { status, body } = await tryIt("http://nas.lan:9999/in");
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: "/url", message: expect.stringMatching(/https:\/\/.*no port.*private or local/) },
    ]);
    expect(got).toEqual([]);
  });

  test("an automation that would call it is refused once too, with all that is wrong", async () => {
    const { status, body } = await school.ask("POST", "/v1/automations", {
      name: "A",
      when: [{ type: "user.signed_in" }],
      then: [{ type: "webhook.send", url: "http://nas.test:9999/in" }],
    });
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: "/then/0/url", message: expect.stringMatching(/https:\/\/.*no port.*reserved/) },
    ]);
  });
});

describe("on a developer's machine", () => {
  const LOCAL = "http://127.0.0.1:9999/in";
  const hooked = { when: [{ type: "user.signed_in" }], then: [{ type: "webhook.send", url: LOCAL }] };
  const { school, queues } = liveSchool("test");

  test("a test school calls it once it is told to send, and then for real", async () => {
    const got: string[] = [];
    standIn(LOCAL, (url) => {
      got.push(url);
      return new Response();
    });
    const refused = await school.ask("POST", "/v1/automations", { name: "A", ...hooked });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([{ path: "/then/0/url", message: expect.stringContaining("send_in_test") }]);
    expect((await school.ask("POST", "/v1/webhooks/test", { url: LOCAL })).status).toBe(422);

    const settings = { connectors: { webhook: { send_in_test: true } } };
    expect((await school.ask("PATCH", "/v1/school", { settings })).status).toBe(200);
    expect((await school.ask("POST", "/v1/webhooks/test", { url: LOCAL })).body).toMatchObject({ status: 200 });
    await school.automation({ ...hooked, synchronous: true });
    await school.event("user.signed_in", "anna");
    await consume("schoolbell-deliveries", queues.actions);
    expect(got).toEqual([LOCAL, LOCAL]);
    const { body } = await school.ask("GET", "/v1/deliveries?user=anna");
    expect(body.data).toMatchObject([{ channel: "webhook", status: "sent" }]);
    for (const url of [
      "http://10.0.0.1:9999/",
      "http://[fd00::1]:9999/",
      "http://localhost:8787/",
      "http://[::1]:8787/",
    ])
      expect((await school.ask("POST", "/v1/webhooks/test", { url })).status, url).toBe(422);
  });

  test("without that a test school sends nothing, public or not", async () => {
    const got = calls();
    expect((await school.ask("POST", "/v1/webhooks/test", { url: TARGET })).status).toBe(409);
    await school.automation({ ...hooked, then: [{ type: "webhook.send", url: TARGET }], synchronous: true });
    await school.event("user.signed_in", "anna");
    expect(queues.actions.filter((message) => message.kind === "deliver")).toEqual([]);
    expect(got).toEqual([]);
  });
});
