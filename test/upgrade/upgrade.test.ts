import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { call, consume, env, flushLog, type HeldQueues, heldBy, holdQueues, setNow, stubOf } from "../workers/live";
import { schemaOf } from "./fill";
import { lay, migrate, releases } from "./open";

/*
 * What earlier releases have stored, opened by this one: rows of D1 go through the migrations since, objects wake up on
 * their rows as they were left. See write.test.ts for how a release is written down.
 */

const MINUTE_MS = 60_000;

/** A user whose state lies in one row, and one with so much that it lies in parts. */
const USERS = ["anna", "ben"];

describe.each(releases)("what release %s stored", (_, release) => {
  const { school, key, seen } = release;
  let queues: HeldQueues;

  beforeEach(async () => {
    setNow(release.at + 1_000);
    queues = holdQueues();
    await lay(release);
  });

  const get = async (path: string) => (await call("GET", path, undefined, key)).body;
  const send = (event: unknown) => call("POST", "/v1/events", event, key);
  const ring = (user: string) => runDurableObjectAlarm(stubOf(school, user));

  test("is migrated to how D1 is laid out now", async () => {
    expect(await schemaOf(await migrate(release))).toEqual(await schemaOf(env.DB));
  });

  test("is of a school whose past is known from a stamp of its own on", async () => {
    const db = await migrate(release);
    const oldest = await db
      .prepare("select stamp, kind, body from school_history where school = ? order by stamp")
      .bind(school)
      .first<{ stamp: number }>();
    expect(oldest).toEqual({ stamp: expect.any(Number), kind: "school", body: null });
    const row = await db.prepare("select stamp from schools where id = ?").bind(school).first<{ stamp: number }>();
    expect(oldest?.stamp).toBeLessThanOrEqual(row?.stamp ?? 0);
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

  test("knows copies of events: they get the first one's facts and runs, and change nothing", async () => {
    expect(seen.copies.length).toBeGreaterThan(4);
    // Releases of then told no address whose it is: that is made good for when the object wakes up.
    await Promise.all(USERS.map(ring));
    const before = await Promise.all(USERS.map(async (user) => (await heldBy(school, user)).tables));
    for (const { event, answer } of seen.copies) {
      const { id, user } = answer as { id: string; user: { id: string } };
      const isErased = user.id === "carl";
      const { body, status } = await send(event);
      // An answer does not say who gave what.
      const { givers: _, ...now } = await get(`/v1/users/${encodeURIComponent(user.id)}`);
      // Releases of then gave no receipts.
      for (const run of body.runs) delete run.receipts;
      expect(body).toEqual(
        isErased ? { id, duplicate: true, facts: [], runs: [], user: null } : { ...answer, duplicate: true, user: now },
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
    // Of a school that had set up no mail it is kept as not sent by now.
    const email = { type: "capture" };
    expect((await call("PATCH", "/v1/school", { settings: { connectors: { email } } }, key)).status).toBe(200);
    setNow(release.at + 2 * MINUTE_MS);
    await ring(user);
    expect(queues.actions).toMatchObject(before);
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
    // Somebody that no other test has let anything happen to.
    const user = `eve-${crypto.randomUUID()}`;
    await send({ type: "user.signed_up", user: { id: user, email: "eve@acme.com" } });
    const { data } = await get(`/v1/users/${user}/timeline`);
    expect(data.map((one: { type: string }) => one.type)).toEqual(["form.submitted", "user.signed_up"]);
  });

  test.each(USERS)("is erased like any other: %s", async (user) => {
    expect((await call("DELETE", `/v1/users/${user}`, undefined, key)).status).toBe(204);
    const { erased_ids: erased = [], ...rest } = (await heldBy(school, user)).tables;
    expect(Object.values(rest).flat()).toEqual([]);
    expect(erased).not.toEqual([]);
  });
});
