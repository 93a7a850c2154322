import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { furnishedSchool } from "../../test/workers/furnished";
import { bareSchool, consume, env, flushLog, liveSchool, setNow } from "../../test/workers/live";
import { HELD_KINDS } from "../db/deleting/held";
import worker from "../index";
import { DUE_SCHOOLS } from "./end";
import { DELETE } from "./kinds";

/* What is held in a live school: cron finds it at its moment, and nobody else. */

const { school, queues } = liveSchool();

const HOUR_MS = 3_600_000;

/** The minute's round, and what it sends to the queue of jobs. */
async function minute(): Promise<unknown[]> {
  const context = createExecutionContext();
  await worker.scheduled({ cron: "* * * * *", scheduledTime: Date.now(), noRetry() {} }, env, context);
  await waitOnExecutionContext(context);
  return queues.actions.splice(0).filter(({ kind }) => kind === "end_held");
}

const drip = { when: [{ type: "custom", name: "go" }], then: [{ type: "wait", for: "P2D" }] };

describe("cron", () => {
  test("ends what is held at its moment, as DELETE does, and not before", async () => {
    const now = Date.now();
    setNow(now);
    const automation = await school.automation(drip);
    await school.event("custom.go", "anna");
    for (let more = queues.actions.splice(0); more.length; more = queues.actions.splice(0))
      await consume("schoolbell-actions", more);
    await flushLog(school.id, "anna");
    const held = await school.ask("DELETE", `/v1/automations/${automation}?hold=PT1H`);
    expect(held).toMatchObject({ status: 202, body: { runs: 1, users: 1 } });
    setNow(now + HOUR_MS - 1);
    expect(await minute()).toEqual([]);
    setNow(now + HOUR_MS);
    const messages = await minute();
    expect(messages).toEqual([{ kind: "end_held", school: school.id }]);
    // A message that comes twice ends nothing twice.
    await consume("schoolbell-jobs", [...messages, ...messages]);
    expect((await school.ask("GET", `/v1/automations/${automation}`)).status).toBe(404);
    await flushLog(school.id, "anna");
    const [run] = (await school.ask("GET", "/v1/runs?user=anna")).body.data;
    expect(run).toMatchObject({ status: "exited", reason: "deleted" });
    expect((await school.school()).deletesAt).toBeNull();
    expect(await minute()).toEqual([]);
  });

  test("what was restored in time stands, whatever is still on its way", async () => {
    const now = Date.now();
    setNow(now);
    const automation = await school.automation(drip);
    await school.ask("DELETE", `/v1/automations/${automation}?hold=PT1H`);
    setNow(now + HOUR_MS);
    const messages = await minute();
    await school.ask("POST", `/v1/automations/${automation}/restore`);
    await consume("schoolbell-jobs", messages);
    expect((await school.ask("GET", `/v1/automations/${automation}`)).body).not.toHaveProperty("delete_at");
  });

  test.each(HELD_KINDS)("what is restored while it is about to end is not deleted: %s", async (kind) => {
    const it = await furnishedSchool();
    await it.hold(kind);
    await it.restore(kind);
    const due = { who: "system", fire: false, dueBy: Number.MAX_SAFE_INTEGER };
    await expect(DELETE[kind](env, await it.school(), it.ids[kind], due)).rejects.toMatchObject({ kind: "not_found" });
    expect((await it.ask("GET", it.at(kind))).status).toBe(200);
  });

  test("what is named by something by then stands again", async () => {
    const now = Date.now();
    setNow(now);
    await school.ask("POST", "/v1/segments", { id: "s1", name: "S" });
    await school.ask("DELETE", "/v1/segments/s1?hold=PT1H");
    // As a Worker of before, which knows nothing of what is held, would let it come about.
    await env.DB.prepare(
      "insert into segment_syncs (school, id, name, active, segment, course, role, on_leave, created_at) values (?, 'syn_1', 'Sync', 1, 's1', 'c1', 'student', 'unenrol', 0)",
    )
      .bind(school.id)
      .run();
    setNow(now + HOUR_MS);
    await consume("schoolbell-jobs", await minute());
    expect((await school.ask("GET", "/v1/segments/s1")).body).not.toHaveProperty("delete_at");
    expect((await school.ask("GET", "/v1/audit?what=segment.restored")).body.data).toMatchObject([{ who: "system" }]);
  });

  test("a suspended school's stays held until it is one no more", async () => {
    const now = Date.now();
    setNow(now);
    const automation = await school.automation(drip);
    await school.ask("DELETE", `/v1/automations/${automation}?hold=PT1H`);
    await env.DB.prepare("update schools set suspended = 1 where id = ?").bind(school.id).run();
    setNow(now + HOUR_MS);
    expect(await minute()).toEqual([]);
  });

  test("more than one message ends is gone on with", async () => {
    const now = Date.now();
    setNow(now);
    for (let n = 0; n < 25; n++) {
      await school.ask("POST", "/v1/profile-fields", { key: `f${n}`, name: "F", type: "text" });
      await school.ask("DELETE", `/v1/profile-fields/f${n}?hold=PT1H`);
    }
    setNow(now + HOUR_MS);
    await consume("schoolbell-jobs", await minute());
    const more = queues.actions.splice(0);
    expect(more).toEqual([{ kind: "end_held", school: school.id }]);
    await consume("schoolbell-jobs", more);
    expect((await school.ask("GET", "/v1/profile-fields?deleted=true")).body.data).toEqual([]);
  });

  test("looks into an empty index where nothing is held, however many schools there are", async () => {
    for (let n = 0; n < 50; n++) await bareSchool();
    // Of tests before this one nothing is left to be met.
    await env.DB.prepare("update schools set deletes_at = null").run();
    const { meta, results } = await env.DB.prepare(DUE_SCHOOLS).bind(Number.MAX_SAFE_INTEGER, 1_000).run();
    expect(results).toEqual([]);
    expect(meta.rows_read).toBeLessThanOrEqual(1);
    expect(await minute()).toEqual([]);
  });
});
