import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Env } from "../base/env";
import { Problem, STORED_BY_LATER } from "../base/errors/errors";
import { userObject } from "../calls/reaching/stub";
import { database } from "../db/client";
import { jobChunks, users } from "../db/schema";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { env as bound, call, newSchool, PLATFORM } from "../http/test-client";
import { clearSchool } from "../schools/life/clear";
import { alignJob } from "../users/courses/align-job";
import { forgetSchool, loadSchool, type School } from "../world/snapshot";
import { resumeJobs, sweepChunks } from "./pages/resume";
import { runJobPage, startJob } from "./start";
import { claimJob, LEASE_MS } from "./store";

const app = createApp(routes);
const db = database(bound.DB);

/** What would have gone to the queue. */
let sent: { body: unknown; delaySeconds?: number | undefined }[];
/** Calls of users' objects, and what becomes of them instead where a test says so. */
let changes: string[];
let meddle: (user: string) => Promise<void>;
/** Whether users have objects; else only their calls are noted. */
let real: boolean;
let env: Env;

beforeEach(() => {
  // Jobs keep a pace, and tests wait for nothing.
  vi.spyOn(scheduler, "wait").mockResolvedValue();
  sent = [];
  changes = [];
  meddle = async () => {};
  real = false;
  const queue = {
    send: async (body: unknown, options?: { delaySeconds?: number }) =>
      void sent.push({ body, delaySeconds: options?.delaySeconds }),
    sendBatch: async (messages: { body: unknown }[]) => void sent.push(...messages),
  };
  const objects = {
    getByName: (name: string) => {
      const object = bound.USERS.getByName(name);
      return new Proxy(object, {
        get: (target, key) => {
          if (key !== "change") return Reflect.get(target, key);
          return async (...given: Parameters<typeof object.change>) => {
            const [, user]: string[] = JSON.parse(name);
            changes.push(user ?? "");
            await meddle(user ?? "");
            return real ? object.change(...given) : null;
          };
        },
      });
    },
  };
  // The parts of the bindings that jobs use.
  env = { ...bound, JOBS: queue, USERS: objects } as unknown as Env;
});

afterEach(() => vi.useRealTimers());

const withUsers = async (count: number) => {
  const { id, key } = await newSchool(app);
  const ids = Array.from({ length: count }, (_, n) => `u${String(n).padStart(3, "0")}`);
  const school = async (): Promise<School> => {
    forgetSchool(id);
    const found = await loadSchool(env, id);
    if (!found) throw new Error("no school");
    return found;
  };
  const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(app, method, path, body, { token: key, env, headers });
  const rows = ids.map((user) => ({ school: id, id: user, createdAt: 0, registeredAt: 0, search: user, seq: 0 }));
  for (let from = 0; from < count; from += 10) await db.insert(users).values(rows.slice(from, from + 10));
  await api("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
  await api("POST", "/v1/segment-rules", {
    segment: "seg",
    match: "all",
    where: [{ field: "source", op: "is", value: "x" }],
  });
  sent = [];
  changes = [];
  return {
    id,
    ids,
    api,
    school,
    job: async (job: string) => (await api("GET", `/v1/jobs/${job}`)).body,
    align: async () => startJob(env, await school(), alignJob, { segment: "seg", fire: false }),
    csv: (path: string, text: string) => api("POST", path, text, { "content-type": "text/csv" }),
  };
};

/** Lets real time pass, for whoever reads the clock. */
const pass = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

describe("a job", () => {
  test("goes through all users once, page by page, and says how far it is", async () => {
    const school = await withUsers(230);
    const id = await school.align();
    expect(await school.job(id)).toMatchObject({ kind: "align", status: "queued", done: 0, total: 230, errors: [] });
    await runJobPage(env, school.id, id);
    expect(await school.job(id)).toMatchObject({ status: "running", done: 200, total: 230 });
    await runJobPage(env, school.id, id);
    expect(await school.job(id)).toMatchObject({ status: "done", done: 230, total: 230, rate: expect.any(Number) });
    expect(changes.toSorted()).toEqual(school.ids);
    expect(sent.map(({ body }) => body)).toEqual(Array(2).fill({ kind: "job", school: school.id, job: id }));
  });

  test("that is small is done when who started it answers", async () => {
    const school = await withUsers(3);
    const { body } = await school.api("POST", "/v1/segments/seg/reconcile");
    expect(await school.job(body.job_id)).toMatchObject({ status: "done", done: 3 });
    expect(sent).toEqual([]);
  });

  test("does no page twice when messages are doubled", async () => {
    const school = await withUsers(30);
    const id = await school.align();
    await Promise.all([1, 2, 3, 4].map(() => runJobPage(env, school.id, id)));
    await runJobPage(env, school.id, id);
    expect(await school.job(id)).toMatchObject({ status: "done", done: 30, total: 30 });
    expect(changes.toSorted()).toEqual(school.ids);
  });

  test("that was cut off in mid-page is taken up again by cron, and nothing before", async () => {
    const school = await withUsers(5);
    const id = await school.align();
    sent = [];
    // A page that claims the job, does a part and dies.
    expect(await claimJob(env, school.id, id)).not.toBeNull();
    await runJobPage(env, school.id, id);
    await resumeJobs(env);
    expect([changes, sent.filter(({ body }) => JSON.stringify(body).includes(id))]).toEqual([[], []]);
    pass(LEASE_MS + 1_000);
    await resumeJobs(env);
    expect(sent.map(({ body }) => body)).toContainEqual({ kind: "job", school: school.id, job: id });
    await runJobPage(env, school.id, id);
    expect(await school.job(id)).toMatchObject({ status: "done", done: 5 });
  });

  test("whose next message was lost goes on from its cursor", async () => {
    const school = await withUsers(210);
    const id = await school.align();
    await runJobPage(env, school.id, id);
    changes = [];
    pass(LEASE_MS + 1_000);
    await resumeJobs(env);
    await runJobPage(env, school.id, id);
    expect(changes.length).toBe(10);
    expect(await school.job(id)).toMatchObject({ status: "done", done: 210 });
  });

  test("passes over a poisoned user, and says so", async () => {
    const school = await withUsers(30);
    meddle = async (user) => {
      if (user === "u007") throw new Error("poison");
    };
    const id = await school.align();
    await runJobPage(env, school.id, id);
    const job = await school.job(id);
    expect(job).toMatchObject({ status: "done", done: 30 });
    expect(job.errors).toEqual([{ user: "u007", message: expect.stringContaining("passed over") }]);
    expect(new Set(changes)).toEqual(new Set(school.ids));
  });

  test("does not blame users for what the platform says will pass, but does not wait for ever either", async () => {
    const school = await withUsers(3);
    meddle = async (user) => {
      if (user === "u001") throw Object.assign(new Error("overloaded"), { retryable: true });
    };
    const id = await school.align();
    const delays: (number | undefined)[] = [];
    for (let page = 0; page < 5; page++) {
      sent = [];
      await runJobPage(env, school.id, id);
      expect(await school.job(id)).toMatchObject({ done: 0, errors: [] });
      delays.push(sent[0]?.delaySeconds);
    }
    expect(delays).toEqual([2, 4, 8, 16, 30]);
    await runJobPage(env, school.id, id);
    expect(await school.job(id)).toMatchObject({ status: "done", done: 3, errors: [{ user: "u001" }] });
  });

  test("goes slower where there is too much at once, and gives up nobody for it", async () => {
    const school = await withUsers(3);
    let left = 8;
    meddle = async () => {
      if (left-- > 0)
        throw Object.assign(new Error("Durable Object is overloaded."), { overloaded: true, retryable: true });
    };
    const id = await school.align();
    const delays: (number | undefined)[] = [];
    for (let page = 0; page < 10 && (await school.job(id)).status !== "done"; page++) {
      sent = [];
      await runJobPage(env, school.id, id);
      delays.push(sent[0]?.delaySeconds);
    }
    expect(delays.slice(0, 2)).toEqual([2, 4]);
    expect(await school.job(id)).toMatchObject({ status: "done", done: 3, errors: [] });
  });

  test.each([
    ["what it asks for cannot be had for a while", new Problem("unavailable", "Try again.", undefined, 60)],
    ["an object of the release before cannot do it yet", new Error('does not implement the method "change"')],
    ["a later release stored a user", new Error(STORED_BY_LATER)],
  ])("gives up nobody where %s", async (_, error) => {
    const school = await withUsers(3);
    let left = 8;
    meddle = async () => {
      if (left-- > 0) throw error;
    };
    const id = await school.align();
    for (let page = 0; page < 10 && (await school.job(id)).status !== "done"; page++)
      await runJobPage(env, school.id, id);
    expect(await school.job(id)).toMatchObject({ status: "done", done: 3, errors: [] });
  });

  test("asks fewer at once after a page that was shed", async () => {
    const school = await withUsers(40);
    let [atOnce, most, isBusy] = [0, 0, true];
    meddle = async () => {
      if (isBusy) throw Object.assign(new Error("Durable Object is overloaded."), { overloaded: true });
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 0));
      atOnce--;
    };
    const id = await school.align();
    await runJobPage(env, school.id, id);
    isBusy = false;
    await runJobPage(env, school.id, id);
    expect([most, (await school.job(id)).done]).toEqual([3, 40]);
  });

  test("whom the queue does not take stands all the same, and cron goes on with it", async () => {
    const school = await withUsers(3);
    const send = vi.spyOn(env.JOBS, "send").mockRejectedValueOnce(new Error("Queue send failed: Too Many Requests"));
    const id = await school.align();
    send.mockRestore();
    expect(await school.job(id)).toMatchObject({ status: "queued", done: 0 });
    await runJobPage(env, school.id, id);
    expect(await school.job(id)).toMatchObject({ status: "done", done: 3 });
  });

  test("whose pages fail for a fault of ours ends at last, and says so", async () => {
    const school = await withUsers(1);
    const id = await school.align();
    await bound.DB.prepare("update jobs set cursor = ? where id = ?").bind('{"after":"not a place"}', id).run();
    sent = [];
    for (let page = 0; page < 21; page++) await runJobPage(env, school.id, id);
    expect(await school.job(id)).toMatchObject({ status: "failed", errors: [{ message: expect.any(String) }] });
    expect(sent.length).toBe(20);
  });

  test("that is cancelled stops", async () => {
    const school = await withUsers(5);
    const id = await school.align();
    expect((await school.api("POST", `/v1/jobs/${id}/cancel`)).body).toMatchObject({ status: "cancelled" });
    await runJobPage(env, school.id, id);
    expect(changes).toEqual([]);
    expect((await school.api("POST", `/v1/jobs/${id}/cancel`)).status).toBe(409);
  });

  test("that is cancelled in mid-page does not come back", async () => {
    const school = await withUsers(230);
    const id = await school.align();
    meddle = async () => {
      meddle = async () => {};
      await school.api("POST", `/v1/jobs/${id}/cancel`);
    };
    sent = [];
    await runJobPage(env, school.id, id);
    // What was done stays, so the job tells of it.
    expect(await school.job(id)).toMatchObject({ status: "cancelled", done: changes.length, total: 230 });
    expect([changes.length, sent]).toEqual([200, []]);
  });

  test("that takes away what must not stay half taken away is not cancelled", async () => {
    const school = await withUsers(1);
    const id = await startJob(env, await school.school(), alignJob, { dropSegment: "gone", fire: false });
    expect((await school.api("POST", `/v1/jobs/${id}/cancel`)).status).toBe(409);
  });

  test("rests while its school is suspended", async () => {
    const school = await withUsers(2);
    const id = await school.align();
    await call(app, "PATCH", `/v1/schools/${school.id}`, { suspended: true }, { token: PLATFORM, env });
    await runJobPage(env, school.id, id);
    expect(changes).toEqual([]);
    await call(app, "PATCH", `/v1/schools/${school.id}`, { suspended: false }, { token: PLATFORM, env });
    await runJobPage(env, school.id, id);
    expect(await school.job(id)).toMatchObject({ status: "done", done: 2 });
  });

  test("of a live school goes once more over users of whom the directory heard late", async () => {
    const made = await call(app, "POST", "/v1/schools", { name: "L", mode: "live" }, { token: PLATFORM, env });
    const school = await loadSchool(env, made.body.school.id);
    if (!school) throw new Error("no school");
    const listed = (id: string, createdAt: number) =>
      db.insert(users).values({ school: school.id, id, createdAt, registeredAt: createdAt, search: id, seq: 0 });
    await listed("early", Date.now() - 3_600_000);
    const id = await startJob(env, school, alignJob, { segment: "seg", fire: false });
    await runJobPage(env, school.id, id);
    expect([changes, sent.at(-1)?.delaySeconds]).toEqual([["early"], expect.toSatisfy((delay: number) => delay > 10)]);
    await listed("late", Date.now() - 500);
    await runJobPage(env, school.id, id);
    expect(changes).toEqual(["early"]);
    pass(20_000);
    await runJobPage(env, school.id, id);
    expect(changes).toEqual(["early", "late"]);
    const [job] = (await call(app, "GET", "/v1/jobs", undefined, { token: made.body.api_key, env })).body.data;
    expect(job).toMatchObject({ status: "done", done: 1, total: 1 });
  });

  test("is another school's to nobody", async () => {
    const [one, other] = [await withUsers(0), await withUsers(0)];
    const id = await one.align();
    expect((await other.api("GET", `/v1/jobs/${id}`)).status).toBe(404);
    expect((await other.api("POST", `/v1/jobs/${id}/cancel`)).status).toBe(404);
  });
});

describe("an import", () => {
  beforeEach(() => {
    real = true;
  });

  const lines = (count: number) => Array.from({ length: count }, (_, n) => `i${n},name ${n}`);

  test("of many lines goes on page by page, and keeps none of them when it is done", async () => {
    real = false;
    const school = await withUsers(0);
    const { status, body } = await school.csv(
      "/v1/users/import",
      ["id,username", ...lines(450), "bad,one,two"].join("\n"),
    );
    expect(status).toBe(202);
    // How much a page takes hangs on how fast the last one went.
    let job = await school.job(body.job_id);
    for (let page = 0; page < 451 && job.status !== "done"; page++) {
      await runJobPage(env, school.id, body.job_id);
      job = await school.job(body.job_id);
    }
    expect(job).toMatchObject({ kind: "users_import", status: "done", done: 451, total: 451 });
    expect(job.errors).toEqual([{ line: 452, message: "3 cells where the header has 2" }]);
    expect(new Set(changes).size).toBe(450);
    expect(changes.length).toBe(450);
    expect(await db.$count(jobChunks, eq(jobChunks.job, body.job_id))).toBe(0);
  });

  test("reads cells as the declared fields' types, and says what does not fit", async () => {
    const school = await withUsers(0);
    for (const [key, type] of [
      ["size", "number"],
      ["ok", "boolean"],
      ["on", "date"],
    ]) {
      await school.api("POST", "/v1/profile-fields", { key, name: key, type });
    }
    const { body } = await school.csv(
      "/v1/users/import",
      "id,fields.size,fields.ok,fields.on,fields.free\na,3.5,TRUE,2026-05-01,12\nb,many,perhaps,someday,\nlead:x,,,,\nc,,,,=1+1\n",
    );
    const job = await school.job(body.job_id);
    expect(job.errors.map((one: { line: number }) => one.line)).toEqual([3, 4]);
    expect(job.errors[0].message).toBe("fields.size: not a number; fields.ok: not a boolean; fields.on: not a date");
    expect((await school.api("GET", "/v1/users/a")).body.fields).toEqual({
      size: 3.5,
      ok: true,
      on: "2026-05-01",
      free: "12",
    });
    expect((await school.api("GET", "/v1/users/c")).body.fields).toEqual({ free: "=1+1" });
  });

  test("names no field __proto__", async () => {
    const school = await withUsers(0);
    expect((await school.csv("/v1/users/import", "id,fields.__proto__\na,x\n")).status).toBe(422);
    expect((await school.csv("/v1/users/import", "id,fields.constructor\na,x\n")).status).toBe(202);
    expect((await school.api("GET", "/v1/users/a")).body.fields).toEqual({ constructor: "x" });
  });

  test("spells tags as the school does", async () => {
    const school = await withUsers(0);
    const { body } = await school.csv("/v1/users/import", "id,tags\na,VIP\n");
    const again = await school.csv("/v1/users/import", "id,tags\nb,vip | Gold\n");
    expect([(await school.job(body.job_id)).status, (await school.job(again.body.job_id)).status]).toEqual([
      "done",
      "done",
    ]);
    expect((await school.api("GET", "/v1/users/b")).body.tags).toEqual(["VIP", "Gold"]);
  });

  test("of a live school has its users in the directory when it is done", async () => {
    const made = await call(app, "POST", "/v1/schools", { name: "L", mode: "live" }, { token: PLATFORM, env });
    const token = made.body.api_key;
    const file = ["id,username", ...lines(5), "lead:x,bad"].join("\n");
    const options = { token, env, headers: { "content-type": "text/csv" } };
    const { body } = await call(app, "POST", "/v1/users/import", file, options);
    for (let page = 0; page < 3; page++) await runJobPage(env, made.body.school.id, body.job_id);
    const job = await call(app, "GET", `/v1/jobs/${body.job_id}`, undefined, { token, env });
    expect(job.body).toMatchObject({ status: "done", done: 6, errors: [{ line: 7 }] });
    expect(await db.$count(users, eq(users.school, made.body.school.id))).toBe(5);
  });

  test("that is cancelled keeps no lines", async () => {
    real = false;
    meddle = () => new Promise((resolve) => setTimeout(resolve, 30));
    const school = await withUsers(0);
    const { body } = await school.csv("/v1/users/import", ["id,username", ...lines(450)].join("\n"));
    expect((await school.job(body.job_id)).status).toBe("running");
    await school.api("POST", `/v1/jobs/${body.job_id}/cancel`);
    expect(await db.$count(jobChunks, eq(jobChunks.job, body.job_id))).toBe(0);
  });
});

describe("chunks whose job was never made", () => {
  test("are swept away after an hour", async () => {
    const school = await withUsers(0);
    const job = "job_0000000000000000000";
    await db.insert(jobChunks).values({ school: school.id, job, n: 0, body: "[]" });
    expect(await sweepChunks(env, 1_000)).toBeGreaterThan(0);
    expect(await db.$count(jobChunks, eq(jobChunks.job, job))).toBe(0);
  });
});

test("users of a deleted school are erased with it", async () => {
  const school = await withUsers(0);
  real = true;
  await school.csv("/v1/users/import", "id\nu000\nu001\n");
  const object = userObject(bound, await school.school(), "u000");
  expect(await object.state()).not.toBeNull();
  await call(app, "DELETE", `/v1/schools/${school.id}`, undefined, { token: PLATFORM, env });
  await clearSchool(env, school.id);
  expect(await object.state()).toBeNull();
});
