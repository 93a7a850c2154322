import { sign } from "hono/jwt";
import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { withDns } from "../../test/workers/dns";
import { call, consume, flushLog, liveSchool, makeSchool, setNow } from "../../test/workers/live";
import { deliver } from "./deliver";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const TARGET = "https://hooks.acme.com/in";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw";

interface Asked {
  url: string;
  headers: Record<string, string>;
  body: string;
  redirect: RequestInit["redirect"];
}

/** What left, and how the world answers; the network itself is the only thing that is stood in for. */
let asked: Asked[];
let answer: (asked: Asked) => Response | Promise<Response>;
const { school, queues } = liveSchool("live", { connectors: { webhook: { secret: SECRET } } });

beforeEach(() => {
  asked = [];
  answer = () => new Response();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    // The connectors give plain values.
    const { headers, body, redirect } = init as { headers: Record<string, string>; body: string } & RequestInit;
    const one = { url: String(url), headers, body, redirect };
    asked.push(one);
    return answer(one);
  });
});

const status = (code: number, headers: Record<string, string> = {}) => new Response(null, { status: code, headers });

/** Lets time pass for one user, as the object's alarm and the queue would. */
async function pass(ms: number, user = "anna"): Promise<void> {
  setNow(Date.now() + ms);
  await school.ring(user);
  await settle();
}

/** Does what the queues hold, slow deliveries last. */
async function settle(): Promise<void> {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  if (queues.slow.length) await consume("schoolbell-deliveries-slow", queues.slow.splice(0));
}

const automation = (then: unknown[], more: Record<string, unknown> = {}) =>
  school.automation({ synchronous: true, when: [{ type: "user.signed_in" }], then, ...more });

const signUp = (id = "anna") => school.event("user.signed_up", { id, email: `${id}@acme.com` });
const signIn = (id = "anna") => school.event("user.signed_in", { id, email: `${id}@acme.com` });

interface Shown {
  id: string;
  channel: string;
  status: string;
  idempotency_key: string;
  attempts: { ok: boolean; code?: number; error?: string }[];
}

async function deliveries(user = "anna"): Promise<Shown[]> {
  await flushLog(school.id, user);
  return (await school.ask("GET", `/v1/deliveries?user=${user}`)).body.data;
}

const retry = (id: string) => school.ask("POST", `/v1/deliveries/${id}/retry`);

describe("a lead's delivery", () => {
  beforeEach(async () => {
    await school.automation({
      synchronous: true,
      when: [{ type: "form.submitted" }],
      then: [{ type: "webhook.send", url: TARGET, body: {} }],
    });
    await school.event("form.submitted", { email: "anna@acme.com" }, { form: "demo" });
  });

  test("that is under way while its lead signs up is settled with the user, and not sent again", async () => {
    answer = async () => {
      await signUp();
      return status(204);
    };
    await settle();
    await pass(10 * MINUTE_MS);
    expect(await deliveries()).toMatchObject([{ status: "sent", attempts: [{ ok: true }] }]);
    expect(asked).toHaveLength(1);
  });

  test("that failed then is tried again after its back-off, the failure noted with the user", async () => {
    answer = async () => {
      await signUp();
      return status(500);
    };
    await settle();
    answer = () => status(200);
    await pass(20 * SECOND_MS);
    expect(await deliveries()).toMatchObject([{ status: "sent", attempts: [{ code: 500 }, { ok: true }] }]);
    expect(asked).toHaveLength(2);
  });

  test("that is under way while its lead is erased holds nobody up for long", async () => {
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    answer = async () => {
      await school.ask("DELETE", "/v1/users/lead:anna@acme.com");
      return status(204);
    };
    await settle();
    await pass(10 * MINUTE_MS, "lead:anna@acme.com");
    expect(asked).toHaveLength(1);
  });
});

describe("a webhook", () => {
  beforeEach(async () => {
    await automation([{ type: "webhook.send", url: TARGET, body: { who: "{{ user.email }}" } }]);
    await signIn();
  });

  test("is sent again after a 500, not before its back-off, with the same key and body and a new signature", async () => {
    answer = () => status(500);
    await settle();
    await pass(5 * SECOND_MS);
    expect(asked).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ status: "queued", attempts: [{ ok: false, code: 500 }] }]);
    answer = () => status(204);
    await pass(6 * SECOND_MS);
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({
      status: "sent",
      attempts: [
        { ok: false, code: 500 },
        { ok: true, code: 204 },
      ],
    });
    const [first, second] = asked;
    expect([first?.headers["webhook-id"], second?.headers["webhook-id"]]).toEqual(
      Array(2).fill(delivery?.idempotency_key),
    );
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["webhook-timestamp"]).not.toBe(first?.headers["webhook-timestamp"]);
    for (const { body, headers } of asked) new Webhook(SECRET).verify(body, headers);
    expect(asked).toMatchObject(Array(2).fill({ url: TARGET, body: '{"who":"anna@acme.com"}', redirect: "manual" }));
    await pass(25 * HOUR_MS);
    expect(asked).toHaveLength(2);
  });

  test("comes back when a 429 asks it to, and not before", async () => {
    answer = () => status(429, { "retry-after": "7200" });
    await settle();
    answer = () => status(200);
    for (let minutes = 0; minutes < 115; minutes += 5) await pass(5 * MINUTE_MS);
    expect(asked).toHaveLength(1);
    await pass(6 * MINUTE_MS);
    expect(await deliveries()).toMatchObject([{ status: "sent", attempts: [{ code: 429 }, { code: 200 }] }]);
  });

  test("is not led elsewhere by a redirect, and tries its own address again", async () => {
    answer = () => status(307, { location: "https://elsewhere.com/" });
    await settle();
    expect(await deliveries()).toMatchObject([
      { status: "queued", attempts: [{ ok: false, code: 307, error: expect.stringContaining("redirect") }] },
    ]);
    answer = () => status(200);
    await pass(MINUTE_MS);
    expect(asked.map(({ url }) => url)).toEqual([TARGET, TARGET]);
  });

  test("that is not answered at all is tried again", async () => {
    answer = () => Promise.reject(new Error("connection reset"));
    await settle();
    answer = () => status(200);
    await pass(MINUTE_MS);
    expect(await deliveries()).toMatchObject([
      { status: "sent", attempts: [{ error: expect.stringContaining("connection reset") }, { ok: true }] },
    ]);
  });

  test("that a 410 turns away fails at once", async () => {
    answer = () => status(410);
    await settle();
    await pass(25 * HOUR_MS);
    expect(asked).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ status: "failed" }]);
  });

  test("backs off for a day, ends failed, and goes again by hand with the same key", async () => {
    answer = () => status(503);
    const begun = Date.now();
    const at: number[] = [];
    await settle();
    at.push(0);
    for (let tries = 1; Date.now() < begun + 30 * HOUR_MS; await pass(10 * MINUTE_MS)) {
      if (asked.length > tries) at.push(Date.now() - begun);
      tries = asked.length;
    }
    const gaps = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
    expect(at.at(-1)).toBeGreaterThan(23 * HOUR_MS);
    expect(at.at(-1)).toBeLessThan(24 * HOUR_MS + 11 * MINUTE_MS);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(6 * HOUR_MS + 10 * MINUTE_MS);
    const [failed] = await deliveries();
    if (!failed) throw new Error("no delivery");
    expect(failed).toMatchObject({ status: "failed", attempts: { length: asked.length } });

    const tries = asked.length;
    answer = () => status(200);
    expect(await retry(failed.id)).toMatchObject({ status: 200, body: { status: "queued" } });
    expect(await retry(failed.id)).toMatchObject({ status: 409 });
    await settle();
    expect(asked).toHaveLength(tries + 1);
    expect(new Set(asked.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([failed.idempotency_key]));
    expect(await deliveries()).toMatchObject([{ status: "sent", attempts: { length: tries + 1 } }]);
    expect(await retry(failed.id)).toMatchObject({ status: 409 });
  });

  test("sent again by hand is tried again for a day anew", async () => {
    answer = () => status(410);
    await settle();
    const [failed] = await deliveries();
    await pass(48 * HOUR_MS);
    answer = () => status(500);
    await retry(failed?.id ?? "");
    await settle();
    answer = () => status(200);
    await pass(2 * MINUTE_MS);
    expect(await deliveries()).toMatchObject([{ status: "sent", attempts: { length: 3 } }]);
  });

  test("sent again by hand after a day of failures is soon tried again", async () => {
    answer = () => status(500);
    await settle();
    for (let hours = 0; hours < 30; hours++) await pass(HOUR_MS);
    const [failed] = await deliveries();
    expect(failed).toMatchObject({ status: "failed" });
    await retry(failed?.id ?? "");
    await settle();
    answer = () => status(200);
    await pass(MINUTE_MS);
    expect(await deliveries()).toMatchObject([{ status: "sent" }]);
  });

  test("goes once for a message that comes twice in a batch, in two at once, and late", async () => {
    const messages = queues.actions.splice(0);
    await consume("schoolbell-actions", [...messages, ...messages]);
    await Promise.all([1, 2, 3].map(() => consume("schoolbell-actions", messages)));
    await pass(HOUR_MS);
    expect(asked).toHaveLength(1);
  });

  test("whose message was doubled is not tried twice before its back-off", async () => {
    const messages = queues.actions.splice(0);
    answer = () => status(500);
    for (let copies = 0; copies < 4; copies++) await consume("schoolbell-actions", messages);
    expect(asked).toHaveLength(1);
    answer = () => status(200);
    await pass(MINUTE_MS);
    expect(asked).toHaveLength(2);
  });

  test("whose message was lost goes by the alarm", async () => {
    queues.actions.length = 0;
    await pass(2 * MINUTE_MS);
    expect(await deliveries()).toMatchObject([{ status: "sent" }]);
    expect(asked).toHaveLength(1);
  });

  test("whose consumer died goes again when its lease has ended, with the same key", async () => {
    const messages = queues.actions.splice(0);
    let reached = () => {};
    const underWay = new Promise<void>((resolve) => {
      reached = resolve;
    });
    answer = () => {
      reached();
      return new Promise(() => {});
    };
    const dead = consume("schoolbell-actions", messages);
    dead.catch(() => {});
    await underWay;
    answer = () => status(200);
    await pass(30 * SECOND_MS);
    expect(asked).toHaveLength(1);
    await pass(2 * MINUTE_MS);
    expect(asked.map(({ headers }) => headers["webhook-id"])).toEqual(
      Array(2).fill((await deliveries())[0]?.idempotency_key),
    );
  });
});

describe("a host's name is looked up before it is called", () => {
  const sendWith = async (zone: Parameters<typeof withDns>[0]): Promise<void> => {
    await automation([{ type: "webhook.send", url: TARGET }]);
    await signIn();
    for (const message of queues.actions.splice(0))
      if (message.kind === "deliver")
        await deliver(withDns(zone).env, message, { claimed() {}, answered() {}, begins() {} });
  };

  test("where it leads into a private network the delivery fails for good, and nothing is sent", async () => {
    await sendWith({ "hooks.acme.com": { A: ["93.184.216.34", "192.168.0.1"] } });
    expect(await deliveries()).toMatchObject([
      { status: "failed", attempts: [{ ok: false, error: expect.stringContaining("private") }] },
    ]);
    await pass(25 * HOUR_MS);
    expect(asked).toEqual([]);
  });

  test("where nobody can be asked it is tried again", async () => {
    await sendWith({ "hooks.acme.com": "unreachable" });
    expect([await deliveries(), asked]).toMatchObject([[{ status: "queued", attempts: [{ ok: false }] }], []]);
  });

  test("where it leads into the open it is sent", async () => {
    await sendWith({ "hooks.acme.com": { A: ["93.184.216.34"] } });
    expect([await deliveries(), asked]).toMatchObject([[{ status: "sent" }], [{ url: TARGET }]]);
  });
});

describe("failed deliveries", () => {
  const fail = async (users: number, tags: number) => {
    answer = () => status(410);
    const id = await automation([
      ...Array.from({ length: tags }, (_, n) => ({ type: "tags.add", tags: [`t${n}`] })),
      { type: "webhook.send", url: TARGET },
    ]);
    const names = Array.from({ length: users }, (_, n) => `u${n}`);
    for (const name of names) await signIn(name);
    await settle();
    await flushLog(school.id, ...names);
    await settle();
    return (await school.ask("GET", `/v1/automations/${id}`)).body;
  };

  test("stop their automation when more than a tenth of its steps failed", async () => {
    expect(await fail(21, 8)).toMatchObject({ active: false });
  });

  test("do not at a tenth", async () => {
    expect(await fail(21, 9)).toMatchObject({ active: true });
  });

  test("do not when they are few", async () => {
    expect(await fail(10, 0)).toMatchObject({ active: true });
  });
});

describe("each way out is called with what its step renders", () => {
  const sent = async (connectors: Record<string, unknown>, step: Record<string, unknown>): Promise<Asked> => {
    const patched = await school.ask("PATCH", "/v1/school", { settings: { connectors } });
    expect(patched.status).toBe(200);
    await automation([step]);
    await school.event("user.signed_in", { id: "anna", email: "anna@acme.com", push_tokens: ["device-1"] });
    await settle();
    expect(await deliveries()).toMatchObject([{ status: "sent", attempts: [{ ok: true, code: 200 }] }]);
    const [only, ...more] = asked;
    if (!only || more.length) throw new Error(`${asked.length} calls`);
    return only;
  };
  const key = async () => (await deliveries())[0]?.idempotency_key;

  test("push, by the school's own service", async () => {
    const { url, headers, body } = await sent(
      { push: { type: "webhook", url: "https://push.acme.com/" } },
      { type: "push.user", title: "Hi {{ user.id }}", body: "New", url: "https://acme.com/news" },
    );
    expect([url, headers["webhook-id"]]).toEqual(["https://push.acme.com/", await key()]);
    expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({
      type: "push.user",
      data: {
        user: { id: "anna", push_tokens: ["device-1"] },
        title: "Hi anna",
        body: "New",
        url: "https://acme.com/news",
      },
    });
  });

  test("mixpanel", async () => {
    answer = () => Response.json({ status: 1 });
    const { url, body } = await sent(
      { mixpanel: { token: "tok" } },
      { type: "mixpanel.event", event: "In {{ user.id }}", properties: { who: "{{ user.email }}", deep: { n: 1 } } },
    );
    expect(url).toMatch(/^https:\/\/api\.mixpanel\.com\/track\?/);
    const [event] = JSON.parse(atob(new URLSearchParams(body).get("data") ?? ""));
    expect(event).toMatchObject({
      event: "In anna",
      properties: { token: "tok", distinct_id: "anna", who: "anna@acme.com", deep: { n: 1 } },
    });
  });

  test("ga4", async () => {
    const { url, body } = await sent(
      { ga4: { measurement_id: "G-ABC123", api_secret: "hush" } },
      { type: "ga4.event", name: "sign_in", params: { who: "{{ user.id }}", value: "{{ 2 }}" } },
    );
    expect(url).toBe("https://www.google-analytics.com/mp/collect?measurement_id=G-ABC123&api_secret=hush");
    expect(JSON.parse(body)).toMatchObject({
      user_id: "anna",
      events: [{ name: "sign_in", params: { who: "anna" } }],
    });
  });

  test("meta", async () => {
    const { url, body } = await sent(
      { meta: { pixel_id: "42", access_token: "hush" } },
      { type: "meta.event", name: "Lead", custom_data: { plan: "{{ user.id }}" } },
    );
    expect(url).toMatch(/^https:\/\/graph\.facebook\.com\/v\d+\.\d+\/42\/events$/);
    expect(JSON.parse(body)).toMatchObject({
      access_token: "hush",
      data: [{ event_name: "Lead", event_id: await key(), custom_data: { plan: "anna" } }],
    });
    expect(body).not.toContain("anna@acme.com");
  });

  test("a change for the LMS, by webhook", async () => {
    const { url, headers, body } = await sent(
      { lms: { type: "webhook", url: "https://lms.acme.com/hook" } },
      { type: "tags.add", tags: ["vip"] },
    );
    expect(url).toBe("https://lms.acme.com/hook");
    expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({
      type: "change.tag.added",
      user: "anna",
      data: { tag: "vip" },
      cause: { type: "run" },
    });
  });

  test("a change for the LMS says what was meant by $trigger", async () => {
    const test = await makeSchool("test", {
      connectors: { lms: { type: "webhook", url: "https://lms.acme.com/hook" } },
    });
    await test.automation({
      synchronous: true,
      when: [{ type: "course.enrolled" }],
      then: [{ type: "course.complete", courses: ["$trigger", "css-1"] }],
    });
    await test.event("course.enrolled", "anna", { course: "js-101" });
    await flushLog(test.id, "anna");
    const { data } = (await call("GET", "/v1/deliveries?channel=lms", undefined, test.key)).body;
    expect(data).toMatchObject(
      ["js-101", "css-1"].map((course) => ({
        status: "captured",
        to: ["anna"],
        content: { type: "course.completed", data: { course }, user: "anna" },
      })),
    );
  });

  const GTM = { type: "gtm.event", name: "sign_in", data: { who: "{{ user.id }}" } };

  test("gtm, to the school's server container", async () => {
    const { url, body } = await sent({ gtm: { server_url: "https://gtm.acme.com/collect" } }, GTM);
    expect(url).toBe("https://gtm.acme.com/collect");
    expect(JSON.parse(body)).toMatchObject({
      event_name: "sign_in",
      event_id: await key(),
      user_id: "anna",
      data: { who: "anna" },
    });
  });

  test("gtm without one waits for the learner's page, which takes it once", async () => {
    await automation([GTM]);
    await signIn();
    await settle();
    await pass(25 * HOUR_MS);
    expect([asked, await deliveries()]).toMatchObject([[], [{ status: "queued" }]]);
    const { secret } = (await school.ask("POST", "/v1/signing-secret")).body;
    const claims = { sub: "anna", school: school.id, aud: "schoolbell", exp: Math.floor(Date.now() / 1_000) + 3_600 };
    const token = await sign(claims, secret, "HS256");
    const take = async () => (await call("GET", "/v1/me/data-layer", undefined, token)).body;
    expect(await take()).toEqual({ data: [{ name: "sign_in", data: { who: "anna" } }] });
    expect(await take()).toEqual({ data: [] });
    expect(await deliveries()).toMatchObject([{ status: "sent" }]);
  });

  test("with no connector set up is kept, and not sent", async () => {
    await automation([{ type: "mixpanel.event", event: "In", properties: {} }]);
    await signIn();
    await settle();
    expect(await deliveries()).toMatchObject([{ status: "not_sent", attempts: [] }]);
  });
});
