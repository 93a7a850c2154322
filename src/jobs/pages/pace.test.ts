import { describe, expect, test, vi } from "vitest";
import { countCosts } from "../../../test/workers/billed";
import { flushLog, liveSchool, setNow } from "../../../test/workers/live";
import { env } from "../../http/test-client";
import { alignJob } from "../../users/courses/align-job";
import { runJobPage, startJob } from "../start";
import { endOf, latelyOf } from "./pace";

const { school } = liveSchool();

describe("how fast a job goes", () => {
  const begun = { done: 0, total: 1_000, pace: null, createdAt: 0 };

  test("is told of the last half a minute or minute, and with it when it would end", () => {
    expect([latelyOf(begun, 5_000), endOf(begun, 5_000)]).toEqual([null, null]);
    expect([latelyOf({ ...begun, done: 100 }, 10_000), endOf({ ...begun, done: 100 }, 10_000)]).toEqual([10, 100_000]);
    const slower = { ...begun, done: 700, pace: JSON.stringify([100_000, 600, 130_000, 660]) };
    expect([latelyOf(slower, 150_000), endOf(slower, 150_000)]).toEqual([2, 300_000]);
  });

  test("cannot be told where nothing was done of late, and has no end behind its last user", () => {
    const stands = { ...begun, done: 600, pace: JSON.stringify([100_000, 600, 130_000, 600]) };
    expect([latelyOf(stands, 150_000), endOf(stands, 150_000)]).toEqual([0, null]);
    expect(endOf({ ...begun, done: 1_000 }, 10_000)).toBeNull();
  });

  test("is nothing a minute and a half after it was last looked at, though much was done before", () => {
    const stalled = { ...begun, done: 900, pace: JSON.stringify([100_000, 300, 130_000, 600]) };
    expect([140_000, 160_000, 190_000, 219_999].map((now) => latelyOf(stalled, now))).toEqual([15, 10, 5, 3.3]);
    expect([latelyOf(stalled, 220_000), endOf(stalled, 220_000)]).toEqual([0, null]);
  });

  test("stands in its answer while it goes on", async () => {
    vi.spyOn(scheduler, "wait").mockResolvedValue();
    await school.event("user.signed_in", "anna");
    await school.ask("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
    const id = await startJob(env, await school.school(), alignJob, { segment: "seg", fire: false });
    const job = async () => (await school.ask("GET", `/v1/jobs/${id}`)).body;
    expect(await job()).toMatchObject({ rate_lately: null, ends_at: null });
    await env.DB.prepare("update jobs set total = 61, done = 31, pace = ? where id = ?")
      .bind(JSON.stringify([Date.now() - 40_000, 0, Date.now() - 31_000, 10]), id)
      .run();
    const told = await job();
    expect(told.rate_lately).toBeCloseTo(31 / 40, 0);
    expect(Date.parse(told.ends_at)).toBeGreaterThan(Date.now() + 30_000);
    await runJobPage(env, school.id, id);
    const moved = await env.DB.prepare("select pace from jobs where id = ?").bind(id).first<string>("pace");
    expect(JSON.parse(moved ?? "")).toMatchObject([expect.any(Number), 10, expect.any(Number), expect.any(Number)]);
    await school.ask("POST", `/v1/jobs/${id}/cancel`);
    expect(await job()).toMatchObject({ status: "cancelled", rate_lately: null, ends_at: null });
  });
});

test("a page of a queue is spread locally, so that events find room in it; one that somebody waits for is not", async () => {
  const users = Array.from({ length: 30 }, (_, n) => `u${n}`);
  for (const user of users) await school.event("user.signed_in", user);
  await flushLog(school.id, ...users);
  await school.ask("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
  const wait = vi.spyOn(scheduler, "wait").mockResolvedValue();
  const job = await startJob(env, await school.school(), alignJob, { segment: "seg", fire: false });
  wait.mockClear();
  // The page takes no time but what it waits.
  setNow(Date.now());
  await runJobPage(env, school.id, job);
  // Of thirty, after the first dozen and the second, as long as so many may take.
  expect(wait.mock.calls.slice(0, 2)).toEqual([[100], [200]]);
  wait.mockClear();
  await startJob(env, await school.school(), alignJob, { segment: "seg", fire: false }, { inline: true });
  expect(wait).not.toHaveBeenCalled();
});

test("a page that changes nothing of its users writes no row of theirs, in their objects or in D1", async () => {
  vi.spyOn(scheduler, "wait").mockResolvedValue();
  const users = ["anna", "ben", "cleo"];
  for (const user of users) await school.event("user.signed_in", user);
  await flushLog(school.id, ...users);
  await school.ask("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
  const align = async () => {
    const id = await startJob(env, await school.school(), alignJob, { segment: "seg", fire: false });
    await runJobPage(env, school.id, id);
    setNow(Date.now() + 20_000);
    await runJobPage(env, school.id, id);
    expect((await school.ask("GET", `/v1/jobs/${id}`)).body.status).toBe("done");
  };
  await align();
  const costs = await countCosts(school.id);
  await align();
  expect(costs.objectCalls.filter((call) => call === "change").length).toBeGreaterThanOrEqual(3);
  expect(costs.rowsWritten).toBe(0);
  // The job's own row: it is made, and claimed and saved once a page.
  const writes = costs.statements.filter(
    (sql) => /^(insert|update|delete)/i.test(sql) && !/^delete from "job_/.test(sql),
  );
  expect(writes.map((sql) => /^(insert into|update) "?(\w+)/i.exec(sql)?.[2])).toEqual(Array(5).fill("jobs"));
});
