import { runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { UserObject } from "../../../durable-objects/doors";
import {
  call,
  consume,
  env,
  flushLog,
  heldBy,
  liveSchool,
  makeSchool,
  PLATFORM,
  packedIn,
  setNow,
  standIn,
  stubOf,
} from "../../../test/workers/live";
import { copyOf } from "../../../test/workers/time-travel";
import { OPERATOR } from "../../admin/door/session";
import { GENERATION } from "../../calls/reaching/generation";
import { startSession } from "../sign-in/sessions";

/* D1 goes back, objects do not, and the world goes on meanwhile. */

const HOUR_MS = 3_600_000;
const { school, queues } = liveSchool("live", { connectors: { webhook: {} } });

let start: number;
/** Keys of the calls that reached the outside. */
let called: string[];
beforeEach(() => {
  start = Date.now();
  setNow(start);
  called = [];
  standIn("https://hooks.acme.com", (_, init) => {
    called.push(new Headers(init.headers).get("webhook-id") ?? "");
    return new Response(null, { status: 204 });
  });
});

/** Lets all happen that waits in queues, D1's hearing too. */
async function settle(): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const [actions, log] = [queues.actions.splice(0), queues.log.splice(0)];
    if (!actions.length && !log.length) return;
    if (actions.length) await consume("schoolbell-actions", actions);
    if (log.length) await consume("schoolbell-log", log);
  }
  throw new Error("it never comes to rest");
}

/** Lets the waits of users end whose time has come. */
async function pass(ms: number, ...users: string[]): Promise<void> {
  setNow(Date.now() + ms);
  for (const user of users) await school.ring(user);
  await settle();
}

const HOOK = (name: string) => ({
  type: "webhook.send",
  url: `https://hooks.acme.com/${name}`,
  body: { n: name },
});
const DRIP = (name: string, wait = "PT1H") => ({
  when: [{ type: "custom", name: "go" }],
  then: [HOOK("first"), { type: "wait", for: wait }, HOOK(name)],
});

const restored = async (to: number) => {
  const answer = await call("POST", "/v1/restored", { to: new Date(to).toISOString() }, PLATFORM);
  expect(answer, answer.text).toMatchObject({ status: 202 });
  await settle();
  return (await call("GET", "/v1/restored", undefined, PLATFORM)).body;
};

const ids = async (query: string): Promise<string[]> =>
  (await school.ask("GET", `/v1/users?${query}`)).body.data.map(({ id }: { id: string }) => id).sort();
const runsIn = async (automation: string) =>
  (await school.ask("GET", `/v1/automations/${automation}/runs`)).body.data.map(
    ({ user_id, status }: { user_id: string; status: string }) => `${user_id} ${status}`,
  );
const rowsNaming = async (text: string) => {
  const tables = ["users", "user_marks", "activity", "runs", "live_runs", "deliveries", "user_words", "audit"];
  const found = await env.DB.batch<Record<string, unknown>>(
    tables.map((table) => env.DB.prepare(`select * from ${table} where school = ?`).bind(school.id)),
  );
  return found.flatMap(({ results }) => results).filter((row) => JSON.stringify(row).includes(text));
};
const outOfOrder = (keys: readonly string[]) => keys.filter((key, n) => keys.indexOf(key) !== n);

test("under traffic: nothing is lost that objects hold, nothing leaves twice, who was erased stays erased", async () => {
  const drip = await school.automation(DRIP("last"));
  const gone = await makeSchool();
  await gone.event("user.signed_up", "anna");
  for (const id of ["anna", "ben", "cora", "dora"]) await school.event("custom.go", { id, email: `${id}@acme.com` });
  await school.event("tag.added", "ben", { tag: "old" });
  await school.event("course.enrolled", "ben", { course: "js" });
  await settle();
  const cookie = await startSession(env, OPERATOR);
  const putBack = await copyOf(school.id, gone.id);
  const to = Date.now();

  // What D1 will have lost.
  await pass(HOUR_MS, "anna", "ben", "cora", "dora");
  await school.event("tag.removed", "ben", { tag: "old" });
  await school.event("tag.added", "ben", { tag: "New" });
  await school.event("course.unenrolled", "ben", { course: "js" });
  await school.event("custom.go", "eve");
  await school.event("custom.go", "silent");
  await school.event("custom.go", "anna");
  expect((await school.ask("DELETE", "/v1/users/cora")).status).toBe(204);
  expect((await school.ask("POST", "/v1/users/ben/merge", { from: "dora" })).status).toBe(200);
  expect((await call("DELETE", `/v1/schools/${gone.id}`, undefined, PLATFORM)).status).toBe(204);
  await settle();
  const sent = [...called];
  const truth = {
    runs: (await runsIn(drip)).sort(),
    stats: (await school.ask("GET", `/v1/automations/${drip}/stats`)).body,
  };

  await putBack();
  expect(await ids("tag=old")).toEqual(["ben"]);
  expect(await rowsNaming("cora")).not.toEqual([]);
  // Before anybody has begun to make good for it.
  await school.event("custom.go", "eve");
  await settle();

  const doc = await restored(to);
  expect(doc).toMatchObject({ status: "done", counts: { moved: expect.any(Number), deleted: expect.any(Number) } });
  expect(await ids("tag=old")).toEqual([]);
  expect(await ids("tag=New")).toEqual(["ben"]);
  expect(await ids("course=js")).toEqual([]);
  expect(await rowsNaming("cora")).toEqual([]);
  expect((await school.ask("GET", "/v1/users/cora")).status).toBe(404);
  expect((await school.ask("GET", "/v1/users/dora")).status).toBe(404);
  expect((await call("GET", `/v1/schools/${gone.id}`, undefined, PLATFORM)).status).toBe(404);
  expect(
    (await call("GET", "/admin/operator", undefined, undefined, { cookie: `__Host-schoolbell=${cookie}` })).status,
  ).toBe(401);

  // Who came since comes again, or is named.
  await school.event("custom.seen", "eve");
  await flushLog(school.id, "eve");
  expect(await ids("limit=50")).toEqual(["anna", "ben", "eve"]);
  const named = await call(
    "POST",
    "/v1/restored/users",
    { school: school.id, users: ["silent", "cora", "nobody"] },
    PLATFORM,
  );
  expect(named.body.data).toEqual([
    { user: "silent", became: "told" },
    { user: "cora", became: "erased" },
    { user: "nobody", became: "unknown" },
  ]);
  expect(await ids("limit=50")).toEqual(["anna", "ben", "eve", "silent"]);
  expect((await school.ask("GET", "/v1/audit?subject=nobody")).body.data).toEqual([]);

  const now = (await runsIn(drip)).sort();
  expect(now).toEqual([...truth.runs, "eve waiting"].sort());
  const stats = (await school.ask("GET", `/v1/automations/${drip}/stats`)).body;
  // Of whom nobody knows any more nobody tells: the run that cora ended since counts no longer.
  expect(stats.runs.completed).toBe(truth.stats.runs.completed - 1);
  expect(stats.runs.waiting).toBe(truth.stats.runs.waiting + 1);
  expect(called.slice(0, sent.length)).toEqual(sent);
  await pass(HOUR_MS, "anna", "ben", "eve", "silent");
  expect(outOfOrder(called)).toEqual([]);
  expect((await runsIn(drip)).filter((one: string) => one.includes("waiting"))).toEqual([]);
  const deliveries = (await school.ask("GET", `/v1/deliveries?automation=${drip}&limit=100`)).body.data;
  expect(deliveries.filter(({ status }: { status: string }) => status !== "sent")).toEqual([]);
});

test("a page of users that the platform sheds is done again, later, and nobody is passed over for it", async () => {
  await school.event("custom.go", "anna");
  await flushLog(school.id, "anna");
  const to = Date.now();
  const getByName = env.USERS.getByName.bind(env.USERS);
  let left = 2;
  const spy = vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    if (name === JSON.stringify([school.id, "anna"]) && left-- > 0)
      throw Object.assign(new Error("Durable Object is overloaded."), { overloaded: true });
    return getByName(name);
  });
  const send = vi.spyOn(env.JOBS, "send");
  const doc = await restored(to);
  expect(doc).toMatchObject({ status: "done", counts: { told: expect.any(Number) } });
  expect([left < 0, doc.counts.failed, doc.done === doc.total]).toEqual([true, undefined, true]);
  expect(send.mock.calls.map(([, options]) => options?.delaySeconds).filter(Boolean)).toEqual([2, 4]);
  spy.mockRestore();
  send.mockRestore();
});

describe("definitions that D1 lost", () => {
  test("give their numbers to nothing else, and a run of a lost version goes on where today's has its step", async () => {
    const drip = await school.automation(DRIP("of-one"));
    await school.event("custom.go", "anna");
    await settle();
    const putBack = await copyOf(school.id);
    const to = Date.now();
    const stampBefore = (await school.school()).stamp;
    await school.ask("PUT", `/v1/automations/${drip}`, { name: "A", ...DRIP("of-two") });
    await school.event("custom.go", "ben");
    await settle();
    const lost = (await packedIn(school.id, "ben"))?.state?.runs[0]?.version;
    expect(lost).toBe(2);

    await putBack();
    await restored(to);
    expect((await school.school()).stamp).toBeGreaterThan(GENERATION);
    expect((await school.school()).stamp % GENERATION).toBe(stampBefore);
    const edited = await school.ask("PUT", `/v1/automations/${drip}`, { name: "A", ...DRIP("of-three") });
    expect(edited.body.version).toBeGreaterThan(1_000);
    await pass(HOUR_MS, "anna", "ben");
    const runs = (await school.ask("GET", `/v1/automations/${drip}/runs`)).body.data;
    expect(
      runs.map(({ user_id, status }: { user_id: string; status: string }) => `${user_id} ${status}`).sort(),
    ).toEqual([...["anna completed", "ben completed"]]);
    const last = (await school.ask("GET", `/v1/deliveries?automation=${drip}`)).body.data.slice(-2);
    expect(last.map(({ content }: { content: { url: string } }) => content.url.split("/").at(-1)).sort()).toEqual([
      "of-one",
      "of-three",
    ]);
  });
});

describe("a learner's object that went back alone", () => {
  /** As the platform does it: every row as it was, and what the object remembers is gone. */
  const rewind = async (user: string) => {
    const { tables } = await heldBy(school.id, user);
    return () =>
      runInDurableObject(stubOf(school.id, user), async (instance, { storage }) => {
        for (const [table, rows] of Object.entries(tables)) {
          storage.sql.exec(`delete from "${table}"`);
          for (const row of rows as Record<string, SqlStorageValue>[])
            storage.sql.exec(
              `insert into "${table}" values (${Object.keys(row)
                .map(() => "?")
                .join()})`,
              ...Object.values(row),
            );
        }
        // The class whose object it is.
        (instance as UserObject).behind["parts"].store.open();
      });
  };

  test("sends nothing again that has left, and D1 has what it knows, counters too", async () => {
    const drip = await school.automation(DRIP("last"));
    await school.event("custom.go", "anna");
    const back = await rewind("anna");
    const to = Date.now();
    await settle();
    await pass(HOUR_MS, "anna");
    await school.event("custom.go", "anna");
    await settle();
    expect(called).toHaveLength(3);
    await back();
    const answer = await call(
      "POST",
      "/v1/restored/object",
      { school: school.id, user: "anna", to: new Date(to).toISOString() },
      PLATFORM,
    );
    expect([answer.status, answer.body]).toEqual([200, { bookmark: null }]);
    await settle();
    // It had not begun by then: it waits anew.
    for (let hour = 0; hour < 2; hour++) await pass(HOUR_MS, "anna");
    expect(called).toHaveLength(3);
    const runs = (await school.ask("GET", `/v1/automations/${drip}/runs`)).body.data;
    expect(runs.map(({ status }: { status: string }) => status)).toEqual(["completed"]);
    const { runs: counted } = (await school.ask("GET", `/v1/automations/${drip}/stats`)).body;
    expect(counted).toMatchObject({ completed: 1, waiting: 0 });
  });

  test("is asked to go back only where somebody is, and where the runtime keeps a past", async () => {
    await school.event("user.signed_up", "anna");
    const ask = (user: string) =>
      call(
        "POST",
        "/v1/restored/object",
        { school: school.id, user, to: new Date(start).toISOString(), back: true },
        PLATFORM,
      );
    expect((await ask("nobody")).body.detail).toContain("not brought back");
    expect(await ask("anna")).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("no past of objects") },
    });
  });
});

test("a second look changes nothing: rows, counts and messages stay", async () => {
  const drip = await school.automation(DRIP("last"));
  for (const user of ["anna", "ben"]) await school.event("custom.go", user);
  await pass(HOUR_MS, "anna");
  await restored(start);
  const before = [
    await runsIn(drip),
    (await school.ask("GET", `/v1/automations/${drip}/stats`)).body,
    await ids("limit=50"),
  ];
  await restored(start);
  const after = [
    await runsIn(drip),
    (await school.ask("GET", `/v1/automations/${drip}/stats`)).body,
    await ids("limit=50"),
  ];
  expect(after).toEqual(before);
  expect(outOfOrder(called)).toEqual([]);
});

test("what a deleted school left and nobody has cleared yet is left alone, and hinders nothing", async () => {
  const gone = await makeSchool();
  const automation = await gone.automation(DRIP("second"));
  expect((await call("DELETE", `/v1/schools/${gone.id}`, undefined, PLATFORM)).status).toBe(204);
  const version = () =>
    env.DB.prepare("select version from automations where school = ? and id = ?")
      .bind(gone.id, automation)
      .first<number>("version");
  // Its queue has not come by.
  queues.actions.splice(0);
  expect(await version()).toBe(1);
  const start = await call("POST", "/v1/restored", { to: new Date(Date.now() - HOUR_MS).toISOString() }, PLATFORM);
  expect(start, start.text).toMatchObject({ status: 202 });
  expect(await version()).toBe(1);
});

test("a moment that has not come is refused; before there was one, there is none to tell of", async () => {
  await env.DB.prepare("delete from platform_jobs where kind = 'restored'").run();
  expect((await call("GET", "/v1/restored", undefined, PLATFORM)).status).toBe(404);
  const to = new Date(Date.now() + 60_000).toISOString();
  expect((await call("POST", "/v1/restored", { to }, PLATFORM)).status).toBe(422);
  expect((await school.ask("POST", "/v1/restored", { to })).status).toBe(403);
});
