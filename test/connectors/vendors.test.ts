import { createHash, createVerify, generateKeyPairSync } from "node:crypto";
import Mixpanel from "mixpanel";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Parcel } from "../../src/connectors";
import { parcelOf, type Received, type Sink, startSink, startWorld, type World } from "./harness";

let world: World;
let sink: Sink;

beforeAll(async () => {
  [world, sink] = await Promise.all([startWorld(), startSink()]);
});
afterAll(() => Promise.all([world.close(), sink.close()]));
beforeEach(() => sink.answer(200));

const only = (): Received => {
  expect(sink.received).toHaveLength(1);
  return sink.received[0] ?? { method: "", path: "", headers: {}, body: "" };
};
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const answerJson = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  sink.answer((_, response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body)),
  );

describe("mixpanel", () => {
  const parcel = parcelOf({
    channel: "mixpanel",
    content: { event: "Lesson Completed", properties: { course: "c1", name: "Олена" } },
  });
  const send = (given: Parcel = parcel) =>
    world.send({
      name: "mixpanel",
      parcel: given,
      settings: { token: "mp_token" },
      routes: { "https://api.mixpanel.com": sink.base },
    });
  const decoded = (body: string) =>
    JSON.parse(Buffer.from(new URLSearchParams(body).get("data") ?? "", "base64").toString());

  test("gets the very request its own client sends", async () => {
    answerJson(200, { status: 1, error: null });
    expect(await send()).toEqual({ ok: true, code: 200 });
    const ours = only();

    sink.answer((_, response) => response.end("1"));
    const client = Mixpanel.init("mp_token", { host: sink.base.replace("http://", ""), protocol: "http" });
    const properties = { course: "c1", name: "Олена", distinct_id: "anna", time: parcel.at, $insert_id: "x" };
    await new Promise((done) => client.track_batch([{ event: "Lesson Completed", properties }], done));
    const theirs = only();

    expect([ours.method, new URL(ours.path, sink.base).pathname]).toEqual([theirs.method, "/track"]);
    expect(ours.headers["content-type"]).toBe(theirs.headers["content-type"]);
    const [event] = decoded(ours.body);
    expect([{ ...event, properties: { ...event.properties, $insert_id: "x" } }]).toEqual(decoded(theirs.body));
  });

  test("knows a second attempt by an id it can hold", async () => {
    answerJson(200, { status: 1, error: null });
    await send();
    await send();
    await send({ ...parcel, key: "run_01-s2" });
    const ids = sink.received.map((request) => decoded(request.body)[0].properties.$insert_id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9-]{1,36}$/);
  });

  test("is believed only when it says yes", async () => {
    answerJson(200, { status: 0, error: "token, missing or empty" });
    expect(await send()).toEqual({ ok: false, code: 200, error: "refused: token, missing or empty", retry: false });
    sink.answer((_, response) => response.end("0"));
    expect(await send()).toMatchObject({ ok: false, retry: false });
    answerJson(400, { error: "bad" });
    expect(await send()).toMatchObject({ ok: false, code: 400, retry: false });
    answerJson(429, {}, { "retry-after": "7" });
    expect(await send()).toMatchObject({ ok: false, code: 429, retry: true, retryAfterMs: 7_000 });
  });
});

describe("ga4", () => {
  const parcel = parcelOf({
    channel: "ga4",
    content: { name: "lesson_completed", params: { course: "c1", value: "19.99" } },
  });
  const send = (given: Parcel = parcel, timeoutMs = 5_000) =>
    world.send({
      name: "ga4",
      parcel: given,
      settings: { measurement_id: "G-TEST000001", api_secret: "s3cret" },
      routes: { "https://www.google-analytics.com": sink.base },
      timeoutMs,
    });

  test("gets a Measurement Protocol request", async () => {
    sink.answer(204);
    expect(await send()).toEqual({ ok: true, code: 204 });
    const { method, path, headers, body } = only();
    expect([method, path]).toEqual(["POST", "/mp/collect?measurement_id=G-TEST000001&api_secret=s3cret"]);
    expect(headers["content-type"]).toBe("application/json");
    expect(JSON.parse(body)).toEqual({
      client_id: expect.stringMatching(/^\d+\.\d+$/),
      user_id: "anna",
      timestamp_micros: 1767323045678000,
      events: [
        {
          name: "lesson_completed",
          params: { session_id: "1767323045", engagement_time_msec: 100, course: "c1", value: 19.99 },
        },
      ],
    });
  });

  test("sees one client a user and school, and no address for an id", async () => {
    await send();
    await send({ ...parcel, key: "run_02-s1" });
    await send({ ...parcel, user: { ...parcel.user, id: "ben" } });
    await send({ ...parcel, school: { ...parcel.school, id: "other" } });
    await send({ ...parcel, user: { ...parcel.user, id: "lead:a@b.co" } });
    const bodies = sink.received.map((request) => JSON.parse(request.body));
    const ids = bodies.map((body) => body.client_id);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);
    expect(bodies[4]).not.toHaveProperty("user_id");
    expect(JSON.stringify(bodies[4])).not.toContain("a@b.co");
  });

  test("is not asked twice when it may have counted once, but for purchases, which it knows again", async () => {
    sink.answer(() => {});
    expect(await send(parcel, 200)).toMatchObject({
      ok: false,
      retry: false,
      error: expect.stringContaining("may have been counted"),
    });
    const purchase = { ...parcel, content: { name: "purchase", params: { currency: "EUR" } } };
    expect(await send(purchase, 200)).toMatchObject({ ok: false, retry: true });
    expect(JSON.parse(sink.received[1]?.body ?? "").events[0].params.transaction_id).toBe("run_01-s1");
    sink.answer(503);
    expect(await send()).toMatchObject({ ok: false, retry: true });
  });
});

describe("gtm", () => {
  const parcel = parcelOf({ channel: "gtm", content: { name: "signed_up", data: { plan: "gold" } } });

  test("gets our JSON at the school's container", async () => {
    const settings = { server_url: "https://gtm.acme.com/schoolbell" };
    expect(await world.send({ name: "gtm", parcel, settings, routes: { "https://gtm.acme.com": sink.base } })).toEqual({
      ok: true,
      code: 200,
    });
    expect(only().path).toBe("/schoolbell");
    expect(JSON.parse(only().body)).toEqual({
      event_name: "signed_up",
      event_id: "run_01-s1",
      event_time: 1767323045,
      user_id: "anna",
      data: { plan: "gold" },
    });
  });

  test("without a container nothing is sent", async () => {
    expect(await world.send({ name: "gtm", parcel })).toMatchObject({ ok: false, retry: false });
  });
});

describe("meta", () => {
  const parcel = parcelOf({
    channel: "meta",
    content: { name: "Purchase", custom_data: { value: "19.99", currency: "EUR" } },
  });
  const send = (given: Parcel = parcel) =>
    world.send({
      name: "meta",
      parcel: given,
      settings: { pixel_id: "1234567890", access_token: "EAAtoken" },
      routes: { "https://graph.facebook.com": sink.base },
    });

  test("gets one hashed event, its token nowhere in the URL", async () => {
    answerJson(200, { events_received: 1 });
    const user = { id: "Anna-1", email: " Anna@Example.com ", pushTokens: [] };
    expect(await send({ ...parcel, user })).toEqual({ ok: true, code: 200 });
    expect(only().path).toBe("/v24.0/1234567890/events");
    expect(JSON.parse(only().body)).toEqual({
      data: [
        {
          event_name: "Purchase",
          event_time: 1767323045,
          event_id: "run_01-s1",
          action_source: "system_generated",
          user_data: { em: [sha256("anna@example.com")], external_id: [sha256("anna-1")] },
          custom_data: { value: 19.99, currency: "EUR" },
        },
      ],
      access_token: "EAAtoken",
    });
    expect(only().body.toLowerCase()).not.toContain("anna");
  });

  test("hashes as Meta's own SDK does", async () => {
    await send({ ...parcel, user: { id: "u1", email: "A@example.com ", pushTokens: [] } });
    const [em] = JSON.parse(only().body).data[0].user_data.em;
    expect(em).toBe("08168cd80dfd534ab0f10af10f1303fe00af2d43ab5c1432360d137f8197e17a");
  });

  test("gets no e-mail of someone who has none", async () => {
    await send({ ...parcel, user: { id: "anna", email: null, pushTokens: [] } });
    expect(JSON.parse(only().body).data[0].user_data).toEqual({ external_id: [sha256("anna")] });
  });

  test("a 400 is final, a 500 is not", async () => {
    answerJson(400, { error: { message: "Invalid parameter", code: 100 } });
    expect(await send()).toMatchObject({
      ok: false,
      code: 400,
      retry: false,
      error: expect.stringContaining("Invalid parameter"),
    });
    sink.answer(500);
    expect(await send()).toMatchObject({ ok: false, code: 500, retry: true });
  });
});

describe("fcm", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let accounts = 0;
  const account = () => ({
    type: "service_account",
    project_id: "acme-app",
    // Tokens are cached by account: each test has its own.
    client_email: `push-${++accounts}@acme-app.iam.gserviceaccount.com`,
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    token_uri: "https://evil.com/token",
  });
  const base = parcelOf({ channel: "push", content: { title: "Hi", body: "There", url: "https://acme.com/x" } });
  const parcel = (pushTokens: string[]) => ({ ...base, user: { ...base.user, pushTokens } });
  const send = (file: object, given: Parcel, now?: number) =>
    world.send({
      name: "fcm",
      parcel: given,
      settings: { service_account: JSON.stringify(file) },
      routes: { "https://oauth2.googleapis.com": sink.base, "https://fcm.googleapis.com": sink.base },
      ...(now === undefined ? {} : { now }),
    });
  /** Google's two servers in one: tokens, and a status for each device. */
  const google = (devices: Record<string, [number, unknown]> = {}) =>
    sink.answer((request, response) => {
      const reply = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
      if (request.url === "/token") return reply(200, { access_token: "ya29.token", expires_in: 3599 });
      const device = JSON.parse(sink.received.at(-1)?.body ?? "{}").message?.token;
      const [status, body] = devices[device] ?? [200, { name: `projects/acme-app/messages/${device}` }];
      return reply(status, body);
    });
  const gone: [number, unknown] = [
    404,
    { error: { code: 404, status: "NOT_FOUND", details: [{ errorCode: "UNREGISTERED" }] } },
  ];
  const sentTo = () =>
    sink.received.filter((request) => request.path !== "/token").map((r) => JSON.parse(r.body).message.token);

  test("signs in with a JWT the account's key verifies, and sends to each device", async () => {
    google();
    const file = account();
    expect(await send(file, parcel(["d1", "d2"]))).toEqual({ ok: true, code: 200, detail: "2 of 2 devices" });

    const form = new URLSearchParams(sink.received[0]?.body);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [head = "", claims = "", signature = ""] = (form.get("assertion") ?? "").split(".");
    expect(createVerify("RSA-SHA256").update(`${head}.${claims}`).verify(publicKey, signature, "base64url")).toBe(true);
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({ alg: "RS256", typ: "JWT" });
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      iss: file.client_email,
      aud: "https://oauth2.googleapis.com/token",
      scope: "https://www.googleapis.com/auth/firebase.messaging",
    });

    expect(sentTo().toSorted()).toEqual(["d1", "d2"]);
    const message = sink.received[1];
    expect(message?.path).toBe("/v1/projects/acme-app/messages:send");
    expect(message?.headers.authorization).toBe("Bearer ya29.token");
    expect(JSON.parse(message?.body ?? "").message).toMatchObject({
      notification: { title: "Hi", body: "There" },
      data: { url: "https://acme.com/x", delivery: "run_01-s1" },
    });
  });

  test("keeps its token for its life, for the same account alone", async () => {
    google();
    const file = account();
    const now = Date.now();
    const signIns = () => sink.received.filter((request) => request.path === "/token").length;
    await send(file, parcel(["d1"]), now);
    await send(file, parcel(["d1"]), now + 3_000_000);
    expect(signIns()).toBe(1);
    await send(file, parcel(["d1"]), now + 3_600_000);
    expect(signIns()).toBe(2);
    await send({ ...file, project_id: "other-app" }, parcel(["d1"]), now);
    expect(signIns()).toBe(3);
  });

  test("one device reached is enough; those that left are named", async () => {
    google({ d2: gone, d3: [503, {}] });
    expect(await send(account(), parcel(["d1", "d2", "d3"]))).toEqual({
      ok: true,
      code: 200,
      detail: "1 of 3 devices",
      gone: ["d2"],
    });
  });

  test("is final when every device left, and tried again when one may be reached later", async () => {
    google({ d1: gone });
    expect(await send(account(), parcel(["d1"]))).toMatchObject({ ok: false, code: 404, retry: false, gone: ["d1"] });
    google({ d1: gone, d2: [503, {}] });
    expect(await send(account(), parcel(["d1", "d2"]))).toMatchObject({
      ok: false,
      code: 503,
      retry: true,
      gone: ["d1"],
    });
    google({ d1: [400, { error: { status: "INVALID_ARGUMENT" } }] });
    expect(await send(account(), parcel(["d1"]))).toMatchObject({ ok: false, code: 400, retry: false });
    expect(await send(account(), parcel([]))).toMatchObject({
      ok: false,
      retry: false,
      error: "the user has no device",
    });
  });

  test("a token that is refused is left, and a sign-in that fails is told", async () => {
    const file = account();
    google({ d1: [401, {}] });
    expect(await send(file, parcel(["d1"]))).toMatchObject({ ok: false, code: 401, retry: true });
    google();
    expect(await send(file, parcel(["d1"]))).toMatchObject({ ok: true });
    expect(sink.received[0]?.path).toBe("/token");
    answerJson(400, { error: "invalid_grant" });
    expect(await send(account(), parcel(["d1"]))).toMatchObject({
      ok: false,
      retry: false,
      error: expect.stringContaining("sign-in"),
    });
    const broken = { ...account(), private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" };
    expect(await send(broken, parcel(["d1"]))).toMatchObject({
      ok: false,
      retry: false,
      error: expect.stringContaining("private key"),
    });
  });
});

describe("mailers", () => {
  const content = {
    subject: "Привіт, Anna",
    html: "<b>Hi</b>",
    text: "Hi",
    kind: "marketing",
    reply_to: "help@acme.com",
  };
  const parcel = parcelOf({
    channel: "email",
    to: ["anna@example.com"],
    content,
    unsubscribeUrl: "https://bell.acme.com/unsubscribe?t=abc.def",
  });
  const unsubscribe = {
    "List-Unsubscribe": "<https://bell.acme.com/unsubscribe?t=abc.def>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };

  const resend = (given: Parcel = parcel) =>
    world.send({
      name: "resend",
      parcel: given,
      settings: { api_key: "re_key", from: "hi@acme.com" },
      routes: { "https://api.resend.com": sink.base },
    });

  test("resend", async () => {
    answerJson(200, { id: "49a3999c" });
    expect(await resend()).toEqual({ ok: true, code: 200 });
    expect([only().method, only().path]).toEqual(["POST", "/emails"]);
    expect(only().headers).toMatchObject({ authorization: "Bearer re_key", "idempotency-key": "run_01-s1" });
    expect(JSON.parse(only().body)).toEqual({
      from: '"Acme Академія" <hi@acme.com>',
      to: ["anna@example.com"],
      subject: "Привіт, Anna",
      html: "<b>Hi</b>",
      text: "Hi",
      reply_to: "help@acme.com",
      headers: { "Message-ID": "<run_01-s1@acme.com>", ...unsubscribe },
      tags: [{ name: "delivery", value: "run_01-s1" }],
    });
  });

  test("resend, while an earlier attempt is under way", async () => {
    answerJson(409, { name: "concurrent_idempotent_requests" });
    expect(await resend()).toMatchObject({ ok: false, code: 409, retry: true });
    answerJson(409, { name: "invalid_idempotent_request" });
    expect(await resend()).toMatchObject({ ok: false, code: 409, retry: false });
    answerJson(422, { name: "validation_error", message: "The `from` domain is not verified" });
    expect(await resend()).toMatchObject({
      ok: false,
      code: 422,
      retry: false,
      error: expect.stringContaining("not verified"),
    });
  });

  test("postmark", async () => {
    const send = (given: Parcel) =>
      world.send({
        name: "postmark",
        parcel: given,
        settings: { server_token: "pm", from: "hi@acme.com" },
        routes: { "https://api.postmarkapp.com": sink.base },
      });
    answerJson(200, { ErrorCode: 0, Message: "OK" });
    expect(await send(parcel)).toEqual({ ok: true, code: 200 });
    expect([only().path, only().headers["x-postmark-server-token"]]).toEqual(["/email", "pm"]);
    expect(JSON.parse(only().body)).toEqual({
      From: '"Acme Академія" <hi@acme.com>',
      To: "anna@example.com",
      Subject: "Привіт, Anna",
      HtmlBody: "<b>Hi</b>",
      TextBody: "Hi",
      ReplyTo: "help@acme.com",
      Headers: Object.entries({ "Message-ID": "<run_01-s1@acme.com>", "X-PM-KeepID": "true", ...unsubscribe }).map(
        ([Name, Value]) => ({ Name, Value }),
      ),
      MessageStream: "broadcast",
      Metadata: { delivery: "run_01-s1" },
    });
    answerJson(422, { ErrorCode: 406, Message: "You tried to send to a recipient that has been marked as inactive." });
    const plain = { ...parcel, content: { ...content, kind: "transactional" }, unsubscribeUrl: null };
    expect(await send(plain)).toMatchObject({ ok: false, code: 422, retry: false });
    expect(JSON.parse(only().body).MessageStream).toBe("outbound");
    expect(only().body).not.toContain("List-Unsubscribe");
  });

  test("cloudflare", async () => {
    const settings = { from: "hi@acme.com" };
    expect(await world.send({ name: "cloudflare", parcel, settings })).toEqual({
      ok: true,
      detail: expect.any(String),
    });
  });

  test("capture", async () => {
    expect(await world.send({ name: "capture", parcel })).toEqual({ ok: true, captured: true });
  });

  test.each([
    [{ subject: "Hi\r\nBcc: x@y.z" }, "subject"],
    [{ subject: "x".repeat(10_000) }, "subject"],
    [{ subject: " \u00a0 " }, "subject"],
    [{ from_name: "A\nB" }, "from_name"],
    [{ reply_to: "a@b.co, c@d.co" }, "reply_to"],
    [{ reply_to: "x@y.z\r\nBcc: a@b.co" }, "reply_to"],
  ])("send nothing with %j", async (change, what) => {
    for (const send of [resend, (given: Parcel) => world.send({ name: "capture", parcel: given })])
      expect(await send({ ...parcel, content: { ...content, ...change } })).toMatchObject({
        ok: false,
        retry: false,
        error: expect.stringContaining(what),
      });
    expect(sink.received).toEqual([]);
  });

  test.each([
    [[]],
    [["a@b.co", "c@d.co"]],
    [["a@b.co, c@d.co"]],
    [["a@b.co\r\nBcc: c@d.co"]],
    [["Anna <a@b.co>"]],
    [["anna"]],
  ])("send nothing to %j", async (to) => {
    expect(await resend({ ...parcel, to })).toMatchObject({
      ok: false,
      retry: false,
      error: expect.stringContaining("to"),
    });
    expect(sink.received).toEqual([]);
  });

  test("quote a name that holds syntax", async () => {
    await resend({ ...parcel, content: { ...content, from_name: 'Evil" <x@y.z>, \\' } });
    expect(JSON.parse(only().body).from).toBe('"Evil\\" <x@y.z>, \\\\" <hi@acme.com>');
  });
});
