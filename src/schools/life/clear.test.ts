import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { and, eq, is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { beforeEach, describe, expect, test } from "vitest";
import type { UserObject } from "../../../durable-objects/doors";
import { changesOf, readAll, schoolStub } from "../../../test/workers/changes";
import {
  call,
  consume,
  env,
  flushLog,
  type HeldQueues,
  heldBy,
  holdQueues,
  liveSchool,
  makeSchool,
  PLATFORM,
  setNow,
  stubOf,
} from "../../../test/workers/live";
import { forgetEverything } from "../../base/cache";
import { schoolObject, userObject } from "../../calls/reaching/stub";
import { database } from "../../db/client";
import * as schema from "../../db/schema";
import { LOG_STATEMENTS } from "../../journal/tables/tables";
import { loadSchool } from "../../world/snapshot";
import { clearSchool, clearSchools, ID_KEPT_MS, LEASE_MS, nextLook } from "./clear";

const DAY_MS = 86_400_000;
const { deletedSchools } = schema;
const db = database(env.DB);

const { school, queues } = liveSchool("live");

const remove = async (id = school.id) =>
  expect((await call("DELETE", `/v1/schools/${id}`, undefined, PLATFORM)).status).toBe(204);
const rowOf = () => db.select().from(deletedSchools).where(eq(deletedSchools.id, school.id)).get();
const isListed = async (user: string) =>
  (await db.$count(schema.users, and(eq(schema.users.school, school.id), eq(schema.users.id, user)))) > 0;
/** All messages about this school, one after the other, until there are none. */
async function clearAll(held: HeldQueues = queues): Promise<number> {
  let passes = 0;
  while (held.actions.some(({ kind }) => kind === "clear_school")) {
    const bodies = held.actions.splice(0).filter(({ kind }) => kind === "clear_school");
    for (const body of bodies) await consume("schoolbell-jobs", [body]);
    passes++;
  }
  return passes;
}
const isEmpty = async (user: string) => Object.values((await heldBy(school.id, user)).tables).flat().length === 0;

describe("a school that is deleted", () => {
  test("is gone at once, with its keys; its users are cleared by the queue, and its id is not given before 30 days", async () => {
    await school.event("user.signed_up", "anna", {});
    await flushLog(school.id, "anna");
    expect(await isListed("anna")).toBe(true);
    await remove();
    expect((await school.ask("GET", "/v1/school")).status).toBe(401);
    expect(await loadSchool(env, school.id)).toBeNull();
    expect(await isEmpty("anna")).toBe(false);
    expect(await clearAll()).toBe(2);
    expect([await isListed("anna"), await isEmpty("anna")]).toEqual([false, true]);
    expect(await rowOf()).toMatchObject({ epoch: 1, lookAt: expect.any(Number) });
  });

  test("leaves nothing in its own object, not of what came while it was cleared either", async () => {
    const object = schoolObject(env, { id: school.id, epoch: 1 });
    const held = () =>
      runInDurableObject(schoolStub(school.id), async (_, { storage }) => [
        storage.sql.exec("select name from sqlite_master where name = 'blocks'").toArray().length,
        await storage.getAlarm(),
      ]);
    await object.append(changesOf("anna", 5));
    await remove();
    expect(await readAll(object)).toHaveLength(5);
    await clearAll();
    // But that it was left, until nobody could bring D1 back to before that.
    expect(await held()).toEqual([0, expect.any(Number)]);
    expect(await object.isLeft()).toBe(true);
    await object.append(changesOf("anna", 5));
    setNow(Date.now() + DAY_MS);
    await clearSchools(env);
    await clearAll();
    // But that it was left, until nobody could bring D1 back to before that.
    expect(await held()).toEqual([0, expect.any(Number)]);
    expect(await object.isLeft()).toBe(true);
  });

  test("leaves nothing of a user whose event was under way, and whom the directory does not know", async () => {
    await school.event("user.signed_up", "late", {});
    await remove();
    await clearAll();
    expect([await isListed("late"), await isEmpty("late")]).toEqual([false, false]);
    // The log is refused, and the object hears why.
    await flushLog(school.id, "late");
    expect([await isListed("late"), await isEmpty("late")]).toEqual([false, true]);
  });

  test("leaves nothing of such a user where the message was lost: the object's alarm finds its school deleted", async () => {
    await school.event("user.signed_up", "late", {});
    await remove();
    await clearAll();
    setNow(Date.now() + DAY_MS);
    await runDurableObjectAlarm(stubOf(school.id, "late"));
    expect(await isEmpty("late")).toBe(true);
  });

  test("takes no event any more, not even from an isolate that still believes in it", async () => {
    const { reference } = await school.object("anna");
    await remove();
    const event = { id: "e", hash: null, type: "user.signed_up", data: {}, attributes: {}, at: null };
    await runInDurableObject(stubOf(school.id, "anna"), async (object: UserObject) => {
      await expect(object.events(reference, [event])).rejects.toThrow("school_is_gone");
    });
    expect(await isEmpty("anna")).toBe(true);
  });

  test("makes nobody forget where the database does not find it, but was not told that it was deleted", async () => {
    await school.event("user.signed_up", "anna", {});
    await env.DB.prepare("delete from schools where id = ?").bind(school.id).run();
    forgetEverything();
    setNow(Date.now() + DAY_MS);
    await runDurableObjectAlarm(stubOf(school.id, "anna"));
    await flushLog(school.id, "anna");
    expect(await isEmpty("anna")).toBe(false);
  });

  test("does not keep others from being told: what is written beside it is", async () => {
    const other = await makeSchool("live");
    await school.event("user.signed_up", "gone", {});
    await other.event("user.signed_up", "ben", {});
    await remove();
    const places = [
      { school: school.id, epoch: 1, user: "gone" },
      { school: other.id, epoch: 1, user: "ben" },
    ];
    await consume("schoolbell-log", places);
    expect(await db.$count(schema.users, eq(schema.users.school, other.id))).toBe(1);
    expect([await isListed("gone"), await isEmpty("gone")]).toEqual([false, true]);
  });
});

describe("a deleted school is looked at", () => {
  test("until nothing was found for 30 days, ever more seldom", () => {
    const looks: number[] = [];
    for (let at: number | null = 1_000; at !== null; at = nextLook(0, at)) looks.push(at);
    expect(looks.at(-1)).toBe(ID_KEPT_MS);
    expect(looks.length).toBeLessThan(20);
    for (const [n, at] of looks.slice(1).entries()) expect(at - (looks[n] ?? 0)).toBeGreaterThanOrEqual(LEASE_MS);
  });

  test("again where the message was lost, and rows that came late are found", async () => {
    await remove();
    queues.actions.length = 0;
    // Past what the database refuses: as a release without those triggers would leave it.
    await env.DB.prepare(
      "insert into users (school, id, created_at, registered_at, search, seq) values (?, 'x', 0, 0, '', 1)",
    )
      .bind(school.id)
      .run();
    setNow(Date.now() + LEASE_MS + 1);
    await clearSchools(env);
    expect(await clearAll()).toBe(2);
    expect(await isListed("x")).toBe(false);
  });

  test("by nobody once its id is free", async () => {
    await remove();
    await clearAll();
    setNow(Date.now() + ID_KEPT_MS);
    await clearSchool(env, school.id);
    expect((await rowOf())?.lookAt).toBeNull();
    setNow(Date.now() + ID_KEPT_MS);
    await clearSchools(env);
    expect(queues.actions.filter((one) => "school" in one && one.school === school.id)).toEqual([]);
  });
});

describe("a school made anew under the id of a deleted one", () => {
  beforeEach(async () => {
    Object.assign(school, await makeSchool("live", {}, { id: `anew-${crypto.randomUUID()}` }));
  });

  /** Deletes, waits for 30 days, and makes it again. */
  async function anew(): Promise<{ epoch: number; key: string }> {
    await remove();
    await clearAll();
    const ask = () => call("POST", "/v1/schools", { id: school.id, name: "Anew", mode: "live" }, PLATFORM);
    expect((await ask()).status).toBe(409);
    setNow(Date.now() + ID_KEPT_MS);
    await clearSchool(env, school.id);
    const made = await ask();
    expect(made.status).toBe(201);
    return { epoch: (await loadSchool(env, school.id))?.epoch ?? 0, key: made.body.api_key };
  }

  test("has objects of its own, and nothing of the one before", async () => {
    await school.event("user.signed_up", "anna", {});
    const { epoch, key } = await anew();
    expect(epoch).toBe(2);
    expect(await isEmpty("anna")).toBe(false);
    const ask = (method: string, path: string, body?: unknown) => call(method, path, body, key);
    expect((await ask("GET", "/v1/users/anna")).status).toBe(404);
    const event = { type: "user.signed_up", user: { id: "anna" }, data: {} };
    expect((await ask("POST", "/v1/events", event)).status).toBe(200);
    expect((await ask("GET", "/v1/users/anna")).status).toBe(200);
    expect(await userObject(env, { id: school.id, epoch }, "anna").state()).not.toBeNull();
    // The one before wakes up at last, and takes nothing of the new one along.
    await flushLog(school.id, "anna");
    await consume("schoolbell-log", [{ school: school.id, epoch, user: "anna" }]);
    expect([await isEmpty("anna"), await isListed("anna")]).toEqual([true, true]);
    expect((await ask("GET", "/v1/users/anna")).status).toBe(200);
  });

  test("is not cleared by a message that comes late", async () => {
    const { key } = await anew();
    await consume("schoolbell-jobs", [{ kind: "clear_school", school: school.id }]);
    await db.update(deletedSchools).set({ lookAt: 0 }).where(eq(deletedSchools.id, school.id));
    await consume("schoolbell-jobs", [{ kind: "clear_school", school: school.id }]);
    expect((await call("GET", "/v1/school", undefined, key)).status).toBe(200);
  });
});

describe("every table with rows of schools", () => {
  const tables = Object.values(schema).flatMap((table) => {
    if (!is(table, SQLiteTable)) return [];
    const { name, columns } = getTableConfig(table);
    return columns.some((column) => column.name === "school") ? [name] : [];
  });
  const written = new Set(LOG_STATEMENTS.flatMap(({ fills }) => (fills ? [getTableConfig(fills.table).name] : [])));
  /** Sessions name none since the address does; what is used is counted of schools that are there, and of all together. */
  const unguarded = new Set(["sessions", "usage"]);
  const guarded = tables.filter((name) => !unguarded.has(name) && !(written.has(name) && name !== "vocabulary"));

  test.each(guarded)("%s takes none for a school that is not there", async (name) => {
    const row = await env.DB.prepare("select sql from sqlite_master where type = 'trigger' and tbl_name = ?")
      .bind(name)
      .first<{ sql: string }>();
    expect(row?.sql).toContain("school_is_gone");
  });

  beforeEach(holdQueues);

  test("says so as a 404", async () => {
    const made = await makeSchool("live");
    // This isolate believes in it for some seconds.
    expect((await made.ask("GET", "/v1/school")).status).toBe(200);
    await env.DB.prepare("delete from schools where id = ?").bind(made.id).run();
    const answer = await made.ask("POST", "/v1/segments", { id: "a", name: "A" }, { "idempotency-key": "k" });
    expect([answer.status, answer.body?.detail]).toEqual([404, "There is no such school."]);
    expect(await db.$count(schema.segments, eq(schema.segments.school, made.id))).toBe(0);
  });
});
