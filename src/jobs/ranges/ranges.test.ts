import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  consume,
  env,
  type HeldQueues,
  holdQueuesAnew,
  makeSchool,
  setNow,
  type TestSchool,
} from "../../../test/workers/live";
import type { ActionMessage } from "../../calls/messages";
import { resumeJobs } from "../pages/resume";
import { LEASE_MS } from "../store";
import { MOST_AT_ONCE } from "./store";

/* A job over many users, in the Worker as it is, with queues that the test drives. */

const USERS = 6_000;

let queues: HeldQueues;
let school: TestSchool;
let later: ActionMessage[];
/** How often each user was asked, and what becomes of a call instead where a test says so. */
let asked: Map<string, number>;
let meddle: (user: string) => Promise<void>;

/** Users in the directory, whose objects are none of what is tested here: they are only asked. */
async function fill(count = USERS, from = 0): Promise<void> {
  await env.DB.prepare(
    `with recursive numbers(n) as (select ?3 union all select n + 1 from numbers where n < ?2 - 1)
     insert into users (school, id, created_at, registered_at, search, seq)
       select ?1, printf('u%06d', n), n % 7, 0, '', 0 from numbers`,
  )
    .bind(school.id, from + count, from)
    .run();
}

beforeEach(async () => {
  // What other tests left standing would be resumed first.
  await env.DB.exec("delete from jobs");
  vi.spyOn(scheduler, "wait").mockResolvedValue();
  queues = await holdQueuesAnew();
  later = [];
  vi.spyOn(env.JOBS, "send").mockImplementation(async (message, { delaySeconds = 0 } = {}) => {
    (delaySeconds > 0 ? later : queues.actions).push(message as ActionMessage);
    // Nobody reads what a queue answers.
    return {} as QueueSendResponse;
  });
  school = await makeSchool("live");
  asked = new Map();
  meddle = async () => {};
  const { getByName } = env.USERS;
  vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    const [of, user]: string[] = JSON.parse(name);
    const object = getByName.call(env.USERS, name);
    if (of !== school.id) return object;
    return new Proxy(object, {
      get: (target, key) =>
        key === "change" || key === "wouldStart"
          ? async () => {
              asked.set(user ?? "", (asked.get(user ?? "") ?? 0) + 1);
              await meddle(user ?? "");
              return key === "wouldStart" ? user?.endsWith("7") : { user: null, created: false };
            }
          : Reflect.get(target, key),
    });
  });
});

afterEach(async () => {
  vi.useRealTimers();
  await env.DB.batch(["users", "job_ranges"].map((table) => env.DB.prepare(`delete from ${table}`)));
});

async function align(): Promise<string> {
  await school.ask("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
  const { body } = await school.ask("POST", "/v1/segments/seg/reconcile");
  return body.job_id;
}

const job = async (id: string) => (await school.ask("GET", `/v1/jobs/${id}`)).body;
/** Takes what was sent to the queue of jobs; what is to come later waits in `later`. */
const messages = (): ActionMessage[] => {
  const all = queues.actions.splice(0);
  return all.filter(({ kind }) => kind === "job" || kind === "job_range");
};
const ranges = async (id: string) =>
  (await env.DB.prepare("select * from job_ranges where job = ? order by n").bind(id).all()).results;

/** Takes messages as they come until none is left, so many at once. */
async function play(atOnce = 4): Promise<void> {
  for (let waiting = messages(); waiting.length; waiting = [...waiting.slice(atOnce), ...messages()])
    await Promise.all(waiting.slice(0, atOnce).map((one) => consume("schoolbell-jobs", [one])));
}

/** Lets time pass, until the second look at those of whom the directory heard late is over too. */
async function playToTheEnd(id: string): Promise<void> {
  for (let round = 0; round < 30 && (await job(id)).status === "running"; round++) {
    await play();
    setNow(Date.now() + LEASE_MS + 1_000);
    queues.actions.push(...later.splice(0, 8));
    await resumeJobs(env);
  }
}

const once = (count = USERS): [string, number][] =>
  Array.from({ length: count }, (_, n) => [`u${String(n).padStart(6, "0")}`, 1]);
const sorted = (): [string, number][] => [...asked].sort(([a], [b]) => (a < b ? -1 : 1));

describe("a job over many users", () => {
  beforeEach(() => fill());

  test("is split into ranges that are gone over side by side, each user once", async () => {
    const id = await align();
    expect(await job(id)).toMatchObject({ status: "running", done: 0, total: USERS });
    // Three, and one for those of whom the directory hears late.
    expect(await ranges(id)).toHaveLength(4);
    const lanes = messages();
    expect(lanes).toEqual(Array(3).fill({ kind: "job_range", school: school.id, job: id }));
    let [atOnce, most] = [0, 0];
    const parts = new Set<number>();
    meddle = async (user) => {
      parts.add(Math.floor(Number(user.slice(1)) % 7));
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 0));
      atOnce--;
    };
    await Promise.all(lanes.map((one) => consume("schoolbell-jobs", [one])));
    expect([asked.size, (await job(id)).done]).toEqual([600, 600]);
    expect(most).toBeGreaterThan(12);
    expect(parts.size).toBeGreaterThan(2);
    await playToTheEnd(id);
    expect(await job(id)).toMatchObject({ status: "done", done: USERS, total: USERS, errors: [] });
    expect(sorted()).toEqual(once());
    expect(await ranges(id)).toEqual([]);
  });
});

describe("a job in ranges", () => {
  /** Most users go once it is split, so that its end is near; its edges stay where they are. */
  async function splitJob(left = 50): Promise<string> {
    await fill();
    const id = await align();
    await env.DB.prepare("delete from users where school = ?1 and cast(substr(id, 2) as integer) % ?2 <> 0")
      .bind(school.id, USERS / left)
      .run();
    return id;
  }
  const remaining = async () =>
    (
      await env.DB.prepare("select id from users where school = ? order by id").bind(school.id).all<{ id: string }>()
    ).results.map(({ id }) => id);

  test("loses nobody who is added while it goes on, and ends with its last range alone", async () => {
    const id = await splitJob();
    const [first, ...others] = messages();
    await consume("schoolbell-jobs", [first]);
    await env.DB.prepare(
      "insert into users (school, id, created_at, registered_at, search, seq) values (?, 'new', ?, 0, '', 0)",
    )
      .bind(school.id, Date.now() - 3_600_000)
      .run();
    const statuses: string[] = [];
    for (const one of [...others, ...messages(), ...messages()]) {
      await consume("schoolbell-jobs", [one]);
      statuses.push((await job(id)).status);
    }
    expect(new Set(statuses)).toEqual(new Set(["running"]));
    await playToTheEnd(id);
    expect(await job(id)).toMatchObject({ status: "done", done: 51, total: 51, errors: [] });
    expect([...asked.keys()].sort()).toEqual(["new", ...(await remaining()).filter((one) => one !== "new")]);
  });

  test("does no page twice when messages are doubled, and goes over no more at once than may be", async () => {
    const id = await splitJob();
    const lanes = messages();
    await Promise.all([...lanes, ...lanes, ...lanes].map((one) => consume("schoolbell-jobs", [one])));
    await playToTheEnd(id);
    expect(await job(id)).toMatchObject({ status: "done", done: 50, total: 50 });
    expect([...asked.values()].every((times) => times === 1)).toBe(true);
  });

  test("whose pages were all cut off goes on from where each range stood", async () => {
    await fill();
    const id = await align();
    await Promise.all(messages().map((one) => consume("schoolbell-jobs", [one])));
    expect((await job(id)).done).toBe(600);
    // Each of these claims a range, does a part and dies: its messages are gone, its claims stand.
    messages();
    const before = await ranges(id);
    await env.DB.prepare("update job_ranges set status = 'running' where job = ? and n < 3").bind(id).run();
    await resumeJobs(env);
    expect(messages()).toEqual([]);
    setNow(Date.now() + LEASE_MS + 1_000);
    await resumeJobs(env);
    const word = messages();
    expect(word).toEqual([{ kind: "job", school: school.id, job: id }]);
    await Promise.all(word.map((one) => consume("schoolbell-jobs", [one])));
    const lanes = messages();
    expect(lanes).toHaveLength(4);
    asked.clear();
    await Promise.all(lanes.slice(0, 3).map((one) => consume("schoolbell-jobs", [one])));
    expect([asked.size, (await job(id)).done]).toEqual([600, 1_200]);
    expect((await ranges(id)).map(({ cursor }) => cursor).slice(0, 3)).not.toEqual(
      before.map(({ cursor }) => cursor).slice(0, 3),
    );
    expect([...asked.values()].every((times) => times === 1)).toBe(true);
  });

  test("that is cancelled tells for whom it was started by the pages that were under way", async () => {
    await fill();
    const automation = await school.automation({ active: true, when: [{ type: "user.signed_in" }], then: [] });
    const { body } = await school.ask("POST", `/v1/automations/${automation}/enrol`, { all: true });
    await consume("schoolbell-jobs", messages());
    const started = new Set<string>();
    let cancelled: Promise<unknown> | undefined;
    meddle = async (user) => {
      if ((asked.get(user) ?? 0) > 1) started.add(user);
      if (started.size > 20) cancelled ??= school.ask("POST", `/v1/jobs/${body.job_id}/cancel`);
      await cancelled;
    };
    await Promise.all(messages().map((one) => consume("schoolbell-jobs", [one])));
    const { status, count, users, done, errors } = await job(body.job_id);
    expect([status, count, errors]).toEqual(["cancelled", started.size, []]);
    expect([users.toSorted(), done]).toEqual([[...started].toSorted(), asked.size]);
  });

  test("that is cancelled stops in all of them, a page under way too", async () => {
    await fill();
    const id = await align();
    const lanes = messages();
    let cancelled: Promise<unknown> | undefined;
    meddle = async () => {
      cancelled ??= school.ask("POST", `/v1/jobs/${id}/cancel`);
      await cancelled;
    };
    await Promise.all(lanes.map((one) => consume("schoolbell-jobs", [one])));
    expect([(await job(id)).status, await ranges(id), messages()]).toEqual(["cancelled", [], []]);
    asked.clear();
    await Promise.all(lanes.map((one) => consume("schoolbell-jobs", [one])));
    expect(asked.size).toBe(0);
  });

  test("passes over a user who fails, and has a range that fails tried again by itself, until it is given up", async () => {
    const id = await splitJob();
    meddle = async (user) => {
      if (user === "u000240") throw new Error("poison");
    };
    await env.DB.prepare(
      `update job_ranges set cursor = json_set(cursor, '$.after', 'no place') where job = ? and n = 1`,
    )
      .bind(id)
      .run();
    await playToTheEnd(id);
    const ended = await job(id);
    expect(ended.status).toBe("failed");
    expect(ended.errors).toContainEqual({ user: "u000240", message: expect.stringContaining("passed over") });
    expect(ended.errors).toContainEqual({ message: "A part of it failed for a fault of ours, again and again." });
    // The others were done all the same.
    expect(asked.size).toBeGreaterThan(20);
    expect(ended.done).toBe(asked.size);
    expect(await ranges(id)).toEqual([]);
  });

  test("counts whom it finds, whichever range they are in", async () => {
    const automation = await school.automation({
      when: [{ type: "user.signed_in" }],
      then: [{ type: "tags.add", tags: ["seen"] }],
    });
    await fill();
    const { body } = await school.ask("POST", `/v1/automations/${automation}/enrol`, { all: true, dry_run: true });
    const id = body.job_id;
    await consume("schoolbell-jobs", messages());
    expect(await ranges(id)).toHaveLength(3);
    await env.DB.prepare("delete from users where school = ?1 and cast(substr(id, 2) as integer) % 100 <> 7")
      .bind(school.id)
      .run();
    await playToTheEnd(id);
    const ended = await job(id);
    expect(ended).toMatchObject({ status: "done", done: 60, total: 60, count: 60 });
    expect(ended.users.toSorted()).toEqual(await remaining());
  });

  test("leaves room for others: no more go on at once in all schools than may, and small jobs need none of it", async () => {
    const id = await splitJob();
    const lanes = messages();
    const busy = (count: number) =>
      env.DB.batch([
        env.DB.prepare("delete from job_ranges where school = 'sch_large'"),
        env.DB.prepare(`with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ?1)
          insert into job_ranges (school, job, n, status, cursor, touched_at) select ?2, 'job', n, 'running', '{}', ?3 from numbers`).bind(
          count,
          large.id,
          Date.now(),
        ),
      ]);
    const large = await makeSchool("live");
    await busy(MOST_AT_ONCE);
    await consume("schoolbell-jobs", lanes.slice(0, 1));
    expect([asked.size, messages(), later]).toEqual([0, [], lanes.slice(0, 1)]);
    const small = await makeSchool("live");
    await small.ask("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
    const { body } = await small.ask("POST", "/v1/segments/seg/reconcile");
    expect((await small.ask("GET", `/v1/jobs/${body.job_id}`)).body.status).not.toBe("failed");
    // Some are kept for jobs that have none.
    await env.DB.prepare("delete from job_ranges where job = 'job'").run();
    await busy(MOST_AT_ONCE - 1);
    const held = Promise.withResolvers<void>();
    meddle = () => held.promise;
    const first = consume("schoolbell-jobs", lanes.slice(0, 1));
    await vi.waitFor(() => expect(asked.size).toBeGreaterThan(0));
    await env.DB.prepare("delete from job_ranges where job = 'job' and n > ?")
      .bind(MOST_AT_ONCE - 4)
      .run();
    const askedBy = asked.size;
    await consume("schoolbell-jobs", lanes.slice(1, 2));
    expect(asked.size).toBe(askedBy);
    held.resolve();
    await first;
    expect((await job(id)).status).toBe("running");
  });
});

describe("an import of many learners", () => {
  test("is split by the pieces that its file is kept in", async () => {
    // Whose directory is told at once, by objects that here are only asked.
    school = await makeSchool("test");
    const lines = Array.from({ length: 7_000 }, (_, n) => `i${n},${"x".repeat(20)} ${n}`);
    const { body } = await school.ask("POST", "/v1/users/import", ["id,username", ...lines, "bad,one,two"].join("\n"), {
      "content-type": "text/csv",
    });
    const id = body.job_id;
    const parts = await ranges(id);
    expect(parts.length).toBeGreaterThan(1);
    await play();
    expect(await job(id)).toMatchObject({
      status: "done",
      done: 7_001,
      total: 7_001,
      errors: [{ line: 7_002, message: expect.any(String) }],
    });
    expect([asked.size, [...asked.values()].every((times) => times === 1)]).toEqual([7_000, true]);
    const left = "select count(*) as n from job_chunks where job = ?";
    expect(await env.DB.prepare(left).bind(id).first("n")).toBe(0);
  });
});
