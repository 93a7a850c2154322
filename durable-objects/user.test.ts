import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { tick } from "../src/cron/tick";
import { loadWorld } from "../src/world/world";
import {
  call,
  consume,
  env,
  everythingOf,
  flushLog,
  type HeldQueues,
  heldBy,
  holdQueuesAnew,
  makeSchool,
  PLATFORM,
  stubOf,
  type TestSchool,
} from "../test/workers/live";

const MINUTE_MS = 60_000;

let queues: HeldQueues;
let school: TestSchool;

beforeEach(async () => {
  queues = await holdQueuesAnew();
  school = await makeSchool();
});

/** Sets the clock of the Worker and its objects; the runtime's own alarms go by another. */
const setNow = (now: number) => vi.useFakeTimers({ now, toFake: ["Date"] });

const alarmOf = async (user: string) => (await heldBy(school.id, user)).alarm;
const ring = (user: string) => runDurableObjectAlarm(stubOf(school.id, user));
const deleteAlarm = (user: string) =>
  runInDurableObject(stubOf(school.id, user), (_, { storage }) => storage.deleteAlarm());
const tagsOf = async (user: string): Promise<string[]> =>
  (await call("GET", `/v1/users/${user}`, undefined, school.key)).body.tags;

const tagOn = (type: string, tag: string, more: Record<string, unknown> = {}) => {
  const trigger = type.startsWith("custom.") ? { type: "custom", name: type.slice("custom.".length) } : { type };
  return school.automation({ when: [trigger], then: [{ type: "tags.add", tags: [tag] }], ...more });
};
const waitThenTag = (tag: string) =>
  school.automation({
    when: [{ type: "user.signed_in" }],
    then: [
      { type: "wait", for: "PT10M" },
      { type: "tags.add", tags: [tag] },
    ],
  });

describe("an event sent again", () => {
  const body = (data: Record<string, unknown>, id = "e-1") => ({ id, type: "custom.ping", user: { id: "anna" }, data });
  const send = (event: unknown) => call("POST", "/v1/events", event, school.key);

  test("is answered as the first time, as a duplicate, and changes nothing", async () => {
    await tagOn("custom.ping", "pinged", { synchronous: true });
    const first = await send(body({ a: 1, b: [2] }));
    await send(body({}, "e-2"));
    const before = await heldBy(school.id, "anna");
    const again = await send(body({ b: [2], a: 1.0 }));
    expect(again.body).toEqual({ ...first.body, duplicate: true });
    expect(first.body).toMatchObject({ duplicate: false, user: { tags: ["pinged"] }, runs: [{ status: "completed" }] });
    expect(await heldBy(school.id, "anna")).toEqual(before);
  });

  test("with another body is a conflict and changes nothing", async () => {
    await send(body({ a: 1 }));
    const before = await heldBy(school.id, "anna");
    expect((await send(body({ a: 2 }))).status).toBe(409);
    expect(await heldBy(school.id, "anna")).toEqual(before);
  });

  test("by many at once is taken once", async () => {
    await tagOn("custom.ping", "pinged");
    const answers = await Promise.all(Array.from({ length: 32 }, () => send(body({}))));
    expect(answers.filter((one) => one.body.duplicate === false)).toHaveLength(1);
    expect(new Set(answers.map((one) => one.body.runs[0].id)).size).toBe(1);
    expect((await everythingOf(school.id, "anna"))?.journal).toHaveLength(1);
  });

  test("is known after an eviction", async () => {
    const first = await send(body({}));
    await evictDurableObject(stubOf(school.id, "anna"));
    expect((await send(body({}))).body).toEqual({ ...first.body, duplicate: true });
  });
});

describe("a turn that throws", () => {
  /** Makes every fact of a type throw when it looks for automations to start. */
  async function poison(type: string): Promise<() => void> {
    await tagOn(type, "never", { synchronous: true });
    const world = await loadWorld(env, await school.school());
    const trigger = world.automations.flatMap(({ program }) => program.when).findLast(({ on }) => on.includes(type));
    if (!trigger) throw new Error("no trigger");
    const spy = vi.spyOn(trigger, "matches").mockImplementation(() => {
      throw new Error("planted");
    });
    return () => spy.mockRestore();
  }

  test("changes nothing: neither state, nor event id, nor alarm", async () => {
    await waitThenTag("late");
    await school.event("user.signed_in", "anna");
    const cure = await poison("custom.bad");
    const before = await heldBy(school.id, "anna");
    const event = { id: "bad", type: "custom.bad", user: { id: "anna", username: "Anna" }, data: {} };
    expect((await call("POST", "/v1/events", event, school.key)).status).toBe(500);
    expect(await heldBy(school.id, "anna")).toEqual(before);
    cure();
    expect((await call("POST", "/v1/events", event, school.key)).body).toMatchObject({
      duplicate: false,
      user: { username: "Anna" },
    });
  });

  test("takes back what events before it in the same turn did, their alarm too", async () => {
    const cure = await poison("custom.bad");
    const events = ["user.signed_in", "custom.bad"].map((type) => ({ id: type, type, user: { id: "anna" }, data: {} }));
    await call("POST", "/v1/events/batch", { events }, school.key);
    const { alarm, tables } = await heldBy(school.id, "anna");
    expect({ alarm, rows: Object.values(tables).flat() }).toEqual({ alarm: null, rows: [] });
    cure();
    await call("POST", "/v1/events", events[0], school.key);
    expect(await alarmOf("anna")).not.toBeNull();
  });

  test("stops no other user of the same batch", async () => {
    await poison("custom.bad");
    const events = [
      { id: "e-1", type: "custom.bad", user: { id: "anna" }, data: {} },
      { id: "e-2", type: "user.signed_in", user: { id: "ben" }, data: {} },
    ];
    const { status, body } = await call("POST", "/v1/events/batch", { events }, school.key);
    expect(status).toBe(200);
    expect(body.results[1]).toMatchObject({ id: "e-2", duplicate: false });
    expect(body.results[0].status).toBeGreaterThanOrEqual(500);
  });
});

describe("an eviction", () => {
  test("loses nothing: queued runs, waits, the outbox and the log go on", async () => {
    await waitThenTag("late");
    await tagOn("user.signed_in", "soon");
    await school.automation({
      when: [{ type: "user.signed_in" }],
      then: [{ type: "email.user", subject: "Hi", body: "Hi" }],
    });
    await school.event("user.signed_in", { id: "anna", email: "anna@acme.com" });
    const before = await heldBy(school.id, "anna");
    await evictDurableObject(stubOf(school.id, "anna"));
    expect(await heldBy(school.id, "anna")).toEqual(before);
    await consume("schoolbell-actions", queues.actions.splice(0));
    setNow(Date.now() + 11 * MINUTE_MS);
    await evictDurableObject(stubOf(school.id, "anna"));
    await ring("anna");
    expect(await tagsOf("anna")).toEqual(["soon", "late"]);
    await flushLog(school.id, "anna");
    const runs = await call("GET", "/v1/runs", undefined, school.key);
    expect(runs.body.data.map((run: { status: string }) => run.status)).toEqual([
      "completed",
      "completed",
      "completed",
    ]);
    const deliveries = await call("GET", "/v1/deliveries", undefined, school.key);
    expect(deliveries.body.data).toMatchObject([{ status: "captured" }]);
  });

  test("brings a state of many rows back whole, and a small one back to one row", async () => {
    const fields = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`field${n}`, `${n}${"x".repeat(400)}`]));
    await school.event("user.signed_in", { id: "anna", fields });
    expect((await heldBy(school.id, "anna")).tables.pieces?.length).toBeGreaterThan(1);
    await evictDurableObject(stubOf(school.id, "anna"));
    const { body } = await call("GET", "/v1/users/anna", undefined, school.key);
    expect(body.fields).toEqual(fields);
    const emptied = Object.fromEntries(Object.keys(fields).map((key) => [key, null]));
    await school.event("user.signed_in", { id: "anna", fields: emptied });
    expect((await heldBy(school.id, "anna")).tables).toMatchObject({ state: [{ slot: 0 }], pieces: [] });
    await evictDurableObject(stubOf(school.id, "anna"));
    expect((await call("GET", "/v1/users/anna", undefined, school.key)).body.fields).toEqual({});
  });
});

describe("a user with more to keep than a row holds", () => {
  /** Two million characters, in pairs of which no cut may go through the middle. */
  const body = "🔔".repeat(10_000);

  async function write(text = body): Promise<void> {
    const message = { type: "message.user", body: text };
    await school.automation({ when: [{ type: "user.signed_in" }], then: Array(5).fill(message), synchronous: true });
    const events = Array.from({ length: 20 }, () => ({ type: "user.signed_in", user: { id: "anna" }, data: {} }));
    await call("POST", "/v1/events/batch", { events }, school.key);
  }

  // One place on, and a cut falls where it did not.
  test.each(["", "x"])("is kept whole, wherever the cuts fall: %j", async (ahead) => {
    const text = ahead + body;
    await write(text);
    const rows = Object.values((await heldBy(school.id, "anna")).tables).flat();
    expect(Math.max(...rows.map((row) => new Blob([JSON.stringify(row)]).size))).toBeLessThan(2_000_000);
    await evictDurableObject(stubOf(school.id, "anna"));
    const { object } = await school.object("anna");
    const inbox = await object.inbox();
    expect(inbox).toHaveLength(100);
    expect(new Set(inbox?.map((one) => one.content.body))).toEqual(new Set([text]));
  });

  test("is told to D1 in texts that it takes", async () => {
    await write();
    const bind = vi.spyOn(Object.getPrototypeOf(env.DB.prepare("select 1")), "bind");
    await flushLog(school.id, "anna");
    const lengths = bind.mock.calls.flat().map((value) => new Blob([String(value)]).size);
    expect(Math.max(...lengths)).toBeLessThan(2_000_000);
    const { results } = await env.DB.prepare("select count(*) as n from deliveries where school = ?")
      .bind(school.id)
      .all();
    expect(results).toEqual([{ n: 100 }]);
  });
});

describe("the alarm", () => {
  test("stands at the first thing that waits", async () => {
    const begun = Date.now();
    await waitThenTag("late");
    await school.event("user.signed_in", "anna");
    const queued = await alarmOf("anna");
    expect(queued).toBeGreaterThan(begun);
    expect(queued).toBeLessThanOrEqual(Date.now() + 10_000);
    await consume("schoolbell-actions", queues.actions.splice(0));
    await ring("anna");
    await consume("schoolbell-log", queues.log.splice(0));
    await ring("anna");
    const waiting = await alarmOf("anna");
    expect(waiting).toBeGreaterThanOrEqual(begun + 10 * MINUTE_MS);
    expect(waiting).toBeLessThanOrEqual(Date.now() + 10 * MINUTE_MS);
  });

  test("of a test school's user is set for no wait, however long ago its clock says it ended", async () => {
    school = await makeSchool("test");
    await waitThenTag("late");
    await school.event("user.signed_in", "anna");
    await consume("schoolbell-actions", queues.actions.splice(0));
    setNow(Date.now() + 60 * MINUTE_MS);
    await ring("anna");
    expect(await alarmOf("anna")).toBeNull();
    expect(await tagsOf("anna")).toEqual([]);
  });

  test("does what the queue lost: a queued run, an offer of a delivery", async () => {
    await school.automation({
      when: [{ type: "user.signed_in" }],
      then: [{ type: "email.user", subject: "Hi", body: "Hi" }],
    });
    await school.event("user.signed_in", { id: "anna", email: "anna@acme.com" });
    queues.actions.length = 0;
    await ring("anna");
    queues.actions.length = 0;
    setNow(Date.now() + MINUTE_MS);
    await ring("anna");
    expect(queues.actions).toMatchObject([{ kind: "deliver", user: "anna" }]);
  });

  test("ends no wait early, however often it rings", async () => {
    await waitThenTag("late");
    await school.event("user.signed_in", "anna");
    for (let i = 0; i < 5; i++) {
      await runInDurableObject(stubOf(school.id, "anna"), (_, { storage }) => storage.setAlarm(Date.now() + 1_000));
      expect(await ring("anna")).toBe(true);
    }
    expect(await tagsOf("anna")).toEqual([]);
    setNow(Date.now() + 10 * MINUTE_MS + 1);
    await ring("anna");
    expect(await tagsOf("anna")).toEqual(["late"]);
  });

  test("that was lost is set anew when the object wakes up", async () => {
    await waitThenTag("late");
    await school.event("user.signed_in", "anna");
    await ring("anna");
    await flushLog(school.id, "anna");
    await ring("anna");
    const before = await alarmOf("anna");
    await deleteAlarm("anna");
    await evictDurableObject(stubOf(school.id, "anna"));
    expect(before).not.toBeNull();
    await vi.waitFor(async () => expect(await alarmOf("anna")).not.toBeNull());
    expect(await alarmOf("anna")).toBeLessThanOrEqual(before ?? 0);
  });

  test("that was lost is made good for by the watchdog", async () => {
    await waitThenTag("late");
    await school.event("user.signed_in", "anna");
    await ring("anna");
    await flushLog(school.id, "anna");
    await deleteAlarm("anna");
    setNow(Date.now() + 12 * MINUTE_MS);
    await tick(env);
    expect(await tagsOf("anna")).toEqual(["late"]);
    expect(await alarmOf("anna")).not.toBeNull();
  });

  test("does not ring again and again for a suspended school, and rings for it once that is lifted", async () => {
    await waitThenTag("late");
    await school.event("user.signed_in", { id: "anna", email: "anna@acme.com" });
    await ring("anna");
    await call("PATCH", `/v1/schools/${school.id}`, { suspended: true }, PLATFORM);
    const later = Date.now() + 11 * MINUTE_MS;
    setNow(later);
    await ring("anna");
    expect(await alarmOf("anna")).toBeGreaterThanOrEqual(later + 30_000);
    await call("PATCH", `/v1/schools/${school.id}`, { suspended: false }, PLATFORM);
    await ring("anna");
    expect(await tagsOf("anna")).toEqual(["late"]);
  });
});

describe("an alarm whose surroundings fail", () => {
  beforeEach(async () => {
    await waitThenTag("late");
    await school.event("user.signed_in", "anna");
  });

  test("throws nothing when the log's queue refuses, wakes the user in time, and tells D1 later", async () => {
    vi.spyOn(env.LOG, "sendBatch").mockRejectedValueOnce(new Error("planted"));
    setNow(Date.now() + MINUTE_MS);
    expect(await ring("anna")).toBe(true);
    const waitEnds = Date.now() + 10 * MINUTE_MS;
    expect(await alarmOf("anna")).toBeLessThanOrEqual(waitEnds);
    setNow(Date.now() + 9 * MINUTE_MS);
    await ring("anna");
    expect(queues.log).toEqual([{ users: [{ school: school.id, epoch: 1, user: "anna" }] }]);
    setNow(waitEnds);
    vi.spyOn(env.LOG, "sendBatch").mockRejectedValue(new Error("planted"));
    await ring("anna");
    expect(await tagsOf("anna")).toEqual(["late"]);
  });

  test("is late for no wait because the log's queue refuses", async () => {
    await ring("anna");
    await flushLog(school.id, "anna");
    setNow(Date.now() + 10 * MINUTE_MS - 5_000);
    await school.event("user.signed_in", "anna");
    vi.spyOn(env.LOG, "sendBatch").mockRejectedValue(new Error("planted"));
    await ring("anna");
    expect(await alarmOf("anna")).toBeLessThanOrEqual(Date.now() + 5_000);
  });

  test("throws nothing when D1 refuses, and tries again", async () => {
    await ring("anna");
    setNow(Date.now() + 11 * MINUTE_MS);
    const refusing = vi.spyOn(env.DB, "prepare").mockImplementation(() => {
      throw new Error("planted");
    });
    expect(await ring("anna")).toBe(true);
    const again = await alarmOf("anna");
    expect(again).toBeGreaterThan(Date.now());
    expect(again).toBeLessThanOrEqual(Date.now() + MINUTE_MS);
    refusing.mockRestore();
    await ring("anna");
    expect(await tagsOf("anna")).toEqual(["late"]);
  });

  test("leaves answering to the event when the actions' queue refuses", async () => {
    vi.spyOn(env.ACTIONS, "sendBatch").mockRejectedValue(new Error("planted"));
    expect(await school.event("user.signed_in", "ben")).toMatchObject({ runs: [{ status: "queued" }] });
    await ring("ben");
    const { object } = await school.object("ben");
    expect((await object.state())?.runs).toMatchObject([{ status: "waiting" }]);
  });
});

describe("a copy of an event", () => {
  const tag = (id: string, name: string) => ({ id, type: "tag.added", user: { id: "anna" }, data: { tag: name } });
  const send = async (event: unknown) => (await school.ask("POST", "/v1/events", event)).body;

  test("is answered with the first one's facts and runs, and the user as of now", async () => {
    const first = await send(tag("e1", "a"));
    await send(tag("e2", "b"));
    const { givers: _, ...now } = (await school.ask("GET", "/v1/users/anna")).body;
    expect(now.tags).toEqual(["a", "b"]);
    expect(await send(tag("e1", "a"))).toEqual({ ...first, duplicate: true, user: now });
  });

  test("is known by as little as the first brought about, however much is known of the user", async () => {
    for (let n = 0; n < 100; n++) await send(tag(`e${n}`, `a tag of some length ${n}`));
    const { journal = [] } = (await everythingOf(school.id, "anna")) ?? {};
    const kept = journal.map((entry) => JSON.stringify(entry).length);
    expect(kept).toHaveLength(100);
    expect(Math.max(...kept)).toBeLessThan(400);
  });
});
