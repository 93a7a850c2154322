import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type SQLiteColumn } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { bareSchool, env } from "../../test/workers/live";
import type { LogBatch } from "../calls/batch";
import { eraseLog } from "./forget";
import { LOG_STATEMENTS } from "./tables";
import { writeLog } from "./write";

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
  expect(names.sort()).toEqual(["activity", "deliveries", "runs", "user_marks", "users", "vocabulary"]);
});

test("what is written stands in the columns it was meant for", async () => {
  const school = await bareSchool();
  const fact = { type: "user.signed_in", data: {}, at: 5 };
  const batch: LogBatch = {
    ...{ school, epoch: 1, user: "anna", seq: 7 },
    runs: [
      {
        ...{ id: "run_1", automation: "aut_1", version: 3, revision: 4, status: "waiting", reason: null },
        ...{ synchronous: true, eventId: "e-1", startedAt: 11, endedAt: null, steps: [] },
        // What the log writes of them is their JSON and one moment.
        trigger: fact as unknown as LogBatch["runs"][number]["trigger"],
        waiting: { wakeAt: 12 } as LogBatch["runs"][number]["waiting"],
      },
    ],
    deliveries: [
      {
        ...{ id: "del_1", run: "run_1", automation: "aut_1", step: "s1", channel: "email", status: "queued" },
        ...{ to: ["anna@acme.com"], content: { subject: "Hi" }, attempts: [], key: "key-1", createdAt: 13 },
      },
    ],
    words: [["tag", "VIP", 7]],
    directory: {
      ...{ createdAt: 1, email: " Anna@Acme.com", username: "Anna", registeredAt: 2, nextWake: 12 },
      ...{ marksAdded: ['["tag","vip"]'], marksRemoved: [], activityRemoved: [] },
      activity: [['["course","js-101"]', 14]],
    },
  };
  const rowsOf = async (table: string) =>
    (await env.DB.prepare(`select * from ${table} where school = ?`).bind(school).all()).results;
  const logged_at = expect.any(Number);

  await writeLog(env, [batch]);
  expect(await rowsOf("runs")).toEqual([
    {
      ...{ school, id: "run_1", automation: "aut_1", version: 3, user: "anna", status: "waiting", reason: null },
      ...{ synchronous: 1, trigger: JSON.stringify(fact), event_id: "e-1", started_at: 11, ended_at: null },
      ...{ wake_at: 12, steps: "[]", logged_at, seq: 7 },
    },
  ]);
  expect(await rowsOf("deliveries")).toEqual([
    {
      ...{ school, id: "del_1", run: "run_1", automation: "aut_1", step: "s1", user: "anna", channel: "email" },
      ...{ status: "queued", recipients: '["anna@acme.com"]', content: '{"subject":"Hi"}', attempts: "[]" },
      ...{ idempotency_key: "key-1", created_at: 13, logged_at, seq: 7 },
    },
  ]);
  expect(await rowsOf("vocabulary")).toEqual([{ school, kind: "tag", key: "vip", value: "VIP" }]);
  expect(await rowsOf("users")).toEqual([
    {
      ...{ school, id: "anna", created_at: 1, email: " Anna@Acme.com", email_key: "anna@acme.com", username: "Anna" },
      // Its automation is not there: it was left behind, and the next round looks at the run.
      ...{ registered_at: 2, search: "anna\n anna@acme.com\nanna", next_wake: 0, seq: 7 },
    },
  ]);
  expect(await rowsOf("user_marks")).toEqual([{ school, kind: "tag", value: "vip", user: "anna" }]);
  expect(await rowsOf("activity")).toEqual([{ school, user: "anna", scope: "course", subject: "js-101", at: 14 }]);

  const gone = { ...batch.directory, marksAdded: [], marksRemoved: ['["tag","vip"]'] };
  const nothing = { ...batch, runs: [], deliveries: [], words: [] };
  const directory = { ...gone, activity: [], activityRemoved: ['["course","js-101"]'] } as LogBatch["directory"];
  await writeLog(env, [{ ...nothing, seq: 6, directory }]);
  expect([await rowsOf("user_marks"), await rowsOf("activity")]).toMatchObject([[{}], [{}]]);
  await writeLog(env, [{ ...nothing, seq: 8, directory }]);
  expect([await rowsOf("user_marks"), await rowsOf("activity")]).toEqual([[], []]);

  await eraseLog(env, school, "anna");
  expect([await rowsOf("runs"), await rowsOf("deliveries"), await rowsOf("users")]).toEqual([[], [], []]);
});
