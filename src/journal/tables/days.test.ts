import { beforeEach, expect, test } from "vitest";
import { bareSchool, env } from "../../../test/workers/live";
import type { LogBatch } from "../../calls/batch";
import { database } from "../../db/client";
import { automations } from "../../db/schema";
import { isLive } from "../../engine/runs";
import type { Delivery, LoggedRun, RunStatus } from "../../engine/types";
import { writeLog } from "../write";

const AUTOMATION = "aut_1";
const NOON = Date.UTC(2026, 10, 26, 12);
const LATE = Date.UTC(2026, 10, 26, 23);

let school: string;
beforeEach(async () => {
  school = await bareSchool();
  await env.DB.prepare("update schools set settings = ? where id = ?")
    .bind(JSON.stringify({ timezone: "Europe/Athens" }), school)
    .run();
  await database(env.DB)
    .insert(automations)
    .values({
      ...{ school, id: AUTOMATION, name: "A", description: "", active: true, version: 1, revision: 1 },
      ...{ definition: "{}", createdAt: 0, updatedAt: 0, failuresSince: 0 },
    });
});

const run = (id: string, status: RunStatus, startedAt = NOON): LoggedRun => ({
  ...{ id, automation: AUTOMATION, version: 1, revision: 1, status, reason: null, synchronous: false, eventId: null },
  ...{ startedAt, endedAt: isLive({ status }) ? null : NOON, waiting: null, steps: [] },
  // What the log writes of it is its JSON.
  trigger: { type: "user.signed_in", data: {}, at: 1 } as unknown as LoggedRun["trigger"],
});

const mail = (id: string, status: Delivery["status"], at = NOON, automation = AUTOMATION): Delivery => ({
  ...{ id, run: "run_1", automation, step: "s1", channel: "email", status, to: [], content: {}, key: id },
  createdAt: NOON,
  attempts: status === "queued" ? [] : [{ at, ok: status === "sent" }],
});

const told = (seq: number, { runs = [], mails = [] }: { runs?: LoggedRun[]; mails?: Delivery[] }): LogBatch => ({
  ...{ school, epoch: 1, user: "anna", seq, deliveries: mails, words: [], directory: null },
  ended: runs.filter((one) => !isLive(one)),
  live: runs.filter(isLive),
});

async function daysNow(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "select day, automation, runs, mails, failed, bounced from day_counts where school = ? order by day, automation",
  )
    .bind(school)
    .all<Record<string, string | number>>();
  return results.map((row) => Object.values(row).join(" "));
}

test("a day counts the runs begun and the mails that left or failed, by the school's calendar, each once", async () => {
  const batch = told(5, {
    runs: [run("run_1", "waiting"), run("run_2", "completed", LATE)],
    mails: [mail("dlv_1", "sent")],
  });
  await writeLog(env, [batch]);
  await writeLog(env, [batch, told(6, { runs: [run("run_1", "completed")] })]);
  // 23:00 in London is tomorrow in Athens.
  expect(await daysNow()).toEqual(["2026-11-26 aut_1 1 1 0 0", "2026-11-27 aut_1 1 0 0 0"]);
});

test("a mail counts when it is settled, and again when it becomes something else", async () => {
  await writeLog(env, [told(1, { mails: [mail("dlv_1", "queued"), mail("dlv_2", "captured", NOON, "")] })]);
  expect(await daysNow()).toEqual(["2026-11-26  0 1 0 0"]);
  await writeLog(env, [told(2, { mails: [mail("dlv_1", "failed")] })]);
  await writeLog(env, [told(3, { mails: [mail("dlv_1", "sent", LATE)] })]);
  // What comes late says nothing new.
  await writeLog(env, [told(2, { mails: [mail("dlv_1", "failed")] })]);
  expect(await daysNow()).toEqual(["2026-11-26  0 1 0 0", "2026-11-26 aut_1 0 0 1 0", "2026-11-27 aut_1 0 1 0 0"]);
});

/** Came back for good, a day after it left. */
const bounced = (id: string): Delivery => ({
  ...mail(id, "failed"),
  reason: "bounced",
  attempts: [
    { at: NOON, ok: true },
    { at: LATE, ok: false },
  ],
});

test("a mail that bounced stays counted as one that left, did not fail, and bounced on the day it left", async () => {
  await writeLog(env, [told(1, { mails: [mail("dlv_1", "sent"), mail("dlv_2", "sent")] })]);
  await writeLog(env, [told(2, { mails: [bounced("dlv_1")] })]);
  await writeLog(env, [told(2, { mails: [bounced("dlv_1")] })]);
  expect(await daysNow()).toEqual(["2026-11-26 aut_1 0 2 0 1"]);
});

test("one of which is heard only once it has bounced had left all the same", async () => {
  await writeLog(env, [told(1, { mails: [bounced("dlv_1")] })]);
  expect(await daysNow()).toEqual(["2026-11-26 aut_1 0 1 0 1"]);
  // Its run is undone: nothing of it happens once more.
  await writeLog(env, [told(2, { mails: [{ ...bounced("dlv_1"), reason: "undone" }] })]);
  expect(await daysNow()).toEqual(["2026-11-26 aut_1 0 1 0 1"]);
});

test("what an automation that is not there ran counts for no day", async () => {
  await env.DB.prepare("delete from automations where school = ?").bind(school).run();
  await writeLog(env, [told(1, { runs: [run("run_1", "completed")], mails: [mail("dlv_1", "sent")] })]);
  expect(await daysNow()).toEqual([]);
});
