import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { readHeld } from "../src/journal/held/held";
import {
  call,
  consume,
  env,
  flushLog,
  type HeldQueues,
  heldBy,
  holdQueuesAnew,
  makeSchool,
  stubOf,
  type TestSchool,
} from "../test/workers/live";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let queues: HeldQueues;
let school: TestSchool;

beforeEach(async () => {
  queues = await holdQueuesAnew();
  school = await makeSchool();
});

const setNow = (now: number) => vi.useFakeTimers({ now, toFake: ["Date"] });
const ring = (user: string) => runDurableObjectAlarm(stubOf(school.id, user));
const erase = (user: string) => call("DELETE", `/v1/users/${user}`, undefined, school.key);

/** Everything D1 holds of the school's user, by table. */
async function rowsInD1(user: string): Promise<Record<string, unknown[]>> {
  const ids = async (table: string): Promise<string[]> => {
    const { results } = await env.DB.prepare(`select id from ${table} where school = ? and user = ?`)
      .bind(school.id, user)
      .all<{ id: string }>();
    return results.map(({ id }) => id);
  };
  const logged = { runs: await ids("runs"), deliveries: await ids("deliveries") };
  const held = await readHeld(env, { school: school.id, id: user, emails: [], logged });
  return Object.fromEntries(Object.entries(held).filter(([, rows]) => rows.length));
}

describe("erasing a user", () => {
  beforeEach(async () => {
    await school.automation({
      when: [{ type: "user.signed_in" }],
      then: [
        { type: "email.user", subject: "CANARY {{ user.username }}", body: "Hi" },
        { type: "wait", for: "PT10M" },
        { type: "tags.add", tags: ["late"] },
      ],
    });
  });

  const ANNA = {
    id: "anna",
    email: "canary@acme.com",
    username: "CANARY",
    fields: { department: "CANARY" },
    push_tokens: ["CANARY"],
  };

  /** A user with runs, a wait, a delivery under way, tags and a log in D1. */
  async function live(): Promise<void> {
    await school.event("user.signed_in", ANNA, {}, "CANARY-event");
    await ring("anna");
    await flushLog(school.id, "anna");
    await school.event("tag.added", "anna", { tag: "canary-tag" });
    await school.event("custom.note", "anna", { text: "CANARY" });
  }

  test("finds in D1 what is too old there, and has not been looked for yet", async () => {
    await school.automation({ when: [{ type: "user.signed_in" }], then: [{ type: "exit" }], synchronous: true });
    await school.event("user.signed_in", "ben");
    await flushLog(school.id, "ben");
    await school.event("tag.added", "ben", { tag: "a" });
    setNow(Date.now() + 90 * DAY_MS + MINUTE_MS);
    await ring("ben");
    expect((await erase("ben")).status).toBe(204);
    expect(await rowsInD1("ben")).toEqual({});
  });

  test("leaves nothing of the user in the object but hashes of event ids, and nothing in D1", async () => {
    await live();
    expect(JSON.stringify(await heldBy(school.id, "anna"))).toMatch(/canary/i);
    expect(await rowsInD1("anna")).not.toEqual({});
    expect((await erase("anna")).status).toBe(204);
    const { tables } = await heldBy(school.id, "anna");
    const { erased_ids: erased = [], ...rest } = tables;
    expect(Object.values(rest).flat()).toEqual([]);
    expect(erased).toHaveLength(1);
    expect(JSON.stringify(tables)).not.toMatch(/canary|anna/i);
    expect(await rowsInD1("anna")).toEqual({});
    expect((await call("GET", "/v1/users/anna", undefined, school.key)).status).toBe(404);
  });

  test("forgets the hashes too, when a copy can come no more", async () => {
    await live();
    await erase("anna");
    setNow(Date.now() + 100 * DAY_MS);
    expect(await ring("anna")).toBe(true);
    expect(
      Object.values((await heldBy(school.id, "anna")).tables)
        .flat()
        .filter((row) => JSON.stringify(row).includes("hash")),
    ).toEqual([]);
  });

  test("lets a copy of an event bring nobody back, after an eviction too; another event starts afresh", async () => {
    await live();
    await erase("anna");
    await evictDurableObject(stubOf(school.id, "anna"));
    const event = { id: "CANARY-event", type: "user.signed_in", user: ANNA, data: {} };
    const copy = await call("POST", "/v1/events", event, school.key);
    expect(copy.body).toEqual({ id: "CANARY-event", duplicate: true, facts: [], runs: [], user: null });
    expect((await call("POST", "/v1/events", { ...event, data: {}, type: "user.signed_up" }, school.key)).status).toBe(
      409,
    );
    expect((await call("GET", "/v1/users/anna", undefined, school.key)).status).toBe(404);
    const fresh = await school.event("user.signed_in", "anna");
    expect(fresh).toMatchObject({ duplicate: false, user: { username: null, tags: [], fields: {} } });
  });

  test("twice is once, and of nobody is a 404 that makes nothing", async () => {
    await live();
    await erase("anna");
    expect((await erase("anna")).status).toBe(404);
    expect((await erase("nobody")).status).toBe(404);
    expect(await heldBy(school.id, "nobody")).toEqual({ alarm: null, tables: {} });
  });

  test("leaves no alarm that wakes anybody, and late messages find nobody", async () => {
    await live();
    const late = queues.actions.splice(0);
    await erase("anna");
    await consume("schoolbell-actions", late);
    await flushLog(school.id, "anna");
    setNow(Date.now() + 20 * MINUTE_MS);
    await ring("anna");
    expect(await rowsInD1("anna")).toEqual({});
    expect((await call("GET", "/v1/users/anna", undefined, school.key)).status).toBe(404);
  });

  /** Erases the user between the moment when its log was fetched for D1 and the moment when it is written. */
  function eraseBeforeWriting(andThen: () => Promise<unknown> = async () => {}): void {
    const write = env.DB.batch.bind(env.DB);
    const spy = vi.spyOn(env.DB, "batch");
    spy.mockImplementationOnce(async (statements) => {
      spy.mockRestore();
      await erase("anna");
      await andThen();
      return write(statements);
    });
  }

  test("while the queue writes the user's log leaves nothing in D1", async () => {
    await school.event("user.signed_in", ANNA);
    eraseBeforeWriting();
    await flushLog(school.id, "anna");
    expect(await rowsInD1("anna")).toEqual({});
  });

  test("while a wake-up writes the user's log leaves nothing in D1", async () => {
    await school.event("user.signed_in", ANNA);
    eraseBeforeWriting();
    await consume("schoolbell-actions", [{ kind: "wake", school: school.id, user: "anna" }]);
    expect(await rowsInD1("anna")).toEqual({});
  });

  test("while the log is written keeps the log of who comes back at once, and nothing of before", async () => {
    await school.event("user.signed_in", ANNA);
    const old = (await school.event("user.signed_in", ANNA)).runs[0].id;
    let fresh = "";
    eraseBeforeWriting(async () => {
      fresh = (await school.event("user.signed_in", { id: "anna", email: "new@acme.com" })).runs[0].id;
    });
    await flushLog(school.id, "anna");
    setNow(Date.now() + MINUTE_MS);
    await ring("anna");
    await flushLog(school.id, "anna");
    const { live_runs = [], users } = await rowsInD1("anna");
    expect(live_runs).toMatchObject([{ id: fresh }]);
    expect(fresh).not.toBe(old);
    expect(JSON.stringify(users)).not.toContain("canary");
  });
});

describe("a lead taken over by a sign-up", () => {
  const LEAD = "lead:eve@acme.com";
  const form = { id: "form-1", type: "form.submitted", user: { email: "eve@acme.com" }, data: { form: "demo" } };
  const signUp = { id: "sign-up", type: "user.signed_up", user: { id: "eve", email: "eve@acme.com" }, data: {} };
  const send = (event: unknown) => call("POST", "/v1/events", event, school.key);

  beforeEach(async () => {
    await school.automation({
      when: [{ type: "form.submitted" }],
      then: [
        { type: "email.user", subject: "Thanks", body: "Hi" },
        { type: "wait", for: "PT10M" },
        { type: "tags.add", tags: ["late"] },
      ],
    });
    await send(form);
    await ring(LEAD);
    await flushLog(school.id, LEAD);
  });

  test("gives the user its runs, waits, deliveries and facts, once however often it is done", async () => {
    await send(signUp);
    await send(signUp);
    await send({ ...signUp, id: "sign-up-2" });
    const timeline = await call("GET", "/v1/users/eve/timeline", undefined, school.key);
    const facts = timeline.body.data.filter((one: { kind: string }) => one.kind === "fact");
    expect(facts.map((one: { type: string }) => one.type)).toEqual(["form.submitted", "user.signed_up"]);
    await consume("schoolbell-actions", queues.actions.splice(0));
    await ring("eve");
    setNow(Date.now() + 11 * MINUTE_MS);
    await ring("eve");
    await flushLog(school.id, "eve");
    const runs = await call("GET", "/v1/runs?user=eve", undefined, school.key);
    expect(runs.body.data).toMatchObject([{ status: "completed", trigger: { type: "form.submitted" } }]);
    const deliveries = await call("GET", "/v1/deliveries?user=eve", undefined, school.key);
    expect(deliveries.body.data).toMatchObject([{ status: "captured" }]);
    expect((await call("GET", "/v1/users/eve", undefined, school.key)).body.tags).toEqual(["late"]);
    expect(await rowsInD1(LEAD)).toEqual({});
  });

  test("wakes up in time though nothing followed the take-over", async () => {
    const { object, reference } = await school.object("eve");
    const { object: lead } = await school.object(LEAD);
    const held = await lead.handOver("eve");
    if (!held) throw new Error("no lead");
    await object.takeOver(reference, held.lead, LEAD);
    await ring("eve");
    expect((await heldBy(school.id, "eve")).alarm).toBeLessThanOrEqual(Date.now() + 10 * MINUTE_MS);
  });

  test("is taken over though the directory has not heard of the lead yet", async () => {
    await send({ ...form, id: "form-2", user: { email: "zoe@acme.com" } });
    await send({ ...signUp, user: { id: "zoe", email: "zoe@acme.com" } });
    const timeline = await call("GET", "/v1/users/zoe/timeline", undefined, school.key);
    expect(timeline.body.data).toMatchObject([{ type: "form.submitted" }, { kind: "run" }, { type: "user.signed_up" }]);
  });

  test("knows a copy of the lead's event", async () => {
    const first = await send(form);
    await send(signUp);
    await flushLog(school.id, "eve");
    const copy = await send(form);
    expect(copy.body).toMatchObject({ id: "form-1", duplicate: true, runs: first.body.runs });
  });

  test("takes over what the lead did since the last take-over", async () => {
    await send(signUp);
    // The directory does not know of the sign-up yet: the address is a lead's once more.
    await send({ ...form, id: "form-2" });
    await flushLog(school.id, LEAD);
    await send({ ...signUp, id: "sign-up-2" });
    const timeline = await call("GET", "/v1/users/eve/timeline", undefined, school.key);
    expect(timeline.body.data.filter((one: { type?: string }) => one.type === "form.submitted")).toHaveLength(2);
  });

  describe("whose take-over broke off", () => {
    const formsOf = async (user: string) => {
      const timeline = await call("GET", `/v1/users/${user}/timeline`, undefined, school.key);
      return timeline.body.data.filter((one: { type?: string }) => one.type === "form.submitted");
    };
    const breakOff = async () => (await school.object(LEAD)).object.handOver("eve");

    test("takes nothing more: a form goes to the user, with what the lead had", async () => {
      await breakOff();
      const second = await send({ ...form, id: "form-2" });
      expect(second.body).toMatchObject({ duplicate: false, user: { id: "eve" } });
      expect(await formsOf("eve")).toHaveLength(2);
      expect(await (await school.object(LEAD)).object.state()).toBeNull();
    });

    test("does nothing more of its own, and tells D1 nothing", async () => {
      await breakOff();
      setNow(Date.now() + 11 * MINUTE_MS);
      await ring(LEAD);
      const { object } = await school.object(LEAD);
      expect((await object.untold({ heard: null, exact: true })).batch).toBeNull();
      expect((await object.state())?.runs).toMatchObject([{ status: "waiting" }]);
    });

    test("is finished for whom it was begun, whoever signs up next with the address", async () => {
      await breakOff();
      await send({ ...signUp, user: { id: "adam", email: "eve@acme.com" } });
      expect(await formsOf("eve")).toHaveLength(1);
      expect(await formsOf("adam")).toEqual([]);
      expect(await rowsInD1(LEAD)).toEqual({});
    });
  });
});
