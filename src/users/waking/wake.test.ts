import { beforeEach, expect, test, vi } from "vitest";
import { call, env, flushLog, liveSchool, PLATFORM } from "../../../test/workers/live";
import { wakeUsers } from "./wake";

const { school } = liveSchool();

beforeEach(async () => {
  await school.automation({
    when: [{ type: "custom", name: "ping" }],
    then: [
      { type: "wait", for: "PT10M" },
      { type: "tags.add", tags: ["pinged"] },
    ],
  });
  await school.event("user.signed_in", "anna");
  await flushLog(school.id, "anna");
  // As whoever changes an automation asks for it.
  await env.DB.prepare("update users set next_wake = 1 where school = ?").bind(school.id).run();
});

const thought = async (): Promise<number | null | undefined> =>
  (await env.DB.prepare("select next_wake from users where school = ?").bind(school.id).first<{ next_wake: number }>())
    ?.next_wake;

test("waking a user puts right when the directory thinks they next have something to do", async () => {
  expect(await wakeUsers(env, await school.school(), ["anna"], null)).toMatchObject([{ user: "anna" }]);
  expect(await thought()).toBeNull();
});

test("what a user's object tells while it is being woken stands", async () => {
  const getByName = env.USERS.getByName.bind(env.USERS);
  const spy = vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    const stub = getByName(name);
    return new Proxy(stub, {
      get: (_, method) =>
        method === "advance"
          ? async (...args: Parameters<typeof stub.advance>) => {
              const advanced = await stub.advance(...args);
              spy.mockRestore();
              await school.event("custom.ping", "anna");
              await wakeQueued();
              await flushLog(school.id, "anna");
              return advanced;
            }
          : (...args: unknown[]) =>
              // A stub answers to every name with a remote method.
              (stub as unknown as Record<PropertyKey, (...args: unknown[]) => unknown>)[method]?.(...args),
    });
  });
  const wakeQueued = async () => {
    const { object, reference } = await school.object("anna");
    await object.advance(reference, null, 100);
  };
  const before = Date.now();
  expect(await wakeUsers(env, await school.school(), ["anna"], null)).toMatchObject([{ nextWake: null }]);
  expect(await thought()).toBeGreaterThan(before);
});

test("a user who could not be woken is left to the watchdog's next round", async () => {
  const own = await school.school();
  const spy = vi.spyOn(env.USERS, "getByName").mockImplementation(() => {
    throw new Error("planted");
  });
  await env.DB.prepare("update users set next_wake = null where school = ?").bind(school.id).run();
  expect(await wakeUsers(env, own, ["anna"], null)).toEqual([]);
  spy.mockRestore();
  expect(await thought()).toBe(0);
});

test("a user of a school that is suspended meanwhile is left to whoever lifts that", async () => {
  await call("PATCH", `/v1/schools/${school.id}`, { suspended: true }, PLATFORM);
  await env.DB.prepare("update users set next_wake = null where school = ?").bind(school.id).run();
  expect(await wakeUsers(env, await school.school(), ["anna"], null)).toEqual([]);
  expect(await thought()).toBe(0);
});
