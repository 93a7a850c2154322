import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type SQLiteColumn } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { bareSchool, env } from "../../../test/workers/live";
import type { LogBatch } from "../../calls/batch";
import { traceOfEvent, traceOfId } from "../../engine/identity";
import type { LoggedRun } from "../../engine/types";
import { takeBack } from "../held/forget";
import { writeLog } from "../write";
import { LOG_STATEMENTS } from "./tables";

/** What ended long ago is not written. */
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const ENDED_AT = Date.now();

const filled = LOG_STATEMENTS.flatMap(({ sql, fills }) => (fills ? [{ ...fills, sql }] : []));

describe.each(filled.map((one) => [getTableConfig(one.table).name, one] as const))(
  "%s",
  (_, { table, columns, sql }) => {
    const known: Record<string, SQLiteColumn> = getTableColumns(table);

    test("is written in columns it has alone", () => {
      expect(columns.filter((name) => !(name in known))).toEqual([]);
      expect(sql).not.toContain("undefined");
    });

    test("is written in each column that nothing else would fill", () => {
      const left = Object.entries(known).filter(([name, column]) => !column.hasDefault && !columns.includes(name));
      expect(left.map(([name]) => name)).toEqual([]);
    });
  },
);

test("every table of the log is written", () => {
  const names = filled.map(({ table }) => getTableConfig(table).name);
  expect([...new Set(names)].sort()).toEqual([
    ...["activity", "deliveries", "live_runs", "roster_records", "runs", "user_marks", "users", "vocabulary"],
  ]);
});

test("what is written stands in the columns it was meant for", async () => {
  const school = await bareSchool();
  const fact = { type: "user.signed_in", data: {}, at: 5 };
  const batch: LogBatch = {
    ...{ school, epoch: 1, user: "anna", seq: 7 },
    live: [
      {
        ...{ id: "run_1", automation: "aut_1", version: 3, revision: 4, status: "waiting", reason: null },
        ...{ synchronous: true, eventId: "e-1", startedAt: 11, endedAt: null, steps: [] },
        // What the log writes of them is their JSON and one moment.
        trigger: fact as unknown as LoggedRun["trigger"],
        waiting: { wakeAt: 12 } as LoggedRun["waiting"],
      },
    ],
    ended: [
      {
        ...{ id: "run_2", automation: "aut_1", version: 3, revision: 4, status: "exited", reason: "exit_if" },
        ...{ synchronous: false, eventId: null, startedAt: 9, endedAt: ENDED_AT, steps: [], waiting: null },
        trigger: fact as unknown as LoggedRun["trigger"],
      },
    ],
    deliveries: [
      {
        ...{ id: "del_1", run: "run_1", automation: "aut_1", step: "s1", channel: "email", status: "queued" },
        ...{
          to: ["anna@acme.com"],
          content: { subject: "Hi" },
          attempts: [],
          key: "key-1",
          createdAt: 13,
          trace: TRACE,
        },
        ...{ reason: "no_consent", waitsUntil: 14, openedAt: 17, clickedAt: 18 },
      },
    ],
    words: [["tag", "VIP", 7]],
    directory: {
      ...{ createdAt: 1, email: " Anna@Acme.com", username: "Anna", registeredAt: 2, nextWake: 12 },
      ...{ marksAdded: ['["tag","vip"]'], marksRemoved: [], activityRemoved: [] },
      ...{ seenAt: 15, appSeenAt: 16, activity: [['["course","js-101"]', 14]] },
    },
  };
  const rowsOf = async (table: string) =>
    (await env.DB.prepare(`select * from ${table} where school = ?`).bind(school).all()).results;
  const logged_at = expect.any(Number);

  await writeLog(env, [batch]);
  expect(await rowsOf("live_runs")).toEqual([
    {
      ...{ school, id: "run_1", automation: "aut_1", version: 3, revision: 4, user: "anna", status: "waiting" },
      ...{ reason: null, synchronous: 1, trigger: JSON.stringify(fact), event_id: "e-1", started_at: 11 },
      ...{ trace: traceOfEvent(JSON.stringify([school, "anna"]), "e-1") },
      ...{ wake_at: 12, steps: "[]", failed_steps: 0, logged_at, seq: 7 },
    },
  ]);
  expect(await rowsOf("runs")).toEqual([
    {
      ...{ school, id: "run_2", automation: "aut_1", version: 3, user: "anna", status: "exited", reason: "exit_if" },
      ...{ synchronous: 0, trigger: JSON.stringify(fact), event_id: null, started_at: 9, ended_at: ENDED_AT },
      ...{ trace: traceOfId("run_2") },
      ...{ wake_at: null, steps: "[]", failed_steps: 0, logged_at, seq: 7, unkept: null },
    },
  ]);
  expect(await rowsOf("deliveries")).toEqual([
    {
      ...{ school, id: "del_1", run: "run_1", automation: "aut_1", step: "s1", user: "anna", channel: "email" },
      ...{ status: "queued", recipients: '["anna@acme.com"]', content: '{"subject":"Hi"}', attempts: "[]" },
      ...{
        idempotency_key: "key-1",
        trace: TRACE,
        reason: "no_consent",
        waits_until: 14,
        opened_at: 17,
        clicked_at: 18,
      },
      ...{ created_at: 13, logged_at, seq: 7, unkept: null },
    },
  ]);
  expect(await rowsOf("vocabulary")).toEqual([{ school, kind: "tag", key: "vip", value: "VIP" }]);
  expect(await rowsOf("users")).toEqual([
    {
      ...{ school, id: "anna", created_at: 1, email: " Anna@Acme.com", email_key: "anna@acme.com", username: "Anna" },
      // Its automation is not there: it was left behind, and the next round looks at the run.
      ...{ registered_at: 2, search: "anna\nanna@acme.com\nanna", next_wake: 0, seen_at: 15, app_seen_at: 16, seq: 7 },
    },
  ]);
  expect(await rowsOf("user_marks")).toEqual([{ school, kind: "tag", value: "vip", user: "anna" }]);
  const seen = [
    { school, scope: "app", at: 16, user: "anna", subject: "" },
    { school, scope: "school", at: 15, user: "anna", subject: "" },
  ];
  expect(await rowsOf("activity")).toEqual([
    seen[0],
    { school, scope: "course", at: 14, user: "anna", subject: "js-101" },
    seen[1],
  ]);

  const gone = { ...batch.directory, marksAdded: [], marksRemoved: ['["tag","vip"]'] };
  const nothing = { ...batch, ended: [], live: [], deliveries: [], words: [] };
  const directory = { ...gone, activity: [], activityRemoved: ['["course","js-101"]'] } as LogBatch["directory"];
  await writeLog(env, [{ ...nothing, seq: 6, directory }]);
  expect([await rowsOf("user_marks"), await rowsOf("activity")]).toMatchObject([[{}], [{}, {}, {}]]);
  await writeLog(env, [{ ...nothing, seq: 8, directory }]);
  expect([await rowsOf("user_marks"), await rowsOf("activity")]).toEqual([[], seen]);

  await takeBack(env, batch, Number.MAX_SAFE_INTEGER);
  const tables = ["runs", "live_runs", "deliveries", "users", "activity"];
  expect(await Promise.all(tables.map(rowsOf))).toEqual(tables.map(() => []));
});
