import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import rudder from "../../test/fixtures/inbound/rudder-sdk-node.json";
import captured from "../../test/fixtures/inbound/segment-analytics-node.json";
import retried from "../../test/fixtures/inbound/segment-analytics-node-retry.json";
import { call, flushLog, makeSchool, setNow, type TestSchool } from "../../test/workers/live";
import { Problem } from "../base/errors/errors";
import { listUnmapped } from "../db/unmapped";
import { type Answered, env } from "../http/test-client";
import { mapSegment } from "./segment";

let school: TestSchool;
beforeAll(async () => {
  school = await makeSchool();
});

const send = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  { key } = school,
): Promise<Answered> => call(method, path, body, undefined, { authorization: `Basic ${btoa(`${key}:`)}`, ...headers });
const batch = (messages: unknown[], of = school) =>
  send("POST", "/v1/batch", { batch: messages, sentAt: new Date().toISOString() }, {}, of);
const userOf = async (id: string, of = school) => (await send("GET", `/v1/users/${id}`, undefined, {}, of)).body;
const shown = async (of = school) =>
  (await send("GET", "/v1/unmapped?limit=100", undefined, {}, of)).body.data as { name: string; count: number }[];

const AT = "2026-01-02T03:04:05.678Z";
const SENT = { receivedAt: Date.parse(AT) };
const message = (type: string, more: Record<string, unknown> = {}) => ({
  type,
  messageId: crypto.randomUUID(),
  userId: "anna",
  timestamp: AT,
  ...more,
});
const track = (event: string, properties: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  message("track", { event, properties, ...more });
const eventsOf = async (given: unknown) => {
  const mapped = await mapSegment(given, SENT);
  return "events" in mapped ? mapped.events.map(({ type, data }) => ({ type, data })) : mapped.unmapped;
};

describe("a track", () => {
  test.each<[string, Record<string, unknown>, string, Record<string, unknown>]>([
    ["course.completed", { course: "c1" }, "course.completed", { course: "c1" }],
    ["Signed Up", { plan: "pro" }, "user.signed_up", { plan: "pro" }],
    ["signed_in", {}, "user.signed_in", {}],
    ["Application Opened", {}, "school.visited", { channel: "app" }],
    ["Course Enrolled", { course_id: 12 }, "course.enrolled", { course_id: 12, course: "12" }],
    ["Course Started", { courseId: "c1" }, "course.visited", { courseId: "c1", course: "c1" }],
    ["course viewed", { course: "c1" }, "course.visited", { course: "c1" }],
    [
      "Lesson Completed",
      { course_id: "c1", lesson: 3, kind: null },
      "activity.completed",
      { course_id: "c1", lesson: 3, course: "c1", activity: "3" },
    ],
    ["COURSE_COMPLETED", { course: "c1" }, "course.completed", { course: "c1" }],
    ["Certificate Earned", { certificate_id: "k" }, "certificate.awarded", { certificate_id: "k", certificate: "k" }],
    [
      "Trial Started",
      { subscription: "gold", trial_end_date: "2026-02-01" },
      "trial.started",
      { subscription: "gold", trial_end_date: "2026-02-01", ends_at: "2026-02-01T00:00:00.000Z" },
    ],
    [
      "Subscription Canceled",
      { subscription_id: "gold" },
      "recurring.canceled",
      { subscription_id: "gold", kind: "subscription", product: "gold" },
    ],
    ["Form Submitted", { form_id: "f" }, "form.submitted", { form_id: "f", form: "f" }],
    ["Video Played!", { n: [1] }, "custom.video_played_", { n: [1] }],
    ["x".repeat(80), {}, `custom.${"x".repeat(64)}`, {}],
  ])("%s %j is %s", async (name, properties, type, data) => {
    expect(await eventsOf(track(name, properties))).toEqual([{ type, data }]);
  });

  test("Order Completed is a payment for each of its products", async () => {
    const order = {
      order_id: "o-1",
      revenue: "25.5",
      currency: "usd",
      coupon: "SALE",
      products: [{ product_id: "js-101", category: "bundle" }, { product_id: "js-102" }],
    };
    const events = await eventsOf(track("Order Completed", order));
    const [first, second] = [
      { product_type: "bundle", product: "js-101", amount: 12.75, payment: "o-1", coupon: "SALE" },
      { product_type: "course", product: "js-102", amount: 12.75, payment: "o-1/js-102" },
    ];
    const { coupon: _, ...rest } = order;
    expect(events).toEqual([
      { type: "payment.made", data: { ...order, currency: "USD", ...first } },
      { type: "payment.made", data: { ...rest, currency: "USD", ...second } },
    ]);
    await send("POST", "/v1/track", track("Order Completed", order, { userId: "buyer" }));
    expect((await userOf("buyer")).paying).toBe(true);
  });

  test("Order Refunded is given back by its products, in whatever order, or as a whole where it names none", async () => {
    const products = [
      { product_id: "js", price: 60 },
      { product_id: "py", price: 20, quantity: 2 },
    ];
    const back = (properties: Record<string, unknown>) => eventsOf(track("Order Refunded", properties));
    expect(await back({ order_id: "o1", products: [products[1]], total: "-40" })).toMatchObject([
      { type: "payment.refunded", data: { payment: "o1", product: "py", amount: 40 } },
    ]);
    expect(await back({ order_id: "o1" })).toEqual([
      { type: "payment.refunded", data: { order_id: "o1", payment: "o1", whole_order: true } },
    ]);
    const user = { userId: "refunded" };
    const paying = async () => (await userOf("refunded")).paying;
    for (const given of [{ products: [products[1]] }, { products: [...products].reverse() }, {}]) {
      const order_id = crypto.randomUUID();
      await batch([track("Order Completed", { order_id, products }, user)]);
      expect(await paying()).toBe(true);
      await batch([track("Order Refunded", { order_id, ...given }, user)]);
      if (given.products?.length === 1) await batch([track("order cancelled", { order_id, products }, user)]);
      expect(await paying()).toBe(false);
    }
  });

  test("of a name in other letters is counted, as all of them would be one", async () => {
    expect(await eventsOf(track("Урок"))).toBe("track Урок");
  });
});

describe("a message", () => {
  test.each(["0", 0, "true", "FALSE", "00000000-0000-0000-0000-000000000000", "undefined", "(null)"])(
    "of the user %j is of nobody",
    async (userId) => {
      expect(await mapSegment(message("identify", { userId, traits: { plan: "pro" } }), SENT)).toEqual({
        unmapped: "identify, of an anonymous user",
      });
    },
  );

  test("identify has a name in two traits, and traits of the context where there are no others", async () => {
    const userOfIt = async (given: Record<string, unknown>) => {
      const mapped = await mapSegment(message("identify", given), SENT);
      return "events" in mapped ? mapped.events[0]?.user : mapped;
    };
    const fields = { firstName: "Anna ", last_name: "Lee" };
    expect(await userOfIt({ traits: fields })).toEqual({ id: "anna", username: "Anna Lee", fields });
    expect(await userOfIt({ traits: { ...fields, name: "Ann" } })).toMatchObject({ username: "Ann" });
    const context = { ip: "1.2.3.4", traits: { email: "a@acme.com", plan: "pro" } };
    expect(await userOfIt({ context })).toEqual({ id: "anna", email: "a@acme.com", fields: { plan: "pro" } });
    expect(await userOfIt({ context, traits: { plan: "free" } })).toMatchObject({ fields: { plan: "free" } });
  });

  test.each([
    ["2023-11-14 22:13:20 UTC"],
    ["2023-11-14 22:13:20+00"],
    ["2023-11-14 23:13:20 +0100"],
    ["Tue, 14 Nov 2023 22:13:20 GMT"],
    ["14 Nov 2023 23:13:20 +0100"],
    ["Tue Nov 14 2023 22:13:20 GMT+0000 (Coordinated Universal Time)"],
    ["1700000000"],
    [1_700_000_000_000],
  ])("identify has its time of registration as databases and languages write it: %j", async (createdAt) => {
    const mapped = await mapSegment(message("identify", { traits: { createdAt } }), SENT);
    expect(mapped).toMatchObject({ events: [{ user: { registered_at: "2023-11-14T22:13:20.000Z" } }] });
  });

  test("identify is the user: attributes, fields and tags", async () => {
    const traits = {
      email: "id@example.com",
      name: "Olena",
      createdAt: "2025-12-01",
      timezone: "Europe/Kyiv",
      locale: "Ukrainian",
      plan: "pro",
      seats: 3,
      address: { city: "Kyiv" },
      tags: ["vip", "", 5, "new"],
    };
    await batch([message("identify", { userId: "olena", traits })]);
    expect(await userOf("olena")).toMatchObject({
      email: "id@example.com",
      username: "Olena",
      registered_at: "2025-12-01T00:00:00.000Z",
      timezone: "Europe/Kyiv",
      locale: null,
      fields: { locale: "Ukrainian", plan: "pro", seats: 3 },
      tags: ["vip", "5", "new"],
    });
    const ids = await mapSegment(message("identify", { messageId: "m1", traits }), SENT);
    expect("events" in ids && ids.events.map(({ id, type }) => [id, type])).toEqual([
      ["m1", "user.updated"],
      ["m1:tag.added", "tag.added"],
    ]);
    const seconds = await mapSegment(message("identify", { traits: { created_at: 1_764_547_200 } }), SENT);
    expect("events" in seconds && seconds.events[0]?.user.registered_at).toBe("2025-12-01T00:00:00.000Z");
  });

  test("group, page and screen are what they say; alias, anonymous and strange ones are counted", async () => {
    expect(await eventsOf(message("group", { groupId: "g1" }))).toEqual([
      { type: "group.joined", data: { group: "g1" } },
    ]);
    expect(await eventsOf(message("page"))).toEqual([{ type: "school.visited", data: { channel: "web" } }]);
    expect(await eventsOf(message("screen"))).toEqual([{ type: "school.visited", data: { channel: "app" } }]);
    expect(await eventsOf(message("alias", { previousId: "x" }))).toBe("alias");
    expect(await eventsOf(track("Signed Up", {}, { userId: null, anonymousId: "a" }))).toBe(
      "track Signed Up, of an anonymous user",
    );
    expect(await eventsOf(message("constructor"))).toBe("constructor");
    for (const none of [null, 5, "x", []]) expect(await eventsOf(none)).toBe("no message");
  });

  test("sent again is the same event, whatever else has changed", async () => {
    const first = track("Again", { n: 1 }, { messageId: "again" });
    const before = await mapSegment(
      { ...first, sentAt: "1", context: { ip: "a" }, _metadata: {}, receivedAt: "2" },
      SENT,
    );
    expect(await mapSegment({ ...first, sentAt: "3", context: { ip: "b" } }, SENT)).toEqual(before);
    expect(await mapSegment({ ...first, messageId: "m".repeat(129) }, SENT)).toMatchObject({
      events: [{ id: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) }],
    });
  });
});

describe("a batch", () => {
  test("is taken whole but for what cannot be, which is counted by what is wrong with it", async () => {
    const own = await makeSchool();
    const answer = await batch(
      [
        track("Course Completed", { course_id: "c1" }),
        track("Course Completed", {}),
        message("identify", { traits: { email: "no" } }),
        message("alias"),
        message("alias"),
        { ...track("Late"), timestamp: "2099-01-01T00:00:00.000Z" },
        track("Once", {}, { messageId: "once" }),
        track("Once", { other: true }, { messageId: "once" }),
        track("Bad\0", {}),
        track("Fine", {}, { context: { title: "\ud800" } }),
        "nothing",
      ],
      own,
    );
    expect([answer.status, answer.body]).toEqual([200, { success: true }]);
    expect((await userOf("anna", own)).courses.c1.completed_at).toBe(AT);
    const names = Object.fromEntries((await shown(own)).map(({ name, count }) => [name, count]));
    expect(names).toEqual({
      alias: 2,
      "no message": 1,
      "track Course Completed: /properties/course is missing: it must be a text": 1,
      "identify: /traits/email not an email address": 1,
      "track Once: This event id was used with another body.": 1,
      "track without an event": 1,
      "track without an event: /event text may not hold NUL": 1,
    });
  });

  test("is sent again where that helps: 503, and what was taken then is a duplicate", async () => {
    const spy = vi.spyOn(env.USERS, "getByName").mockImplementation(() => {
      throw new Problem("unavailable", "busy", undefined, 1);
    });
    const messages = [track("Retry", {}, { userId: "busy" })];
    const refused = await batch(messages);
    spy.mockRestore();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect((await batch(messages)).status).toBe(200);
  });

  test("has at most 500 messages and 1 MiB, inflated too", async () => {
    expect((await batch(Array.from({ length: 501 }, () => ({})))).status).toBe(422);
    const gzip = async (text: string) =>
      new Uint8Array(
        await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
      );
    const bomb = await gzip(`{"batch":["${"x".repeat(10 * 1024 * 1024)}"]}`);
    const headers = { "content-encoding": "gzip" };
    expect((await send("POST", "/v1/batch", bomb, headers)).status).toBe(413);
    expect((await send("POST", "/v1/track", await gzip("{"), headers)).status).toBe(400);
    expect((await send("POST", "/v1/batch", "{", { "content-type": "text/plain" })).status).toBe(400);
  });

  test("needs a key for events", async () => {
    const none = { authorization: `Basic ${btoa("sb_live_nobody:")}` };
    expect((await send("POST", "/v1/batch", { batch: [] }, none)).status).toBe(401);
    const made = await send("POST", "/v1/api-keys", { name: "K", scopes: ["read"] }, {});
    const read = { authorization: `Basic ${btoa(`${made.body.key}:`)}` };
    expect((await send("POST", "/v1/batch", { batch: [] }, read)).status).toBe(403);
  });
});

describe("a single message", () => {
  test.each(["track", "identify", "group", "page", "screen", "alias"])("/v1/%s takes it", async (kind) => {
    const { type: _, ...body } = { ...track("Alone", {}), groupId: "g9", traits: { n: 1 } };
    const answer = await send("POST", `/v1/${kind}`, body);
    expect([answer.status, answer.body]).toEqual([200, { success: true }]);
  });

  test("needs no more than a user and an event; without a user it is counted", async () => {
    expect(
      (await send("POST", "/v1/track", { userId: "short", event: "course.enrolled", properties: { course: "c1" } }))
        .status,
    ).toBe(200);
    expect((await userOf("short")).enrolments).toHaveLength(1);
    expect((await send("POST", "/v1/track", { anonymousId: "a", event: "Nobody" })).body).toEqual({ success: true });
    expect(await shown()).toContainEqual(expect.objectContaining({ name: "track Nobody, of an anonymous user" }));
  });

  test("that lacks what its event needs is refused at its own place, and changes nothing", async () => {
    const refused = await send("POST", "/v1/track", track("Course Completed", {}, { userId: "nobody" }));
    expect([refused.status, refused.body.errors.map(({ path }: { path: string }) => path)]).toEqual([
      422,
      ["/properties/course"],
    ]);
    expect((await send("GET", "/v1/users/nobody")).status).toBe(404);
    const long = await send("POST", "/v1/track", track("A", {}, { userId: "u".repeat(129) }));
    expect(long.body.errors[0].path).toBe("/userId");
  });

  test("with odd values is taken without them, and each is told by its place", async () => {
    const own = await makeSchool();
    const traits = { email: "no", tags: ["x"], plan: "pro", bio: "a\0b" };
    const body = message("identify", { userId: "odd", traits, timestamp: "x" });
    expect((await send("POST", "/v1/identify", body, {}, own)).status).toBe(200);
    expect(await userOf("odd", own)).toMatchObject({ email: null, tags: ["x"], fields: { plan: "pro" } });
    const { data } = (await send("GET", "/v1/unmapped", undefined, {}, own)).body;
    expect(data.map(({ path }: { path: string }) => path).sort()).toEqual([
      "/timestamp",
      "/traits/bio",
      "/traits/email",
    ]);
  });
});

describe("what clients were seen to send", () => {
  beforeEach(() => {
    // When it was recorded.
    setNow(Date.parse("2026-11-21T23:08:10.000Z"));
  });

  test("@segment/analytics-node: a batch of five kinds", async () => {
    const own = await makeSchool();
    for (const { bodyText } of captured.requests) {
      const answer = await send("POST", "/v1/batch", bodyText, { "content-type": "application/json" }, own);
      expect([answer.status, answer.body]).toEqual([200, { success: true }]);
    }
    const user = await userOf("u1", own);
    expect(user).toMatchObject({
      email: "a@example.com",
      username: "Olena",
      registered_at: "2025-12-01T00:00:00.000Z",
      fields: { plan: "pro" },
      groups: ["g1"],
      last_seen: { school: AT },
    });
    expect(user.courses.c1.activities).toEqual(["3"]);
    expect(await shown(own)).toMatchObject([{ format: "segment", name: "alias", count: 1 }]);
  });

  test("@segment/analytics-node: retries of one message happen once", async () => {
    const own = await makeSchool();
    for (const { bodyText } of retried.requests)
      expect((await send("POST", "/v1/batch", bodyText, {}, own)).status).toBe(200);
    expect((await listUnmapped(env, own.id, { limit: 100 })).data).toEqual([]);
    await flushLog(own.id, "u1");
    const { data } = (await send("GET", "/v1/users/u1/timeline", undefined, {}, own)).body;
    expect(data).toMatchObject([{ type: "custom.retry_me", event_id: "msg-retry", at: AT }]);
  });

  test("@rudderstack/rudder-sdk-node: plain, and gzipped under a content type of its own", async () => {
    const own = await makeSchool();
    for (const { bodyText, headers } of rudder.requests) {
      const isGzip = "content-encoding" in headers;
      const stream = new Blob([bodyText]).stream();
      const body = isGzip
        ? new Uint8Array(await new Response(stream.pipeThrough(new CompressionStream("gzip"))).arrayBuffer())
        : bodyText;
      const sent = {
        "content-type": headers["content-type"],
        ...(isGzip ? { "content-encoding": "gzip" } : {}),
      };
      const answer = await send("POST", "/v1/batch", body, sent, own);
      expect([answer.status, answer.body]).toEqual([200, { success: true }]);
    }
    const user = await userOf("u1", own);
    expect(user).toMatchObject({ email: "a@example.com", username: "Olena", groups: ["g1"] });
    expect(user.courses.c1.activities).toHaveLength(1);
    expect(await shown(own)).toEqual([]);
  });
});
