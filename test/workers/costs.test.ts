import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { call as callApp } from "../../src/http/test-client";
import worker from "../../src/index";
import { doPage } from "../../src/jobs/pages/page";
import { prepareJob } from "../../src/jobs/start";
import { announceGathered, wakeGathered } from "../../src/journal/announce";
import { keepChanges } from "../../src/journal/tables/changes";
import { writeLog } from "../../src/journal/write";
import { usersImport } from "../../src/users/import/import";
import { loadSchool } from "../../src/world/snapshot";
import { countCosts } from "./billed";
import { changesOf } from "./changes";
import { consume, env, everythingOf, flushLog, liveSchool, setNow } from "./live";

/* What an event costs, counted at the bindings: the platform bills calls, rows and messages, not lines of code. */

const { school, queues } = liveSchool();

/** A row, and its index by status and automation. */
const RUN_ROWS = 2;
/** The same by run, and by status, channel and automation. */
const DELIVERY_ROWS = 3;
/** One that was captured, as only where nothing leaves, has an index more. */
const CAPTURED_ROWS = DELIVERY_ROWS + 1;
/** Of an automation of one step: runs by their status, who came to the step, who is done with it; and the day's. */
const COUNTERS = 4;
/** What is billed, of the school and of all schools together, once for all that are told together. */
const USAGE = 2;
/** That runs of an automation completed, once it has the first. */
const FIRST_COMPLETED = 1;
/** Of anna, with the events that were counted since the last message. */
const announced = (events: number) => [
  { users: [{ school: school.id, epoch: 1, user: "anna" }], events: [[school.id, 1, events]] },
];

/** How long users are gathered, to be told of and to be woken, ms. */
const GATHERED_MS = [1_000, 250];

/** Nobody is sent on but by the test: on a slow machine the time that they are gathered for would end in the midst. */
function holdGathered(): void {
  const held: (() => void)[] = [];
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation((ms) =>
    GATHERED_MS.includes(ms) ? new Promise((resolve) => held.push(resolve)) : wait(ms),
  );
  onTestFinished(() => {
    for (const resolve of held) resolve();
  });
}

/** A user known to everybody, whose log is written: a warm path. */
async function warmUp(user: string, attributes: Record<string, unknown> = {}): Promise<void> {
  for (let i = 0; i < 2; i++) await school.event("user.signed_in", { id: user, ...attributes });
  await consume("schoolbell-actions", queues.actions.splice(0));
  await school.ring(user);
  await flushLog(school.id, user);
  await school.ring(user);
  await school.event("user.signed_in", user);
  await flushLog(school.id, user);
  queues.actions.length = queues.log.length = 0;
}

describe("an event that starts nothing", () => {
  beforeEach(async () => {
    await school.automation({ when: [{ type: "course.completed" }], then: [{ type: "tags.add", tags: ["done"] }] });
    await school.automation({
      when: [{ type: "user.signed_in" }],
      only_if: { type: "tags.has", tags: ["nobody has this"] },
      then: [{ type: "tags.add", tags: ["x"] }],
    });
  });

  test("costs one object call, one row, no D1 statement and no message", async () => {
    await warmUp("anna");
    const costs = await countCosts(school.id);
    const answer = await school.event("user.signed_in", "anna");
    expect(answer.runs).toEqual([]);
    expect(costs.objectCalls).toEqual(["events"]);
    expect(costs.rowsWritten).toBe(1);
    expect(costs.statements).toEqual([]);
    expect(queues).toEqual({ actions: [], slow: [], log: [] });
  });

  test.each([true, false])(
    "costs one row more for two dozen such events, whether a copy may come: %s",
    async (mayCome) => {
      const send = async () => {
        for (let i = 0; i < 24; i++) {
          const id = mayCome ? { id: crypto.randomUUID() } : {};
          await school.ask("POST", "/v1/events", { ...id, type: "user.signed_in", user: { id: "anna" }, data: {} });
        }
      };
      await warmUp("anna");
      await send();
      const costs = await countCosts(school.id);
      await send();
      expect(costs.rowsWritten).toBe(25);
    },
  );

  test("leaves nothing for later either: its alarm tells D1 nothing", async () => {
    await warmUp("anna");
    await school.event("user.signed_in", "anna");
    const costs = await countCosts(school.id);
    await school.ring("anna");
    expect(costs.statements).toEqual([]);
    expect(queues).toEqual({ actions: [], slow: [], log: [] });
  });

  test("costs one row of a user with much to remember too", async () => {
    await warmUp("anna", {
      fields: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`field${n}`, "x".repeat(400)])),
    });
    const costs = await countCosts(school.id);
    await school.event("user.signed_in", "anna");
    expect(costs.rowsWritten).toBe(1);
  });

  test("is told to D1 once a day at most for the user's activity", async () => {
    await warmUp("anna");
    const tomorrow = Date.now() + 25 * 3_600_000;
    setNow(tomorrow);
    await school.event("user.signed_in", "anna");
    await announceGathered(env);
    expect(queues.log).toEqual(announced(1));
    const costs = await countCosts(school.id);
    await flushLog(school.id, "anna");
    // The user's line, and the row of when the school was last seen: its old place and its new one.
    expect(costs.rowsOfD1).toBe(3 + USAGE);
    queues.log.length = 0;
    vi.setSystemTime(tomorrow + 3_600_000);
    await school.event("user.signed_in", "anna");
    await announceGathered(env);
    await school.ring("anna");
    expect(queues.log).toEqual([]);
  });
});

describe("an event that starts a synchronous automation", () => {
  beforeEach(async () => {
    await school.automation({
      synchronous: true,
      when: [{ type: "user.signed_in" }],
      then: [{ type: "tags.add", tags: ["seen"] }],
    });
  });

  test("costs one object call and one row, and no D1 statement or message before the answer", async () => {
    await warmUp("anna");
    const costs = await countCosts(school.id);
    const answer = await school.event("user.signed_in", "anna");
    expect(answer.runs).toMatchObject([{ synchronous: true, status: "completed" }]);
    expect(answer.user.tags).toEqual(["seen"]);
    expect(costs.objectCalls).toEqual(["events"]);
    expect(costs.rowsWritten).toBe(1);
    expect(costs.statements).toEqual([]);
    expect(queues).toEqual({ actions: [], slow: [], log: [] });
  });

  test("sends its log later, one message for all that gathered", async () => {
    await warmUp("anna");
    for (let i = 0; i < 5; i++) await school.event("user.signed_in", "anna");
    await announceGathered(env);
    await school.ring("anna");
    await school.ring("anna");
    expect(queues.log).toEqual(announced(5));
    const costs = await countCosts(school.id);
    await flushLog(school.id, "anna");
    expect(costs.statements.filter((sql) => sql.startsWith("insert into runs"))).toHaveLength(1);
    expect(costs.objectCalls).toEqual(["untold", "untold"]);
  });

  test("has its log written with that of others, in one statement a table", async () => {
    const users = Array.from({ length: 20 }, (_, n) => `user-${n}`);
    await Promise.all(users.map((user) => school.event("user.signed_in", user)));
    const costs = await countCosts(school.id);
    await flushLog(school.id, ...users);
    expect(costs.statements.length).toBeLessThanOrEqual(14);
    const { results } = await env.DB.prepare("select count(*) as n from runs where school = ?").bind(school.id).all();
    expect(results).toEqual([{ n: 20 }]);
  });

  test("costs a row and its indexes in D1, and the counters of its automation once for all that are told together", async () => {
    const users = Array.from({ length: 20 }, (_, n) => `user-${n}`);
    for (const user of users) await school.event("user.signed_in", user);
    await flushLog(school.id, ...users);
    for (const user of users) await school.event("user.signed_in", user);
    const costs = await countCosts(school.id);
    await flushLog(school.id, ...users);
    expect(costs.rowsOfD1).toBe(20 * RUN_ROWS + COUNTERS + USAGE);
  });

  test("of a new learner costs at most four rows of the object, the making of its table and the alarm among them", async () => {
    await school.event("user.signed_in", "somebody");
    const costs = await countCosts(school.id);
    await school.event("user.signed_in", "anna");
    expect(costs.rowsWritten).toBeLessThanOrEqual(4);
    // It looks what is there, once, makes its table and writes its row; where nothing is no alarm is asked for.
    expect(costs.asked).toEqual({ statements: 3, alarms: 0 });
  });

  test("of a new learner with an address asks eight statements of both objects, and for no alarm", async () => {
    await school.event("user.signed_in", "somebody");
    const costs = await countCosts(school.id);
    await school.event("user.signed_in", { id: "anna", email: "anna@acme.com" });
    expect(costs.asked).toEqual({ statements: 8, alarms: 0 });
    // Of the learner four and the row again, as it knows now that the address's object has heard; of that three.
    expect(costs.rowsWritten).toBe(8);
  });

  // An address is found by an index of its own; neither it nor an id is a word beside.
  test.each([
    { who: "known by an id alone", address: false, most: 6 },
    { who: "with an address", address: true, most: 7 },
  ])(
    "of a new learner $who costs at most $most rows in D1 with the tag, the run's and the user's",
    async ({ address, most }) => {
      const users = Array.from({ length: 20 }, (_, n) => `user-${n}`);
      for (const user of users)
        await school.event("user.signed_in", { id: user, ...(address ? { email: `${user}@acme.com` } : {}) });
      const costs = await countCosts(school.id);
      await flushLog(school.id, ...users);
      const [line, activity, mark] = [address ? 3 : 2, 1, 1];
      expect(costs.rowsOfD1).toBe(20 * (RUN_ROWS + line + activity + mark) + COUNTERS + USAGE + FIRST_COMPLETED);
      expect(line + activity + mark + RUN_ROWS).toBeLessThanOrEqual(most);
    },
  );

  test("told twice costs no row", async () => {
    await school.event("user.signed_in", "anna");
    const { batch } = await (await school.object("anna")).object.untold({ heard: null, exact: false });
    if (!batch) throw new Error("nothing to tell");
    await writeLog(env, [batch]);
    const costs = await countCosts(school.id);
    await writeLog(env, [{ ...batch, directory: null }]);
    expect(costs.rowsOfD1).toBe(0);
  });
});

describe("an event that starts an asynchronous automation with a mail", () => {
  beforeEach(async () => {
    await school.automation({
      when: [{ type: "user.signed_in" }],
      then: [
        { type: "tags.add", tags: ["seen"] },
        { type: "email.user", subject: "Hi", body: "Hi" },
      ],
    });
  });

  test("costs a message with other users' for the run, none for the mail, and is told to D1 once it has ended", async () => {
    holdGathered();
    const users = Array.from({ length: 20 }, (_, n) => `user-${n}`);
    const happen = () =>
      Promise.all(users.map((user) => school.event("user.signed_in", { id: user, email: `${user}@acme.com` })));
    await happen();
    await consume("schoolbell-actions", queues.actions.splice(0));
    await flushLog(school.id, ...users);
    await school.event("user.signed_in", { id: "last", email: "last@acme.com" });
    // What waits for others yet goes now, and is told.
    await wakeGathered(env);
    await consume("schoolbell-actions", queues.actions.splice(0));
    await announceGathered(env);
    await flushLog(school.id, ...users, "last");
    queues.actions.length = queues.log.length = 0;
    const costs = await countCosts(school.id);
    await callApp(
      worker,
      "POST",
      "/v1/events/batch",
      {
        events: users.map((id) => ({ type: "user.signed_in", user: { id }, data: {} })),
      },
      { token: school.key },
    );
    expect(queues.actions).toEqual([]);
    await wakeGathered(env);
    expect(queues.actions).toMatchObject([{ kind: "wake_users" }]);
    expect(costs.objectCalls).toEqual(users.map(() => "events"));
    await consume("schoolbell-actions", queues.actions.splice(0));
    expect(queues.log).toHaveLength(1);
    expect(costs.rowsOfD1).toBe(0);
    expect(queues.actions).toEqual([]);
    await announceGathered(env);
    // Whoever woke the users has announced them: nothing more is sent for what became of their mails.
    expect(queues.log).toHaveLength(1);
    await consume("schoolbell-log", queues.log.splice(0));
    const calls = Object.groupBy(costs.objectCalls, (method) => method);
    const each = Object.fromEntries(Object.entries(calls).map(([method, all]) => [method, (all ?? []).length / 20]));
    // What the woken run sends is claimed by the waking.
    expect(each).toEqual({ events: 1, advance: 1, settle: 1, untold: 2 });
    expect(costs.rowsOfD1).toBe(20 * (RUN_ROWS + CAPTURED_ROWS) + 6 + USAGE);
    const { results } = await env.DB.prepare("select distinct status from deliveries where school = ?")
      .bind(school.id)
      .all();
    expect(results).toEqual([{ status: "captured" }]);
    const live = await env.DB.prepare("select count(*) as n from live_runs where school = ?").bind(school.id).first();
    expect(live).toEqual({ n: 0 });
  });
});

test("a batch of one user's events is one object call, and writes what is known of the user once", async () => {
  await warmUp("anna");
  const costs = await countCosts(school.id);
  const events = Array.from({ length: 10 }, () => ({ type: "user.signed_in", user: { id: "anna" }, data: {} }));
  const answered = await school.ask("POST", "/v1/events/batch", { events });
  expect(answered.body.results).toHaveLength(10);
  expect(costs.objectCalls).toEqual(["events"]);
  expect(costs.rowsWritten).toBeLessThanOrEqual(4);
  expect(costs.statements).toEqual([]);
});

test("an import is told to D1 page by page, and announces nobody", async () => {
  const users = Array.from({ length: 30 }, (_, n) => `user-${n}`);
  const file = `id\n${users.join("\n")}\n`;
  const costs = await countCosts(school.id);
  await school.ask("POST", "/v1/users/import", file, { "content-type": "text/csv" });
  await consume("schoolbell-jobs", queues.actions.splice(0));
  await announceGathered(env);
  expect(queues.log).toEqual([]);
  const calls = Object.groupBy(costs.objectCalls, (method) => method);
  expect([calls.change?.length, calls.untold?.length]).toEqual([30, 30]);
  const { body } = await school.ask("GET", "/v1/users?limit=100");
  expect(body.data).toHaveLength(30);
});

describe("a delivery", () => {
  const FAILS = new Response(null, { status: 503 });

  /** Messages of so many deliveries, each of another user. */
  const post = async (users: string[]) => {
    for (const user of users) await school.event("user.signed_in", user);
    return queues.actions.splice(0);
  };

  beforeEach(async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await school.automation({
      synchronous: true,
      when: [{ type: "user.signed_in" }],
      then: [{ type: "webhook.send", url: "https://hooks.acme.com/" }],
    });
  });

  test("costs one message and two object calls", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response());
    const messages = await post(["anna"]);
    expect(messages).toHaveLength(1);
    const costs = await countCosts(school.id);
    await consume("schoolbell-deliveries", messages);
    expect(costs.objectCalls).toEqual(["claim", "settle"]);
    expect(queues.slow).toEqual([]);
  });

  test("that is told to D1 anew costs its row, and one of an index more where its status changed", async () => {
    await post(["anna"]);
    const { batch } = await (await school.object("anna")).object.untold({ heard: null, exact: false });
    const [one] = batch?.deliveries ?? [];
    if (!batch || !one) throw new Error("nothing to tell");
    await writeLog(env, [batch]);
    const told = async (seq: number, more: Partial<typeof one>) => {
      const costs = await countCosts(school.id);
      const next = { ...batch, seq: batch.seq + seq, ended: [], live: [], deliveries: [{ ...one, ...more }] };
      await writeLog(env, [{ ...next, directory: null, words: [] }]);
      return costs.rowsOfD1;
    };
    expect(await told(1, { status: "queued", attempts: [{ at: 1, ok: false }] })).toBe(1);
    expect(await told(2, { status: "sent" })).toBe(2);
    const opened = { status: "sent", openedAt: 7 } as const;
    // With the counter of what was opened.
    expect(await told(3, opened)).toBe(2);
    expect(await told(3, opened)).toBe(0);
    // What failed has two more of its own.
    expect(await told(4, { ...opened, status: "failed", reason: "bounced" })).toBe(4);
    const row = await env.DB.prepare("select status, opened_at, reason, seq from deliveries where school = ?")
      .bind(school.id)
      .first();
    expect(row).toEqual({ status: "failed", opened_at: 7, reason: "bounced", seq: batch.seq + 4 });
  });

  test("to a destination in trouble costs a message more, and no call more", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => FAILS.clone());
    await consume("schoolbell-deliveries", await post(["anna", "ben", "carl"]));
    const messages = await post(["dora"]);
    const costs = await countCosts(school.id);
    await consume("schoolbell-deliveries", messages);
    expect(costs.objectCalls).toEqual([]);
    expect(queues.slow).toEqual(messages);
    await consume("schoolbell-deliveries-slow", queues.slow.splice(0));
    expect(costs.objectCalls).toEqual(["claim", "settle"]);
  });
});

describe("changes for the school's feed", () => {
  const batches = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      school: school.id,
      epoch: 1,
      user: `user-${n}`,
      changes: changesOf(`user-${n}`, 3),
    }));

  test("cost one call and one row for all users that are told together", async () => {
    await keepChanges(env, batches(25));
    const costs = await countCosts(school.id);
    await keepChanges(env, batches(25));
    expect([costs.schoolCalls, costs.rowsWritten, costs.alarmsSet]).toEqual([["append"], 1, 0]);
    expect([costs.objectCalls, costs.statements]).toEqual([[], []]);
  });

  test("cost no call where there are none", async () => {
    const costs = await countCosts(school.id);
    await keepChanges(env, [
      { school: school.id, epoch: 1 },
      { school: school.id, epoch: 1, changes: [] },
    ]);
    expect(costs.schoolCalls).toEqual([]);
  });

  test("cost their first school the table and one alarm more", async () => {
    const costs = await countCosts(school.id);
    await keepChanges(env, batches(25));
    expect([costs.rowsWritten, costs.alarmsSet]).toEqual([4, 1]);
  });
});

describe("an import of new learners", () => {
  test("costs two calls a line, the address's object none, and one writing of D1 a hundred", async () => {
    const entries = Array.from({ length: 100 }, (_, n): [number, string] => [n, `user-${n},user-${n}@acme.com,seen`]);
    const view = await loadSchool(env, school.id, { minStamp: 0 });
    if (!view) throw new Error("the school is not there");
    const file = { columns: ["id", "email", "tags"], delimiter: ",", total: 100, fire: false, trace: null };
    const { id, statement } = await prepareJob(env, view, usersImport, { ...file, dayOrders: [], entries });
    await statement;
    const costs = await countCosts(school.id);
    await doPage(env, school.id, id, { deadline: Date.now() + 60_000 });
    const of = (call: string) => costs.objectCalls.filter((one) => one === call).length;
    // What came of a line tells what D1 is to hear; that it has heard is said.
    expect([of("change"), of("untold"), costs.objectCalls.length]).toEqual([100, 100, 200]);
    expect(costs.statements.filter((sql) => sql.startsWith("insert into users"))).toHaveLength(1);
    // The making of the learner's table (two), the row and the alarm: the address is found in the directory.
    expect(Math.floor(costs.rowsWritten / 100)).toBe(4);
    expect((await school.ask("GET", "/v1/users?limit=100&tag=seen")).body.data).toHaveLength(100);
    // Each has heard that D1 has: nothing is left to be told.
    for (const user of ["user-0", "user-99"])
      expect(await (await school.object(user)).object.untold({ heard: null, exact: false })).toMatchObject({
        batch: null,
      });
    expect(queues.log).toEqual([]);
  });
});

describe("bringing all users in line with a definition", () => {
  test("writes nothing of a user who is in line", async () => {
    await warmUp("anna", { email: "anna@acme.com" });
    const made = await school.ask("POST", "/v1/segments", { id: "seg", name: "Staff", managed: true });
    expect(made.status).toBe(201);
    const { object, reference } = await school.object("anna");
    const costs = await countCosts(school.id);
    const before = await everythingOf(school.id, "anna");
    await object.change(reference, { kind: "align", fire: false, everything: true }, { creates: false });
    // The object reads what was defined since.
    const writes = costs.statements.filter((sql) => !/^(select|with)/i.test(sql));
    expect([costs.rowsWritten, costs.alarmsSet, writes, queues.log]).toEqual([0, 0, [], []]);
    expect((await everythingOf(school.id, "anna"))?.journal).toEqual(before?.journal);
  });

  test("and writes what it changes of one who is not", async () => {
    await school.ask("POST", "/v1/segments", { id: "seg", name: "Staff", managed: true });
    await warmUp("anna", { email: "anna@acme.com" });
    const where = [{ field: "email_domain", op: "is", value: "acme.com" }];
    const costs = await countCosts(school.id);
    const rule = await school.ask("POST", "/v1/segment-rules", { segment: "seg", match: "all", where });
    expect(costs.rowsWritten).toBeGreaterThan(0);
    expect(rule.status).toBe(201);
    expect((await school.ask("GET", "/v1/users/anna")).body.segments).toEqual(["seg"]);
  });
});
