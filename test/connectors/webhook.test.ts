import { Webhook } from "standardwebhooks";
import { Webhook as Svix } from "svix";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyWebhook, WebhookError } from "../../client/src/server/webhook";
import { derivedWebhookSecret, type Parcel } from "../../src/connectors";
import { parcelOf, type Received, type Sink, startSink, startWorld, type World } from "./harness";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw";
const OLD_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const TARGET = "https://hooks.acme.com";

let world: World;
let sink: Sink;
let elsewhere: Sink;

beforeAll(async () => {
  [world, sink, elsewhere] = await Promise.all([startWorld(), startSink(), startSink()]);
});
afterAll(() => Promise.all([world.close(), sink.close(), elsewhere.close()]));
beforeEach(() => {
  sink.answer(200);
  elsewhere.answer(200);
});

const parcel = (content: object = {}, more: Partial<Parcel> = {}) => {
  const base = parcelOf({
    channel: "webhook",
    content: { url: `${TARGET}/in?a=1`, body: { hi: "Олена" }, ...content },
  });
  return { ...base, school: { ...base.school, webhookSecrets: [SECRET] }, ...more };
};

const attempt = (given = parcel(), more: { timeoutMs?: number; resolve?: Record<string, string[]> } = {}) =>
  world.send({ name: "webhook", parcel: given, routes: { [TARGET]: sink.base }, ...more });

const only = (): Received => {
  expect(sink.received).toHaveLength(1);
  return sink.received[0] ?? { method: "", path: "", headers: {}, body: "" };
};

describe("a webhook", () => {
  test("is verified by the libraries of those who get it", async () => {
    expect(await attempt()).toEqual({ ok: true, code: 200 });
    const { method, path, headers, body } = only();
    expect([method, path, headers["content-type"]]).toEqual(["POST", "/in?a=1", "application/json"]);
    expect(headers["webhook-id"]).toBe("run_01-s1");
    expect(new Webhook(SECRET).verify(body, headers)).toEqual({ hi: "Олена" });
    expect(() => new Svix(SECRET).verify(body, headers)).not.toThrow();
    expect(() => new Webhook(OLD_SECRET).verify(body, headers)).toThrow();
    expect(() => new Webhook(SECRET).verify(body.replace("hi", "ho"), headers)).toThrow();
    expect(() => new Webhook(SECRET).verify(body, { ...headers, "webhook-id": "run_01-s2" })).toThrow();
  });

  test("is taken by our own client just where the libraries take it", async () => {
    await attempt();
    const { headers, body } = only();
    const late = { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) - 301) };
    const none = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "webhook-signature"));
    const calls: [body: string, headers: Record<string, string>, secret: string, isGood: boolean][] = [
      [body, headers, SECRET, true],
      [`${body} `, headers, SECRET, false],
      [body.replace("hi", "ho"), headers, SECRET, false],
      [body, { ...headers, "webhook-id": "run_01-s2" }, SECRET, false],
      [body, late, SECRET, false],
      [body, none, SECRET, false],
      [body, headers, OLD_SECRET, false],
    ];
    const takes = (verify: () => unknown): boolean => {
      try {
        verify();
        return true;
      } catch {
        return false;
      }
    };
    for (const [text, given, secret, isGood] of calls) {
      expect(takes(() => verifyWebhook(text, given, secret))).toBe(isGood);
      expect(takes(() => new Webhook(secret).verify(text, given))).toBe(isGood);
      expect(takes(() => new Svix(secret).verify(text, given))).toBe(isGood);
    }
    // While one secret follows another both are good; headers and bodies come in several forms.
    expect(verifyWebhook(new TextEncoder().encode(body), new Headers(headers), [OLD_SECRET, SECRET])).toEqual({
      hi: "Олена",
    });
    expect(() => verifyWebhook(body, headers, [])).toThrow(WebhookError);
  });

  test("has the signature of the published vector", async () => {
    const key = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const body = { type: "lesson.completed", data: { user: "u1", name: "Олена" } };
    const given = parcel({ body }, { key });
    await world.send({ name: "webhook", parcel: given, routes: { [TARGET]: sink.base }, now: 1_614_265_330_000 });
    expect(only().headers["webhook-signature"]).toBe("v1,RXQECiRgsYT0xxHyz/x9X4wGD4Nixr71f8/cUNHBMmA=");
  });

  test("is signed with both secrets while they change over", async () => {
    const base = parcel();
    await attempt({ ...base, school: { ...base.school, webhookSecrets: [SECRET, OLD_SECRET] } });
    for (const secret of [SECRET, OLD_SECRET]) new Webhook(secret).verify(only().body, only().headers);
  });

  test("is signed with a secret of the school's where none was kept for it", async () => {
    const key = btoa("0123456789abcdef0123456789abcdef");
    const base = parcel();
    const acme = { id: "acme", epoch: 1 };
    const secret = await derivedWebhookSecret(key, acme);
    expect(secret).toBe(await derivedWebhookSecret(key, acme));
    expect(secret).not.toBe(await derivedWebhookSecret(key, { id: "other", epoch: 1 }));
    expect(secret, "of one made anew under its id").not.toBe(await derivedWebhookSecret(key, { ...acme, epoch: 2 }));
    await attempt({ ...base, school: { ...base.school, webhookSecrets: [secret] } });
    new Webhook(secret).verify(only().body, only().headers);
  });

  test("carries method and headers of the step, and any JSON", async () => {
    for (const body of [[1, 2], "text", 5, null, true]) {
      sink.answer(204);
      await attempt(parcel({ method: "PUT", headers: { "X-Plan": "gold", Authorization: "Bearer x" }, body }));
      const got = only();
      expect(got.method).toBe("PUT");
      expect(got.headers).toMatchObject({ "x-plan": "gold", authorization: "Bearer x" });
      expect(JSON.parse(got.body)).toEqual(body);
    }
  });

  test("names the trace that it belongs to, whatever headers the step has", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    await attempt({ ...parcel({ headers: { Traceparent: "none" } }), trace });
    expect(only().headers.traceparent).toContain(trace);
  });

  test("is sent with the same id and body on every attempt, at the time of that attempt", async () => {
    const send = (now: number) =>
      world.send({ name: "webhook", parcel: parcel(), routes: { [TARGET]: sink.base }, now });
    await send(1_800_000_000_000);
    await send(1_800_000_600_000);
    const [one, two] = sink.received;
    expect(one?.headers["webhook-id"]).toBe(two?.headers["webhook-id"]);
    expect(one?.body).toBe(two?.body);
    expect([one, two].map((r) => r?.headers["webhook-timestamp"])).toEqual(["1800000000", "1800000600"]);
  });

  test.each([
    [{ url: "https://127.0.0.1/" }, "IP address"],
    [{ url: "https://localhost/" }, "private or local"],
    [{ url: "http://hooks.acme.com/" }, "https"],
    [{ url: "https://schoolbell.acme.com/v1/events" }, "ours"],
    [{ headers: { Host: "x.com" } }, "header Host"],
    [{ headers: { "webhook-signature": "v1,x" } }, "header webhook-signature"],
    [{ headers: { "X-A": "b\r\nC: d" } }, "header X-A"],
    [{ headers: { "X A": "b" } }, "header X A"],
  ])("with %j is not sent at all", async (content, error) => {
    expect(await attempt(parcel(content))).toMatchObject({
      ok: false,
      retry: false,
      error: expect.stringContaining(error),
    });
    expect(sink.received).toEqual([]);
  });

  test("is not sent when its host has a private address among its addresses", async () => {
    const resolved = (addresses: string[]) => attempt(parcel(), { resolve: { "hooks.acme.com": addresses } });
    for (const bad of [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["64:ff9b::7f00:1"], ["::ffff:10.0.0.1"]])
      expect(await resolved(bad)).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("private") });
    expect(sink.received).toEqual([]);
    expect(await resolved(["93.184.216.34", "2606:2800:220:1::1"])).toMatchObject({ ok: true });
  });

  test("waits for a host that has no address now, and for a resolver that nobody reaches", async () => {
    for (const resolve of [{ "hooks.acme.com": [] }, {}])
      expect(await attempt(parcel(), { resolve })).toMatchObject({ ok: false, retry: true });
    expect(sink.received).toEqual([]);
  });

  test("with a key that could steer the signature is not sent", async () => {
    for (const key of ["", "a.b", "a b", "a\r\nb", "ж"])
      expect(await attempt(parcel({}, { key }))).toMatchObject({ ok: false, retry: false });
    expect(sink.received).toEqual([]);
  });
});

describe("the answer to a webhook", () => {
  test.each([200, 201, 202, 204])("%i: sent", async (status) => {
    sink.answer(status);
    expect(await attempt()).toMatchObject({ ok: true, code: status });
  });

  test.each([400, 401, 404, 409, 422, 429, 500, 502, 503])("%i: tried again, for receivers deploy", async (status) => {
    sink.answer(status);
    expect(await attempt()).toMatchObject({ ok: false, code: status, retry: true });
  });

  test("410: never again", async () => {
    sink.answer(410);
    expect(await attempt()).toMatchObject({ ok: false, code: 410, retry: false });
  });

  test.each([301, 302, 307, 308])("%i: a failure, and the second host is not called", async (status) => {
    sink.answer((_, response) => response.writeHead(status, { location: `${elsewhere.base}/meta-data` }).end());
    expect(await attempt()).toMatchObject({ ok: false, code: status, error: expect.stringContaining("redirect") });
    expect(elsewhere.received).toEqual([]);
  });

  test("Retry-After in seconds or as a date is handed on, within a day", async () => {
    const now = Date.UTC(2026, 0, 2);
    const asked = async (value: string) => {
      sink.answer((_, response) => response.writeHead(429, { "retry-after": value }).end());
      const sending = await world.send({ name: "webhook", parcel: parcel(), routes: { [TARGET]: sink.base }, now });
      return sending.retryAfterMs;
    };
    expect(await asked("120")).toBe(120_000);
    expect(await asked("Fri, 02 Jan 2026 00:05:00 GMT")).toBe(300_000);
    expect(await asked("Thu, 01 Jan 2026 00:05:00 GMT")).toBe(0);
    expect(await asked("99999999")).toBe(86_400_000);
    expect(await asked("soon")).toBeUndefined();
  });

  test("that never comes, or never ends, is given up in time", async () => {
    const timely = { ok: false, retry: true, error: "no whole answer within 300 ms" };
    sink.answer(() => {});
    expect(await attempt(parcel(), { timeoutMs: 300 })).toEqual(timely);
    sink.answer((_, response) => response.writeHead(200).write("half"));
    expect(await attempt(parcel(), { timeoutMs: 300 })).toEqual(timely);
  });

  test("is read to 64 KB and kept to 1 KB on one line, however long it is", async () => {
    let written = 0;
    sink.answer((_, response) => {
      const chunk = Buffer.alloc(64 * 1024, "a\n");
      const more = () => {
        while (!response.destroyed && written < 1e9) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", more);
        }
      };
      response.on("error", () => {});
      more();
    });
    const sending = await attempt();
    expect(sending).toMatchObject({ ok: true, code: 200 });
    expect(String(sending.detail).length).toBeLessThanOrEqual(1_024);
    expect(sending.detail).not.toContain("\n");
    // What was on the way in buffers, not the gigabyte.
    expect(written).toBeLessThan(5e7);
  });

  test("that breaks off, or a port where nobody listens, is a failure", async () => {
    sink.answer((request) => request.socket.destroy());
    expect(await attempt()).toMatchObject({ ok: false, retry: true, error: expect.stringContaining("not reached") });
    const nobody = await startSink();
    await nobody.close();
    const sending = await world.send({ name: "webhook", parcel: parcel(), routes: { [TARGET]: nobody.base } });
    expect(sending).toMatchObject({ ok: false, retry: true });
  });
});

describe("push and LMS by webhook", () => {
  const school = { ...parcelOf({ channel: "push", content: {} }).school, webhookSecrets: [SECRET] };

  test("push.user", async () => {
    const given = parcelOf({
      channel: "push",
      content: { title: "Hi", body: "There", url: "https://acme.com/x" },
      school,
    });
    const settings = { url: `${TARGET}/push` };
    const user = { ...given.user, pushTokens: ["t1"] };
    expect(
      await world.send({ name: "webhook", parcel: { ...given, user }, settings, routes: { [TARGET]: sink.base } }),
    ).toEqual({
      ok: true,
      code: 200,
    });
    expect(new Webhook(SECRET).verify(only().body, only().headers)).toEqual({
      type: "push.user",
      timestamp: "2026-01-02T03:04:05.678Z",
      data: { user: { id: "anna", push_tokens: ["t1"] }, title: "Hi", body: "There", url: "https://acme.com/x" },
    });
  });

  test("change.<type>", async () => {
    const content = {
      type: "tag.added",
      data: { tag: "vip" },
      id: "chg_1",
      user: "anna",
      seq: 7,
      at: "2026-01-02T03:04:05.678Z",
      cause: { type: "run", id: "run_1" },
    };
    const settings = { url: `${TARGET}/lms` };
    const given = parcelOf({ channel: "lms", content, school });
    await world.send({ name: "webhook", parcel: given, settings, routes: { [TARGET]: sink.base } });
    expect(new Webhook(SECRET).verify(only().body, only().headers)).toEqual({
      ...content,
      type: "change.tag.added",
      timestamp: "2026-01-02T03:04:05.678Z",
    });
  });
});
