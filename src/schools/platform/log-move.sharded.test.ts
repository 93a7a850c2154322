import { describe, expect, test, vi } from "vitest";
import { call, consume, env, liveSchool, PLATFORM } from "../../../test/workers/live";
import { loggedSchool } from "../../../test/workers/log-move";
import { epochAfter } from "../../base/jurisdiction";
import { nearlyFull, placeForNew, shardsOf } from "../../db/log";
import { clearSchool } from "../life/clear";
import { takeUpPlatformJobs } from "./jobs";
import { logMoveJob } from "./log-move";

/* A log in a shard, and on its way from one to another. */

const made = liveSchool("live", { connectors: { webhook: {} } });
const { school, queues } = made;
const { settle, rowsByPlace, stateOf, moveTo, pass, shown, lived } = loggedSchool(made);

test("a log lies in one shard, and people read it there", async () => {
  const automations = await lived();
  const { log } = await stateOf();
  expect(Object.keys(await rowsByPlace())).toEqual([log]);
  expect([...shardsOf(env).keys()]).toContain(log);
  const { runs, stats } = await shown(automations);
  expect(runs).toHaveLength(6);
  expect(stats.map((one) => [one.runs.waiting, one.runs.completed])).toEqual([
    [3, 0],
    [0, 3],
  ]);
});

test("databases are told with their sizes, and which of them is nearly full", async () => {
  const { data } = (await call("GET", "/v1/logs", undefined, PLATFORM)).body;
  expect(data.map(({ log }: { log: string }) => log)).toEqual(["main", "0", "EU_0", "1"]);
  expect(data.every(({ bytes }: { bytes: number }) => bytes > 0)).toBe(true);
  const GB = 1024 ** 3;
  const sizes = [
    { place: null, bytes: 8 * GB },
    { place: "3", bytes: 9 * GB },
  ];
  expect(nearlyFull(sizes)).toEqual([expect.stringContaining("LOG_3 is 90 % full")]);
  expect(nearlyFull([{ place: "EU_0", bytes: 9 * GB }])).toEqual([expect.stringContaining("bind another LOG_EU_<")]);
});

test("a new school's log lies in the smallest shard", async () => {
  const place = await placeForNew(env);
  const made = await call("POST", "/v1/schools", { name: "New", mode: "live" }, PLATFORM);
  const { log } = (await call("GET", `/v1/schools/${made.body.school.id}/log`, undefined, PLATFORM)).body;
  expect(log).toBe(place);
  expect(["0", "1"]).toContain(log);
});

test("a log leaves its school's jurisdiction by no move, and comes into none", async () => {
  const { log } = await stateOf();
  const refused = await moveTo("EU_0");
  expect([refused.status, refused.body.errors[0].path]).toEqual([422, "/to"]);
  expect(refused.body.errors[0].message).toContain('of this school: "main", "0", "1"');
  const toEpoch = (epoch: number, place: string) =>
    env.DB.prepare("update schools set epoch = ?, log = ? where id = ?").bind(epoch, place, school.id).run();
  await toEpoch(epochAfter(0, "eu"), "EU_0");
  for (const to of ["0", "1", "main", "US_0"]) {
    const { status, body } = await moveTo(to);
    expect([status, body.errors[0].message]).toEqual([
      422,
      expect.stringContaining('LOG_EU_<number>, of this school: "EU_0"'),
    ]);
  }
  expect((await moveTo("EU_0")).status).toBe(409);
  await toEpoch(1, log);
});

describe("a move", () => {
  test("loses nothing and counts nothing twice, what happens meanwhile too, there and back", async () => {
    const automations = await lived();
    const first = (await stateOf()).log;
    for (const to of [first === "0" ? "1" : "0", "main", first]) {
      const from = (await stateOf()).log;
      const before = await shown(automations);
      expect((await moveTo(to)).status).toBe(202);
      expect(await stateOf()).toMatchObject({ log: from, moves_to: to });
      // It happens all the same, and is told later.
      await school.event("tag.added", `mid-${to}`, { tag: "vip" });
      await settle();
      expect(await shown(automations)).toEqual(before);
      await pass(3);
      expect(await stateOf()).toMatchObject({ log: to, moves_to: null });
      await pass(10);
      expect((await stateOf()).move.ended_at).not.toBeNull();
      expect(Object.keys(await rowsByPlace())).toEqual([to]);
      // The object's own alarm is the net for what was announced and not written.
      await school.ring(`mid-${to}`);
      await settle();
      const after = await shown(automations);
      expect(after.runs).toHaveLength(before.runs.length + 1);
      expect(after.runs.filter((run: { user_id: string }) => run.user_id !== `mid-${to}`)).toEqual(before.runs);
      expect(after.deliveries).toEqual(before.deliveries);
      expect(after.stats[1]?.runs.completed).toBe((before.stats[1]?.runs.completed ?? 0) + 1);
      expect(after.stats[0]).toEqual(before.stats[0]);
    }
    // Not one row is left for the check of all files.
    expect((await rowsByPlace()).main).toBeUndefined();
  });

  test("undoes nothing that was written after it arrived, where its last page is done again", async () => {
    const automations = await lived();
    const [from, to] = (await stateOf()).log === "0" ? ["0", "1"] : ["1", "0"];
    await moveTo(to);
    await pass(3);
    await school.event("tag.added", "after", { tag: "vip" });
    await settle();
    const before = await shown(automations);
    const params = { school: school.id, epoch: 1, from, to };
    const again = await logMoveJob.page(env, params, JSON.stringify({ part: "copy", table: 0, after: [] }));
    expect(again).toMatchObject({ done: 0, next: expect.stringContaining("read") });
    expect(await shown(automations)).toEqual(before);
  });

  test("is not undone by a page of it that was under way while another brought it to its end", async () => {
    const automations = await lived();
    for (const round of ["there", "back"]) {
      const from = (await stateOf()).log;
      const to = from === "main" ? "1" : "main";
      await moveTo(to);
      const target = shardsOf(env).get(to) ?? env.DB;
      const batch = target.batch.bind(target);
      let before: unknown;
      const stalled = vi.spyOn(target, "batch").mockImplementationOnce(async (statements) => {
        stalled.mockRestore();
        await pass(3);
        for (const user of ["anna", round]) await school.event("tag.added", user, { tag: `vip` });
        await settle();
        before = await shown(automations);
        return batch(statements);
      });
      const params = { school: school.id, epoch: 1, from, to };
      const late = await logMoveJob.page(env, params, JSON.stringify({ part: "copy", table: 2, after: [] }));
      expect(late).toMatchObject({ done: 0, next: expect.stringContaining("quiet") });
      // Nor does what that page would go on with.
      const next = await logMoveJob.page(env, params, late.next);
      expect(next.next).toContain("read");
      expect(await shown(automations)).toEqual(before);
      await pass(5);
      expect(Object.keys(await rowsByPlace())).toEqual([to]);
      expect((await stateOf()).move.endedAt).not.toBeNull();
    }
  });

  test("that was cut off between opening the new place and saying so arrives all the same", async () => {
    const automations = await lived();
    const before = await shown(automations);
    const to = (await stateOf()).log === "0" ? "1" : "0";
    await moveTo(to);
    await shardsOf(env).get(to)?.prepare("delete from closed_schools where school = ?").bind(school.id).run();
    await pass(6);
    expect((await stateOf()).log).toBe(to);
    expect(await shown(automations)).toEqual(before);
    await school.event("tag.added", "new", { tag: "vip" });
    await settle();
    expect((await shown(automations)).runs).toHaveLength(7);
  });

  test("brings nobody back who is erased: that waits until it is over", async () => {
    await lived();
    const to = (await stateOf()).log === "0" ? "1" : "0";
    await moveTo(to);
    const refused = await school.ask("DELETE", "/v1/users/anna");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"]);
    await pass(6);
    expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
    const left = (await school.ask("GET", "/v1/runs?limit=100")).body.data;
    expect(left.map(({ user_id }: { user_id: string }) => user_id)).not.toContain("anna");
  });

  test("whose first word the queue does not take has begun all the same, and goes on by cron", async () => {
    const to = (await stateOf()).log === "0" ? "1" : "0";
    vi.spyOn(env.JOBS, "send").mockRejectedValueOnce(new Error("Queue send failed: Too Many Requests"));
    expect((await moveTo(to)).status).toBe(202);
    for (let minute = 0; minute < 14; minute++) {
      await takeUpPlatformJobs(env);
      await pass(1);
    }
    expect(await stateOf()).toMatchObject({ log: to, moves_to: null });
  });

  test("goes where a database is bound, once at a time, for the platform alone", async () => {
    const { log } = await stateOf();
    expect((await moveTo("7")).status).toBe(422);
    expect((await moveTo(log)).status).toBe(409);
    expect((await school.ask("POST", `/v1/schools/${school.id}/log`, { to: "main" })).status).toBe(403);
    const other = log === "0" ? "1" : "0";
    await moveTo(other);
    expect((await moveTo("main")).status).toBe(409);
    expect((await moveTo(other)).status).toBe(202);
  });
});

test("of a deleted school nothing is left in any shard, and what comes late is refused", async () => {
  await lived();
  await school.event("tag.added", "late", { tag: "vip" });
  const late = queues.log.splice(0);
  expect((await call("DELETE", `/v1/schools/${school.id}`, undefined, PLATFORM)).status).toBe(204);
  for (let page = 0; page < 10; page++) await clearSchool(env, school.id);
  await consume("schoolbell-log", late);
  expect(await rowsByPlace()).toEqual({});
});
