import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Run } from "../src/engine/types";
import { announceGathered } from "../src/journal/announce";
import { writeLog } from "../src/journal/write";
import {
  call,
  consume,
  env,
  failToWrite,
  flushLog,
  type HeldQueues,
  holdQueuesAnew,
  makeSchool,
  stubOf,
  type TestSchool,
} from "../test/workers/live";
import { LOG_NET_MS } from "./telling/telling";

let queues: HeldQueues;
let school: TestSchool;

beforeEach(async () => {
  queues = await holdQueuesAnew();
  school = await makeSchool();
});

/** Sets the clock of the Worker and its objects; the runtime's own alarms go by another. */
const setNow = (now: number) => vi.useFakeTimers({ now, toFake: ["Date"] });
const ring = (user: string) => runDurableObjectAlarm(stubOf(school.id, user));
const tagOn = (type: string, tag: string, more: Record<string, unknown> = {}) =>
  school.automation({ when: [{ type }], then: [{ type: "tags.add", tags: [tag] }], ...more });

describe("the log", () => {
  const runs = async () => (await call("GET", "/v1/runs", undefined, school.key)).body.data;

  test("is kept until D1 has it, and offered again when it does not", async () => {
    await tagOn("user.signed_in", "seen", { synchronous: true });
    await school.event("user.signed_in", "anna");
    await announceGathered(env);
    vi.spyOn(env.DB, "batch").mockRejectedValueOnce(new Error("planted"));
    await expect(consume("schoolbell-log", queues.log.splice(0))).rejects.toThrow("planted");
    expect(await runs()).toEqual([]);
    setNow(Date.now() + LOG_NET_MS);
    await ring("anna");
    await consume("schoolbell-log", queues.log.splice(0));
    expect(await runs()).toMatchObject([{ status: "completed" }]);
  });

  test("written twice is written once", async () => {
    await tagOn("user.signed_in", "seen", { synchronous: true });
    await school.event("user.signed_in", "anna");
    const { object } = await school.object("anna");
    const [one, two] = await Promise.all([
      object.untold({ heard: null, exact: false }),
      object.untold({ heard: null, exact: true }),
    ]);
    for (const { batch } of [one, two]) {
      if (!batch) throw new Error("nothing to tell");
      await writeLog(env, [batch]);
      await object.untold({ heard: batch.seq, exact: false });
    }
    expect(await runs()).toHaveLength(1);
    expect((await object.untold({ heard: null, exact: true })).batch).toBeNull();
  });

  test("never goes back: a batch that comes late does not undo a newer one", async () => {
    await tagOn("user.signed_in", "seen");
    await school.event("user.signed_in", "anna");
    const { object, reference } = await school.object("anna");
    const older = (await object.untold({ heard: null, exact: true })).batch;
    await object.advance(reference, null, 1_000);
    const newer = (await object.untold({ heard: null, exact: true })).batch;
    if (!older || !newer) throw new Error("nothing to tell");
    for (const batch of [newer, older]) {
      await writeLog(env, [batch]);
      await object.untold({ heard: batch.seq, exact: false });
    }
    await flushLog(school.id, "anna");
    expect(await runs()).toMatchObject([{ status: "completed" }]);
    const users = await call("GET", "/v1/users?tag=seen", undefined, school.key);
    expect(users.body.data).toMatchObject([{ id: "anna" }]);
  });

  test("leaves D1 no mark of before an eviction that the object forgot to have told", async () => {
    await tagOn("user.signed_in", "seen", { synchronous: true });
    await school.automation({
      synchronous: true,
      when: [{ type: "signup.approved" }],
      then: [{ type: "tags.remove", tags: ["seen"] }],
    });
    const marks = async () =>
      (await env.DB.prepare("select value from user_marks where school = ?").bind(school.id).all()).results;
    await school.event("user.signed_in", "anna");
    await flushLog(school.id, "anna");
    expect(await marks()).toEqual([{ value: "seen" }]);
    await evictDurableObject(stubOf(school.id, "anna"));
    await school.event("signup.approved", "anna");
    await flushLog(school.id, "anna");
    expect(await marks()).toEqual([]);
  });

  test("of one user that cannot be read holds back nobody else's", async () => {
    await tagOn("user.signed_in", "seen", { synchronous: true });
    await school.event("user.signed_in", "anna");
    await school.event("user.signed_in", "ben");
    await runInDurableObject(stubOf(school.id, "anna"), (instance) => {
      vi.spyOn(instance, "untold").mockRejectedValue(new Error("planted"));
    });
    await flushLog(school.id, "anna", "ben");
    expect(await runs()).toMatchObject([{ user_id: "ben" }]);
  });

  describe("of a user with whom much happens", () => {
    const EVENTS = 18;
    const logRows = () =>
      runInDurableObject(stubOf(school.id, "anna"), (_, { storage }) =>
        storage.sql
          .exec<{ body: string }>("select body from ended order by seq")
          .toArray()
          .map(({ body }) => JSON.parse(body).length),
      );
    const pending = async () => {
      const { batch } = await (await school.object("anna")).object.untold({ heard: null, exact: false });
      if (!batch) throw new Error("nothing to tell");
      return batch;
    };
    const happen = async (times: number) => {
      const answers = [];
      for (let n = 0; n < times; n++) answers.push(await school.event("user.signed_in", "anna"));
      return answers.flatMap(({ runs }) => runs.map(({ id }: { id: string }) => id));
    };

    beforeEach(() => tagOn("user.signed_in", "seen", { synchronous: true }));

    test("moves to rows of its own that no event writes again, and outlives an eviction", async () => {
      const ids = await happen(EVENTS);
      expect(await logRows()).toEqual([8, 8]);
      await evictDurableObject(stubOf(school.id, "anna"));
      const { ended: runs } = await pending();
      expect(runs.map(({ id }) => id).sort()).toEqual(ids.sort());
    });

    test("stays in its rows when D1 has heard of it, and is told no more but for what came meanwhile", async () => {
      const { object } = await school.object("anna");
      await happen(EVENTS);
      const told = await pending();
      const later = await happen(6);
      await object.untold({ heard: told.seq, exact: false });
      // What was heard is written with the next turn.
      later.push(...(await happen(1)));
      expect(await logRows()).toEqual([8, 8, 8]);
      await evictDurableObject(stubOf(school.id, "anna"));
      const rest = await pending();
      expect(rest.ended.map(({ id }) => id)).toEqual(later);
      await object.untold({ heard: rest.seq, exact: false });
      expect(await logRows()).toEqual([8, 8, 8]);
      expect((await object.untold({ heard: null, exact: false })).batch).toBeNull();
    });

    test("is as it was when a turn throws", async () => {
      const ids = await happen(EVENTS);
      await failToWrite(stubOf(school.id, "anna"));
      await call("POST", "/v1/events", { id: "e-1", type: "user.signed_in", user: { id: "anna" } }, school.key);
      const { ended: runs } = await pending();
      expect(runs.map(({ id }) => id).sort()).toEqual(ids.sort());
    });

    test("has a run as it is now, not as its row has it", async () => {
      await school.automation({
        when: [{ type: "user.signed_in" }],
        then: [{ type: "segment.add", segments: ["none"], on_error: "stop" }],
        synchronous: true,
      });
      await happen(EVENTS);
      const { object, reference } = await school.object("anna");
      const first = (await pending()).ended.find(({ status }) => status === "failed");
      if (!first) throw new Error("no run");
      const failed: Run = {
        ...first,
        subject: "",
        place: 0,
        round: 0,
        waited: false,
        chain: [],
        lineage: [],
        heard: [],
      };
      expect(await object.retryRun(reference, failed)).toBe(true);
      // Another who asked at the same time.
      expect(await object.retryRun(reference, failed)).toBe(false);
      await evictDurableObject(stubOf(school.id, "anna"));
      const again = (await pending()).ended.filter(({ id }) => id === first.id);
      expect(again).toHaveLength(1);
      expect(again[0]?.steps.length).toBe(2 * first.steps.length);
    });
  });
});
