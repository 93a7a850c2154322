import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { announceGathered } from "../src/journal/announce";
import {
  call,
  consume,
  env,
  everythingOf,
  failToWrite,
  flushLog,
  type HeldQueues,
  heldBy,
  holdQueuesAnew,
  makeSchool,
  stubOf,
  type TestSchool,
} from "../test/workers/live";
import { LOG_NET_MS } from "./telling/telling";

const MINUTE_MS = 60_000;

let queues: HeldQueues;
let school: TestSchool;

beforeEach(async () => {
  queues = await holdQueuesAnew();
  school = await makeSchool();
  await school.automation({
    when: [{ type: "user.signed_in" }],
    then: [
      { type: "wait", for: "PT10M" },
      { type: "tags.add", tags: ["late"] },
    ],
  });
});

const setNow = (now: number) => vi.useFakeTimers({ now, toFake: ["Date"] });
const ring = (user: string) => runDurableObjectAlarm(stubOf(school.id, user));
const tagsOf = async (user: string): Promise<string[]> =>
  (await call("GET", `/v1/users/${user}`, undefined, school.key)).body.tags;

describe("the queue fails:", () => {
  const write = (user: string) => school.event("custom.write", { id: user, email: `${user}@acme.com` });

  beforeEach(() =>
    school.automation({
      synchronous: true,
      when: [{ type: "custom", name: "write" }],
      then: [{ type: "email.user", subject: "Hi", body: "Hi" }],
    }),
  );

  test("what it refused is offered again with the next turn", async () => {
    vi.spyOn(env.DELIVERIES, "sendBatch").mockRejectedValueOnce(new Error("planted"));
    await write("anna");
    expect(queues.actions).toEqual([]);
    await school.event("custom.note", "anna");
    expect(queues.actions).toMatchObject([{ kind: "deliver", user: "anna" }]);
  });

  test("a message whose work fails comes again, and those beside it do not", async () => {
    for (const user of ["anna", "ben"]) await write(user);
    await runInDurableObject(stubOf(school.id, "anna"), (instance) => {
      vi.spyOn(instance, "claim").mockRejectedValue(new Error("planted"));
    });
    const messages = queues.actions.splice(0);
    const idOf = (user: string) => String(messages.findIndex((one) => "user" in one && one.user === user));
    const { retryMessages, explicitAcks } = await consume("schoolbell-actions", messages);
    expect(retryMessages).toMatchObject([{ msgId: idOf("anna") }]);
    expect(explicitAcks).toEqual([idOf("ben")]);
  });
});

describe("the alarm fails:", () => {
  test("however often a task throws, it is set again, and in the end the wait is done", async () => {
    await school.event("user.signed_in", "anna");
    await ring("anna");
    setNow(Date.now() + 11 * MINUTE_MS);
    await runInDurableObject(stubOf(school.id, "anna"), (instance) => {
      const spy = vi.spyOn(instance.behind, "advance");
      for (let n = 0; n < 20; n++) spy.mockRejectedValueOnce(new Error("planted"));
    });
    for (let n = 0; n < 20; n++) {
      expect(await ring("anna")).toBe(true);
      const { alarm } = await heldBy(school.id, "anna");
      expect(alarm).toBeGreaterThan(Date.now());
      setNow(alarm ?? 0);
    }
    expect(await tagsOf("anna")).toEqual([]);
    await ring("anna");
    expect(await tagsOf("anna")).toEqual(["late"]);
  });
});

describe("the storage fails:", () => {
  test("a turn that could not be written has not happened, in memory neither", async () => {
    await school.event("user.signed_in", "anna");
    await failToWrite(stubOf(school.id, "anna"));
    const event = { id: "e-1", type: "custom.note", user: { id: "anna", username: "Anna" }, data: {} };
    expect((await call("POST", "/v1/events", event, school.key)).status).toBe(500);
    expect((await call("GET", "/v1/users/anna", undefined, school.key)).body.username).toBeNull();
    const again = await call("POST", "/v1/events", event, school.key);
    expect(again.body).toMatchObject({ duplicate: false, user: { username: "Anna" } });
  });
});

describe("a turn throws half way:", () => {
  test("it has not happened, in memory neither", async () => {
    await school.event("user.signed_in", "anna");
    await runInDurableObject(stubOf(school.id, "anna"), (instance) => {
      // biome-ignore lint/complexity/useLiteralKeys: it is private to all but its tests
      vi.spyOn(instance.behind["parts"].telling, "note").mockImplementationOnce(() => {
        throw new Error("planted");
      });
    });
    const event = { id: "e-1", type: "tag.added", user: { id: "anna" }, data: { tag: "vip" } };
    expect((await call("POST", "/v1/events", event, school.key)).status).toBe(500);
    expect(await tagsOf("anna")).toEqual([]);
    expect((await call("POST", "/v1/events", event, school.key)).body).toMatchObject({ duplicate: false });
    expect(await tagsOf("anna")).toEqual(["vip"]);
  });
});

describe("the storage fails while it is looked for what is too old:", () => {
  test("nothing is forgotten, in memory neither", async () => {
    for (let n = 0; n < 3; n++) await school.event("tag.added", "anna", { tag: `t${n}` });
    await flushLog(school.id, "anna");
    setNow(Date.now() + 100 * 1_440 * MINUTE_MS);
    await failToWrite(stubOf(school.id, "anna"));
    await ring("anna");
    await school.event("tag.added", "anna", { tag: "late" });
    await evictDurableObject(stubOf(school.id, "anna"));
    const held = await everythingOf(school.id, "anna");
    expect(held?.beginning).toBeNull();
    expect(held?.journal).toHaveLength(4);
  });
});

describe("D1 fails:", () => {
  test("what it has heard it is not told again by the alarm, though the object's memory goes before that rings", async () => {
    await school.event("tag.added", "anna", { tag: "a" });
    await ring("anna");
    await flushLog(school.id, "anna");
    await evictDurableObject(stubOf(school.id, "anna"));
    const { object } = await school.object("anna");
    expect((await object.untold({ heard: null, exact: false })).batch).not.toBeNull();
    await announceGathered(env);
    queues.log.length = 0;
    setNow(Date.now() + LOG_NET_MS);
    await ring("anna");
    expect(queues.log.flatMap(({ users }) => users).filter((one) => one.school === school.id)).toEqual([]);
    expect((await object.untold({ heard: null, exact: false })).batch).toBeNull();
  });

  test("what was read for it and not written stays, over an eviction too", async () => {
    await school.event("user.signed_in", "anna");
    vi.spyOn(env.DB, "batch").mockRejectedValueOnce(new Error("planted"));
    await expect(flushLog(school.id, "anna")).rejects.toThrow("planted");
    await school.event("custom.note", "anna");
    await evictDurableObject(stubOf(school.id, "anna"));
    await flushLog(school.id, "anna");
    const { data } = (await call("GET", "/v1/runs", undefined, school.key)).body;
    expect(data).toMatchObject([{ user_id: "anna" }]);
  });

  test("an event is answered all the same, and its user found once it works again", async () => {
    const { length } = await school.event("user.signed_in", "anna").then(({ runs }) => runs);
    expect(length).toBe(1);
    const spies = [vi.spyOn(env.DB, "prepare"), vi.spyOn(env.DB, "batch")];
    for (const spy of spies)
      spy.mockImplementation(() => {
        throw new Error("planted");
      });
    expect((await school.event("user.signed_in", "ben")).runs).toHaveLength(1);
    for (const spy of spies) spy.mockRestore();
    await flushLog(school.id, "ben");
    expect((await call("GET", "/v1/users?q=ben", undefined, school.key)).body.data).toMatchObject([{ id: "ben" }]);
  });
});
