import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { env, makeSchool, type TestSchool } from "../../test/workers/live";
import { retain } from "../../test/workers/retaining";
import { database } from "../db/client";
import {
  attempts,
  audit,
  deliveries,
  idempotency,
  jobChunks,
  jobs,
  readers,
  runs,
  sessions,
  unmapped,
} from "../db/schema";
import { loadWorldAt } from "../world/past/past";
import { forgetSchool } from "../world/snapshot";
import { OLD_HISTORY } from "./old";

const DAY_MS = 86_400_000;
const db = database(env.DB);

let now: number;
// What other files left that is too old would go first, so much as a message may.
beforeAll(async () => {
  while (await retain(env));
});
beforeEach(() => {
  now = Date.now();
});
const daysAgo = (days: number) => now - days * DAY_MS;

const school = async (mode: "live" | "test", days: number) => (await makeSchool(mode, { log_retention_days: days })).id;

/** Ids sort by when they were made: these long ago. */
const run = (school: string, id: string, endedAt: number | null) =>
  db.insert(runs).values({
    ...{
      school,
      id: `run_0${id}`,
      automation: "aut_1",
      version: 1,
      user: "anna",
      status: "completed",
      synchronous: false,
    },
    ...{ trigger: "{}", steps: "[]", startedAt: daysAgo(500), endedAt, loggedAt: now, seq: 1 },
  });
const delivery = (school: string, id: string, createdAt: number, status: string) =>
  db.insert(deliveries).values({
    ...{
      school,
      id: `dlv_0${id}`,
      run: "run_1",
      automation: "aut_1",
      step: "s1",
      user: "anna",
      channel: "email",
      status,
    },
    ...{ to: "[]", content: "{}", attempts: "[]", idempotencyKey: id, createdAt, loggedAt: now, seq: 1 },
  });

const left = async (table: "runs" | "deliveries", school: string) =>
  (
    await env.DB.prepare(`select id from ${table} where school = ? order by id`).bind(school).all<{ id: string }>()
  ).results.map(({ id }) => id.slice("run_0".length));

test("a run that ended longer ago than its school keeps its log is gone, and one that still runs stays", async () => {
  const [short, long] = [await school("live", 30), await school("live", 90)];
  await run(short, "ended-31", daysAgo(31));
  await run(short, "ended-29", daysAgo(29));
  await run(short, "live", null);
  await run(long, "ended-31", daysAgo(31));
  await retain(env);
  expect(await left("runs", short)).toEqual(["ended-29", "live"]);
  expect(await left("runs", long)).toEqual(["ended-31"]);
});

test("a delivery older than its school keeps its log is gone, and one that is still to leave stays", async () => {
  const [short, long] = [await school("live", 30), await school("live", 90)];
  await delivery(short, "sent-31", daysAgo(31), "sent");
  await delivery(short, "failed-31", daysAgo(31), "failed");
  await delivery(short, "sent-29", daysAgo(29), "sent");
  await delivery(short, "queued-31", daysAgo(31), "queued");
  await delivery(long, "sent-31", daysAgo(31), "sent");
  await retain(env);
  expect(await left("deliveries", short)).toEqual(["queued-31", "sent-29"]);
  expect(await left("deliveries", long)).toEqual(["sent-31"]);
});

test("the log of a test school is as old as its own clock says", async () => {
  const id = await school("test", 30);
  await env.DB.prepare("update schools set now = ? where id = ?")
    .bind(now + 365 * DAY_MS, id)
    .run();
  await run(id, "old", now + 334 * DAY_MS);
  await run(id, "new", now + 336 * DAY_MS);
  await delivery(id, "old", now + 334 * DAY_MS, "sent");
  await delivery(id, "new", now + 336 * DAY_MS, "sent");
  await retain(env);
  expect([await left("runs", id), await left("deliveries", id)]).toEqual([["new"], ["new"]]);
});

test("of much that is old some goes at a time", async () => {
  const id = await school("live", 30);
  await env.DB.prepare(
    `insert into runs (school, id, automation, version, user, status, synchronous, "trigger", started_at, ended_at, steps, logged_at, seq)
     select ?1, 'run_0' || value, 'aut_1', 1, 'anna', 'completed', 0, '{}', 0, 1, '[]', 0, 1
     from json_each(?2)`,
  )
    .bind(id, JSON.stringify(Array.from({ length: 2_001 }, (_, n) => n)))
    .run();
  await retain(env);
  expect(await left("runs", id)).toHaveLength(1);
  await retain(env);
  expect(await left("runs", id)).toEqual([]);
});

/** A row of each that is kept for a time only, as old as can be. */
const OLDEST: readonly [table: string, columns: string, values: string][] = [
  [
    "runs",
    `id, automation, version, user, status, synchronous, "trigger", started_at, ended_at, steps, logged_at, seq`,
    "'run_00', 'a', 1, 'anna', 'completed', 0, '{}', 0, 1, '[]', 0, 1",
  ],
  [
    "deliveries",
    `id, run, automation, step, user, channel, status, recipients, content, attempts, idempotency_key, created_at, logged_at, seq`,
    "'dlv_00', 'r', 'a', 's1', 'anna', 'email', 'sent', '[]', '{}', '[]', 'k', 0, 0, 1",
  ],
  ["day_counts", "day, automation, runs, mails, failed", "'2001-01-01', 'a', 1, 1, 1"],
  ["usage", "day, events, tellings, runs, deliveries", "'2001-01-01', 1, 1, 1, 1"],
  ["audit", "id, at, who, what, subject", "'aud_00', 0, 'system', 'x', 'y'"],
  ["jobs", "id, kind, status, params, created_at, touched_at", "'job_00', 'import', 'done', '{}', 0, 0"],
  ["past_members", "kind, value, user, at", "'course', 'js', 'anna', 0"],
  [
    "dead_letters",
    "user, kind, subject, id, queue, attempts, since, at",
    `'anna', 'wake', '', lower(hex(randomblob(8))), 'q', 21, 0, unixepoch() * 1000 - ${29 * DAY_MS}`,
  ],
  ["unmapped", "format, name, last_at", "'xapi', 'old', 0"],
  ["unmapped_messages", "id, format, name, user, at, body", "'unm_00', 'xapi', 'old', '', 0, '{}'"],
];

test.each(OLDEST)(
  "what is too old of %s goes, though nothing else of its school is",
  async (table, columns, values) => {
    const id = await school("live", 28);
    const count = () => env.DB.prepare(`select count(*) as n from ${table} where school = ?`).bind(id).first("n");
    const before = await count();
    await env.DB.prepare(`insert into ${table} (school, ${columns}) values (?, ${values})`).bind(id).run();
    await retain(env);
    expect(await count()).toBe(before);
  },
);

test("a session that is over is gone, and one that is not stays", async () => {
  const row = (digest: string, expiresAt: number) =>
    ({ digest, kind: "session", email: "a@acme.com", school: "", expiresAt, seenAt: now }) as const;
  const [over, good] = [crypto.randomUUID(), crypto.randomUUID()];
  await db.insert(sessions).values([row(over, now - 1), row(good, now + DAY_MS)]);
  await retain(env);
  const digests = (await db.select().from(sessions)).map(({ digest }) => digest);
  expect([digests.includes(over), digests.includes(good)]).toEqual([false, true]);
});

test("attempts to sign in are forgotten when their time is over, and not before", async () => {
  const [over, good] = [crypto.randomUUID(), crypto.randomUUID()];
  await db.insert(attempts).values([
    { key: over, count: 3, until: now - 1 },
    { key: good, count: 3, until: now + DAY_MS },
  ]);
  await retain(env);
  const keys = (await db.select().from(attempts)).map(({ key }) => key);
  expect([keys.includes(over), keys.includes(good)]).toEqual([false, true]);
});

test("what somebody reads the UI in is forgotten a year after their last sign-in", async () => {
  const [over, good] = [crypto.randomUUID(), crypto.randomUUID()];
  await db.insert(readers).values([
    { person: over, language: "de", at: daysAgo(401) },
    { person: good, language: "de", at: daysAgo(399) },
  ]);
  await retain(env);
  const people = (await db.select().from(readers)).map(({ person }) => person);
  expect([people.includes(over), people.includes(good)]).toEqual([false, true]);
});

test("an answer is kept for a day", async () => {
  const id = await school("live", 30);
  const answer = (key: string, at: number) => ({ school: id, key, bodyHash: "", at });
  await db.insert(idempotency).values([answer("old", now - DAY_MS - 60_000), answer("new", now - DAY_MS + 60_000)]);
  await retain(env);
  const rows = await db.select().from(idempotency);
  expect(rows.filter((row) => row.school === id).map(({ key }) => key)).toEqual(["new"]);
});

test("who changed what, and jobs with their lists, go with the log; a job under way stays", async () => {
  const id = await school("live", 30);
  const entry = (name: string, at: number) => ({ school: id, id: name, at, who: "system", what: "x", subject: "y" });
  await db.insert(audit).values([entry("old", daysAgo(31)), entry("new", daysAgo(29))]);
  const job = (name: string, createdAt: number, status: "done" | "running") =>
    ({ school: id, id: name, kind: "import", status, params: "{}", createdAt, touchedAt: createdAt }) as const;
  await db
    .insert(jobs)
    .values([job("old", daysAgo(31), "done"), job("new", daysAgo(29), "done"), job("live", daysAgo(31), "running")]);
  const chunk = (of: string) => ({ school: id, job: of, n: 0, body: "[]" });
  await db.insert(jobChunks).values([chunk("old"), chunk("new"), chunk("live")]);
  const unmappedOf = (name: string, lastAt: number) => ({ school: id, format: "xapi", name, lastAt });
  await db.insert(unmapped).values([unmappedOf("old", daysAgo(31)), unmappedOf("new", daysAgo(29))]);
  await retain(env);
  const names = async (table: string, column: string) =>
    (
      await env.DB.prepare(
        `select ${column} as name from ${table} where school = ? and ${column} in ('old','new','live')`,
      )
        .bind(id)
        .all<{ name: string }>()
    ).results
      .map(({ name }) => name)
      .sort();
  expect(await names("audit", "id")).toEqual(["new"]);
  expect(await names("jobs", "id")).toEqual(["live", "new"]);
  expect(await names("job_chunks", "job")).toEqual(["live", "new"]);
  expect(await names("unmapped", "name")).toEqual(["new"]);
});

describe("what a school was", () => {
  const made = () => makeSchool("live", { log_retention_days: 30 });
  /** As many changes as ages, each a stamp later than the one before, so many days old. */
  const change = async (id: string, ...ages: number[]) => {
    for (const [index, days] of ages.entries()) {
      await env.DB.batch([
        env.DB.prepare("update schools set stamp = stamp + 1 where id = ?").bind(id),
        env.DB.prepare("insert into segments (school, id, name, managed, created_at) values (?, ?, 'S', 0, 0)").bind(
          id,
          `s${index + 2}`,
        ),
        env.DB.prepare(
          "update school_history set at = ?2 where school = ?1 and stamp = (select stamp from schools where id = ?1)",
        ).bind(id, daysAgo(days)),
      ]);
    }
    await env.DB.prepare("update school_history set at = ? where school = ? and stamp = 1")
      .bind(daysAgo(500), id)
      .run();
  };
  const stamps = async (id: string) =>
    (
      await env.DB.prepare("select stamp from school_history where school = ? order by stamp")
        .bind(id)
        .all<{ stamp: number }>()
    ).results.map(({ stamp }) => stamp);
  const segmentsAt = async ({ school }: TestSchool, stamp: number) => {
    const world = await loadWorldAt(env, await school(), stamp);
    return world && [...world.segments.keys()];
  };

  test("is kept longer than its log by what journals may be late: every world that was in force since can be loaded, and none before", async () => {
    const one = await made();
    await change(one.id, 100, 45, 43, 29, 1);
    await retain(env);
    expect(await stamps(one.id)).toEqual([3, 4, 5, 6]);
    forgetSchool(one.id);
    expect(await Promise.all([1, 2, 3, 4, 6].map((stamp) => segmentsAt(one, stamp)))).toEqual([
      null,
      null,
      ["s2", "s3"],
      ["s2", "s3", "s4"],
      ["s2", "s3", "s4", "s5", "s6"],
    ]);
  });

  test("is kept as long as journals are at least, where the log is not", async () => {
    const one = await makeSchool("live", { log_retention_days: 1 });
    await change(one.id, 22, 21.5, 20.5, 3);
    await retain(env);
    expect(await stamps(one.id)).toEqual([3, 4, 5]);
  });

  test("is as old as a test school's own clock says", async () => {
    const one = await makeSchool("test", { log_retention_days: 30 });
    await change(one.id, 0, 0);
    await retain(env);
    expect(await stamps(one.id)).toEqual([1, 2, 3]);
    await env.DB.prepare("update schools set now = ? where id = ?")
      .bind(now + 45 * DAY_MS, one.id)
      .run();
    await retain(env);
    expect(await stamps(one.id)).toEqual([3]);
  });

  test("is looked at from its oldest row on, and no further than is due", async () => {
    const { results } = await env.DB.prepare(`explain query plan ${OLD_HISTORY} limit ?2`)
      .bind(now, 1, "[]")
      .all<{ detail: string }>();
    const details = results.map(({ detail }) => detail);
    expect(details.filter((detail) => / (one|old|new)\b/.test(detail))).toEqual([
      "SEARCH one USING PRIMARY KEY (school=? AND stamp<?)",
      "SEARCH old USING PRIMARY KEY (school=? AND stamp<?)",
      "SEARCH new USING PRIMARY KEY (school=?)",
    ]);
    expect(details.filter((detail) => detail.includes("TEMP"))).toEqual([]);
  });
});
