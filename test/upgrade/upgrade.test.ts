import { applyD1Migrations, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { call, consume, env, flushLog, type HeldQueues, heldBy, holdQueues, setNow, stubOf } from "../workers/live";
import { schemaOf } from "./fill";
import { type Release, type Row, releaseOf } from "./release";

/*
 * What earlier releases have stored, opened by this one: rows of D1 go through the migrations since, objects wake up on
 * their rows as they were left. See write.test.ts for how a release is written down.
 */

const MINUTE_MS = 60_000;

/** A user whose state lies in one row, and one with so much that it lies in parts. */
const USERS = ["anna", "ben"];

const texts = import.meta.glob<string>("./releases/*.json", { query: "?raw", import: "default", eager: true });
const releases = Object.values(texts)
  .map(releaseOf)
  .map((release) => [release.name, release] as const);

/** D1 as a release left it, and then migrated. */
async function migrate({ d1 }: Release): Promise<D1Database> {
  const db = bindings.UPGRADED;
  for (const sql of await schemaOf(db)) {
    const [, table] = /^create table `?(\w+)/i.exec(sql) ?? [];
    if (table) await db.exec(`drop table ${table}`);
  }
  await db.exec("drop table if exists d1_migrations");
  await db.exec("create table d1_migrations (id integer primary key, name text unique, applied_at timestamp)");
  await db.batch([
    ...d1.schema.toSorted((one, other) => Number(isIndex(one)) - Number(isIndex(other))).map((sql) => db.prepare(sql)),
    ...d1.migrations.map((name) => db.prepare("insert into d1_migrations (name) values (?)").bind(name)),
    ...insertsOf(db, d1.rows),
  ]);
  await applyD1Migrations(db, bindings.TEST_MIGRATIONS);
  return db;
}

const isIndex = (sql: string): boolean => /^create (unique )?index/i.test(sql);

const insertsOf = (db: D1Database, tables: Record<string, Row[]>): D1PreparedStatement[] =>
  Object.entries(tables).flatMap(([table, rows]) =>
    rows.map((row) => {
      const names = Object.keys(row).map((name) => `"${name}"`);
      const sql = `insert into ${table} (${names.join()}) values (${names.map(() => "?").join()})`;
      return db.prepare(sql).bind(...Object.values(row));
    }),
  );

/** Gives this Worker's D1 what a release left there, migrated. */
async function moveIn(release: Release): Promise<void> {
  const migrated = await migrate(release);
  const rows: Record<string, Row[]> = {};
  for (const table of Object.keys(release.d1.rows)) {
    const column = table === "schools" ? "id" : "school";
    await env.DB.prepare(`delete from ${table} where ${column} = ?`).bind(release.school).run();
    rows[table] = (await migrated.prepare(`select * from ${table}`).all<Row>()).results;
  }
  await env.DB.batch(insertsOf(env.DB, rows));
}

/** Puts an object's rows where it left them, and its memory away. */
async function layDown(release: Release, user: string): Promise<void> {
  const held = release.objects[user];
  if (!held) throw new Error(`nothing of ${user}`);
  const stub = stubOf(release.school, user);
  await runInDurableObject(stub, async (_, { storage }) => {
    await storage.deleteAll();
    for (const sql of held.schema) storage.sql.exec(sql);
    for (const [table, rows] of Object.entries(held.tables)) {
      // As the release's own SQLite gave them.
      for (const row of rows as Row[]) {
        const names = Object.keys(row);
        const sql = `insert into ${table} (${names.join()}) values (${names.map(() => "?").join()})`;
        storage.sql.exec(sql, ...Object.values(row));
      }
    }
    if (held.alarm !== null) await storage.setAlarm(held.alarm);
  });
  await evictDurableObject(stub);
}

describe.each(releases)("what release %s stored", (_, release) => {
  const { school, key, seen } = release;
  let queues: HeldQueues;

  beforeEach(async () => {
    setNow(release.at + 1_000);
    queues = holdQueues();
    await moveIn(release);
    for (const user of Object.keys(release.objects)) await layDown(release, user);
  });

  const get = async (path: string) => (await call("GET", path, undefined, key)).body;
  const send = (event: unknown) => call("POST", "/v1/events", event, key);
  const ring = (user: string) => runDurableObjectAlarm(stubOf(school, user));

  test("is migrated to how D1 is laid out now", async () => {
    expect(await schemaOf(await migrate(release))).toEqual(await schemaOf(env.DB));
  });

  test("is of one row for one user, and of parts for another", () => {
    const slots = (user: string) => release.objects[user]?.tables.state?.length;
    expect(slots("anna")).toBe(1);
    expect(slots("ben")).toBeGreaterThan(1);
    expect(release.objects.ben?.tables.journal).not.toEqual([]);
  });

  test.each(Object.entries(seen.users))("reads the same: %s", async (user, then) => {
    expect(await get(`/v1/users/${user}`)).toMatchObject(then);
    expect((await get(`/v1/users/${user}/timeline?limit=100`)).data).toMatchObject(seen.timelines[user] ?? []);
  });

  test("knows copies of events: they get their first answer, and change nothing", async () => {
    expect(seen.copies.length).toBeGreaterThan(4);
    const before = await Promise.all(USERS.map(async (user) => (await heldBy(school, user)).tables));
    for (const { event, answer } of seen.copies) {
      const { id, user } = answer as { id: string; user: { id: string } };
      const isErased = user.id === "carl";
      const { body, status } = await send(event);
      expect(body).toEqual(
        isErased ? { id, duplicate: true, facts: [], runs: [], user: null } : { ...answer, duplicate: true },
      );
      expect(status).toBe(200);
      expect((await send({ ...event, data: { form: "other" } })).status).toBe(409);
    }
    expect((await call("GET", "/v1/users/carl", undefined, key)).status).toBe(404);
    expect(await Promise.all(USERS.map(async (user) => (await heldBy(school, user)).tables))).toEqual(before);
  });

  test.each(USERS)("ends a wait that was pending, in time: %s", async (user) => {
    setNow(release.at + 9 * MINUTE_MS);
    await ring(user);
    expect((await get(`/v1/users/${user}`)).tags).not.toContain("late");
    setNow(release.at + 10 * MINUTE_MS + 1);
    await ring(user);
    expect((await get(`/v1/users/${user}`)).tags).toContain("late");
    await flushLog(school, user);
    const runs: { status: string; trigger: { type: string } }[] = (await get(`/v1/runs?user=${user}`)).data;
    expect(runs.find((run) => run.trigger.type === "user.signed_in")).toMatchObject({ status: "completed" });
  });

  test.each(USERS)("sends a letter from the outbox, once, by the message of then or by a new one: %s", async (user) => {
    const before = release.actions.filter((one) => "user" in one && one.user === user);
    expect(before).toHaveLength(1);
    setNow(release.at + 2 * MINUTE_MS);
    await ring(user);
    expect(queues.actions).toEqual(before);
    await consume("schoolbell-actions", [...before, ...queues.actions.splice(0)]);
    await flushLog(school, user);
    const deliveries: { channel: string }[] = (await get(`/v1/deliveries?user=${user}`)).data;
    expect(deliveries.filter((one) => one.channel === "email")).toMatchObject([
      { status: "captured", attempts: [{ ok: true }], to: [`${user}@acme.com`] },
    ]);
  });

  test.each(USERS)("tells D1 what it had not heard yet: %s", async (user) => {
    await flushLog(school, user);
    const runs: { trigger: { type: string } }[] = (await get(`/v1/runs?user=${user}`)).data;
    expect(runs.filter((run) => run.trigger.type === "custom.ping")).toMatchObject([{ status: "completed" }]);
    expect((await get("/v1/users?tag=pinged")).data.map((one: { id: string }) => one.id)).toContain(user);
  });

  test.each(USERS)("goes on with another event, and keeps what follows: %s", async (user) => {
    const another = { id: "another", type: "custom.ping", user: { id: user, username: "Newer" }, data: {} };
    const { body } = await send(another);
    expect(body).toMatchObject({ duplicate: false, runs: [{ status: "completed" }], user: { username: "Newer" } });
    await evictDurableObject(stubOf(school, user));
    expect((await send(another)).body).toEqual({ ...body, duplicate: true });
    expect(await get(`/v1/users/${user}`)).toMatchObject({ ...seen.users[user], username: "Newer" });
    const { journal } = await get(`/v1/users/${user}/export`);
    expect(journal.at(-1)).toMatchObject({ eventId: "another" });
  });

  test("gives a lead to the user who signs up", async () => {
    await send({ type: "user.signed_up", user: { id: "eve", email: "eve@acme.com" } });
    const { data } = await get("/v1/users/eve/timeline");
    expect(data.map((one: { type: string }) => one.type)).toEqual(["form.submitted", "user.signed_up"]);
  });

  test.each(USERS)("is erased like any other: %s", async (user) => {
    expect((await call("DELETE", `/v1/users/${user}`, undefined, key)).status).toBe(204);
    const { erased = [], migrations: _, ...rest } = (await heldBy(school, user)).tables;
    expect(Object.values(rest).flat()).toEqual([]);
    expect(erased).not.toEqual([]);
  });
});
