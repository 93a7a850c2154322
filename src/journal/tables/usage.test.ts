import { beforeEach, describe, expect, test, vi } from "vitest";
import { call, consume, env, liveSchool, makeSchool, PLATFORM, setNow } from "../../../test/workers/live";
import { retain } from "../../../test/workers/retaining";
import { forgetEverything } from "../../base/cache";
import { DAY_COUNTS_DAYS } from "../../cron/old";
import { COSTS, costsOf } from "../../schools/costs/costs";
import { announceGathered, countEventsOf, wakeGathered } from "../announce";
import { writeCounted } from "./usage";

const { school, queues } = liveSchool();
beforeEach(forgetEverything);

const go = { when: [{ type: "custom", name: "go" }], then: [{ type: "tags.add", tags: ["x"] }] };

async function work(): Promise<void> {
  await announceGathered(env);
  await wakeGathered(env);
  for (let n = 0; n < 3; n++) {
    await consume("schoolbell-actions", queues.actions.splice(0));
    await consume("schoolbell-log", queues.log.splice(0));
  }
}
const used = async (id = school.id) => {
  const [now] = (await costsOf(env, [id])).get(id) ?? [];
  return now && [now.events, now.runs, now.deliveries];
};

test("events go along with the next message, and are counted with what came of them, each once", async () => {
  await school.automation({ ...go, then: [...go.then, { type: "email.user", subject: "Hi", body: "Hi" }] });
  const anna = { id: "anna", email: "anna@acme.com" };
  for (let n = 0; n < 3; n++) await school.event("custom.other", anna);
  await school.event("custom.go", anna);
  await work();
  expect(await used()).toEqual([4, 1, 1]);
  // Whoever has forgotten that D1 heard of it tells it again.
  const { object } = await school.object("anna");
  await object.tellAnew(null);
  await work();
  await school.event("custom.other", anna);
  await work();
  await writeCounted(env);
  expect(await used()).toEqual([5, 1, 1]);
});

test("events alone cost no message until there are a thousand, and then one", async () => {
  const sent = async (n: number) => {
    countEventsOf(env, await school.school(), n);
    return queues.log.length;
  };
  expect(await sent(999)).toBe(0);
  await sent(1);
  await vi.waitFor(() => expect(queues.log).toHaveLength(1));
  expect(queues.log).toEqual([{ users: [], events: [[school.id, 1, 1_000]] }]);
  await consume("schoolbell-log", queues.log.splice(0));
  expect(await used()).toEqual([1_000, 0, 0]);
});

test("of two schools each has its own, and all together stay when one is gone", async () => {
  const other = await makeSchool();
  const [before = 0] = (await used("")) ?? [];
  for (const one of [school, other, other]) countEventsOf(env, await one.school(), 1);
  countEventsOf(env, { id: "nobody", epoch: 1 }, 1);
  await writeCounted(env);
  expect([await used(), await used(other.id)]).toEqual([
    [1, 0, 0],
    [2, 0, 0],
  ]);
  await call("DELETE", `/v1/schools/${other.id}`, undefined, PLATFORM);
  await consume("schoolbell-jobs", [{ kind: "clear_school", school: other.id }]);
  expect((await used(other.id))?.[0]).toBe(0);
  expect((await used(""))?.[0]).toBe(before + 3);
  await env.DB.prepare("delete from deleted_schools where id = ?").bind(other.id).run();
});

test("what could not be written is counted later", async () => {
  countEventsOf(env, await school.school(), 2);
  await expect(
    writeCounted({ ...env, DB: { ...env.DB, prepare: env.DB.prepare.bind(env.DB), batch: failing } as never }),
  ).rejects.toThrow("no D1");
  await writeCounted(env);
  expect((await used())?.[0]).toBe(2);
});
const failing = async () => {
  throw new Error("no D1");
};

describe("figures of months", () => {
  test("are those of this one and the last, by UTC, with what they cost", async () => {
    const count = async (at: number, n: number) => {
      setNow(at);
      countEventsOf(env, await school.school(), n);
      await writeCounted(env);
      // Many leave by themselves.
      if (n >= 1_000) await vi.waitFor(() => expect(queues.log).toHaveLength(1));
      await work();
    };
    await count(Date.UTC(2027, 0, 1), 1);
    await count(Date.UTC(2027, 1, 28, 23, 59), 1_000_000);
    await count(Date.UTC(2027, 2, 1), 10);
    await count(Date.UTC(2027, 2, 31, 12), 20);
    const costs = (await costsOf(env, [school.id])).get(school.id);
    expect(costs).toMatchObject([
      { month: "2027-03", events: 30 },
      { month: "2027-02", events: 1_000_000, dollars: expect.closeTo(1.49) },
    ]);
    expect((await school.ask("GET", "/v1/health")).body.costs).toEqual(costs);
    const own = await call("GET", `/v1/costs/${school.id}`, undefined, PLATFORM);
    expect(own.body).toMatchObject({ school_id: school.id, costs });
    const listed = await call("GET", "/v1/costs?limit=100", undefined, PLATFORM);
    expect(listed.body.data).toContainEqual({
      school_id: expect.any(String),
      name: expect.any(String),
      costs: expect.any(Array),
    });
    expect(listed.body.costs[0].events).toBeGreaterThanOrEqual(30);
    expect((await school.ask("GET", "/v1/costs")).status).toBe(403);
  });

  test("are kept for 400 days, and read by their key", async () => {
    const rows = async () =>
      (
        await env.DB.prepare("select count(*) as n from usage where school in (?, '') and day < '2020'")
          .bind(school.id)
          .first<{ n: number }>()
      )?.n;
    setNow(Date.UTC(2019, 0, 1));
    countEventsOf(env, await school.school(), 1);
    await writeCounted(env);
    setNow(Date.UTC(2019, 0, 1 + DAY_COUNTS_DAYS));
    await retain(env);
    expect(await rows()).toBe(2);
    setNow(Date.UTC(2019, 0, 2 + DAY_COUNTS_DAYS));
    await retain(env);
    expect(await rows()).toBe(0);
    const plan = await env.DB.prepare(`explain query plan ${COSTS}`)
      .bind('["a"]', "2026-01-01")
      .all<{ detail: string }>();
    expect(plan.results.map(({ detail }) => detail)).toContainEqual(
      expect.stringMatching(/SEARCH usage USING PRIMARY KEY \(school=\? AND day>\?\)/),
    );
  });
});
