import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { consume, env, handOver, liveSchool, stubOf } from "../../test/workers/live";
import { database } from "../db/client";
import { users } from "../db/schema";

const { school, queues } = liveSchool();

describe("a batch of runs", () => {
  test("waits two seconds for one that takes long, which goes on behind", async () => {
    await school.automation({ when: [{ type: "user.signed_in" }], then: [{ type: "tags.add", tags: ["x"] }] });
    await school.event("user.signed_in", "anna");
    const { promise, resolve } = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await runInDurableObject(stubOf(school.id, "anna"), (instance) => {
      const { behind } = instance;
      const advance = behind.advance.bind(behind);
      vi.spyOn(behind, "advance").mockImplementation(async (...given) => {
        asked.resolve();
        await promise;
        return advance(...given);
      });
    });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const taken = handOver("schoolbell-actions", queues.actions.splice(0));
    const isDone = vi.fn();
    taken.then(isDone);
    // Only now does the batch look at the clock.
    await asked.promise;
    await vi.advanceTimersByTimeAsync(1_999);
    expect(isDone).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    const rest = await taken;
    resolve();
    expect(await rest()).toMatchObject({ explicitAcks: ["0"], retryMessages: [] });
    expect((await school.ask("GET", "/v1/users/anna")).body.tags).toEqual(["x"]);
  });
});

describe("the users of a school", () => {
  test("are woken by pages, each of which sends word of the next", async () => {
    const rows = Array.from({ length: 130 }, (_, n) => {
      const id = `u${String(n).padStart(3, "0")}`;
      return { school: school.id, id, createdAt: 0, registeredAt: 0, search: id, seq: 0, nextWake: 1 };
    });
    for (let from = 0; from < rows.length; from += 10)
      await database(env.DB)
        .insert(users)
        .values(rows.slice(from, from + 10));
    const waking = async () => {
      const { results } = await env.DB.prepare("select id from users where school = ? and next_wake is not null")
        .bind(school.id)
        .all();
      return results.length;
    };
    await consume("schoolbell-actions", [{ kind: "wake_school", school: school.id }]);
    expect(queues.actions).toEqual([
      { kind: "wake_school", school: school.id, behind: { user: "u099", wake: expect.any(Number) } },
    ]);
    expect(await waking()).toBe(30);
    await consume("schoolbell-actions", queues.actions.splice(0));
    expect([await waking(), queues.actions]).toEqual([0, []]);
  });

  test("come slower where their objects shed, each of whom is met again", async () => {
    const rows = Array.from({ length: 120 }, (_, n) => {
      const id = `s${String(n).padStart(3, "0")}`;
      return { school: school.id, id, createdAt: 0, registeredAt: 0, search: id, seq: 0, nextWake: 1 };
    });
    for (let from = 0; from < rows.length; from += 10)
      await database(env.DB)
        .insert(users)
        .values(rows.slice(from, from + 10));
    const getByName = env.USERS.getByName.bind(env.USERS);
    let asked = 0;
    const spy = vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
      if (name !== JSON.stringify([school.id, "s005"])) return getByName(name);
      asked++;
      throw Object.assign(new Error("Durable Object is overloaded."), { overloaded: true });
    });
    const send = vi.spyOn(env.JOBS, "send");
    await consume("schoolbell-actions", [{ kind: "wake_school", school: school.id }]);
    expect(send.mock.lastCall).toEqual([expect.objectContaining({ kind: "wake_school" }), { delaySeconds: 15 }]);
    expect(asked).toBe(1);
    spy.mockRestore();
    send.mockRestore();
    const { results } = await env.DB.prepare("select id from users where school = ? and next_wake = 0")
      .bind(school.id)
      .all();
    expect(results).toEqual([{ id: "s005" }]);
  });
});
