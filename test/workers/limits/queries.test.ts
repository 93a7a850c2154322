import { beforeEach, describe, expect, test } from "vitest";
import { tick } from "../../../src/cron/tick";
import { storeEntries } from "../../../src/jobs/files/chunks";
import { scanSchools } from "../../../src/users/scan/page";
import { loadWorld } from "../../../src/world/world";
import { beyond, countFor } from "../counting";
import { call, consume, env, flushLog, liveSchool, makeSchool, PLATFORM, setNow } from "../live";
import { scanRound, scansOf } from "../scanning";

/*
 * An invocation has a thousand queries of D1, each of a batch counted, and a thousand calls of others. The local runtime
 * counts neither. Objects that have to read their school anew are counted too, so that the bounds leave them some room.
 */

const DAY_MS = 86_400_000;

const { school, queues } = liveSchool();

const idOf = (n: number): string => `u${String(n).padStart(4, "0")}`;

/** Puts users into the directory who have nothing in their objects. */
async function list(count: number, row: { nextWake?: number; lastSeen?: number } = {}): Promise<void> {
  const ids = JSON.stringify(Array.from({ length: count }, (_, n) => idOf(n)));
  await env.DB.prepare(
    `insert into users (school, id, created_at, registered_at, search, seq, next_wake)
     select ?1, value, 0, 0, value, 0, ?3 from json_each(?2)`,
  )
    .bind(school.id, ids, row.nextWake ?? null)
    .run();
  if (row.lastSeen === undefined) return;
  await env.DB.prepare(
    "insert into activity (school, user, scope, subject, at) select ?1, value, 'school', '', ?3 from json_each(?2)",
  )
    .bind(school.id, ids, row.lastSeen)
    .run();
}

test("what another school asks meanwhile is not counted", async () => {
  const other = await makeSchool();
  const counts = countFor(school.id);
  await other.event("user.signed_in", "anna");
  await loadWorld(env, await other.school());
  expect(counts).toMatchObject({ statements: [], objectCalls: [] });
  await school.event("user.signed_in", "anna");
  expect(counts.objectCalls).toEqual(["events"]);
  expect(counts.statements.some((sql) => sql.includes('"automations"'))).toBe(true);
});

describe("a batch", () => {
  test("of 500 users is a call each, and not a query each", async () => {
    const events = Array.from({ length: 500 }, (_, n) => ({ type: "user.signed_in", user: { id: idOf(n) } }));
    const counts = countFor(school.id);
    const { body } = await school.ask("POST", "/v1/events/batch", { events });
    expect(body.results).toHaveLength(500);
    expect(counts.objectCalls).toHaveLength(500);
    expect(counts.statements.length).toBeLessThan(250);
    expect(beyond(counts)).toEqual([]);
  });

  test("of 500 messages that say nothing to us is counted in no more queries than messages", async () => {
    const batch = Array.from({ length: 500 }, (_, n) => ({ type: `unheard_${n}`, userId: idOf(n) }));
    const counts = countFor(school.id);
    expect((await school.ask("POST", "/v1/batch", { batch })).status).toBe(200);
    expect(counts.statements.length).toBeGreaterThan(500);
    expect(beyond(counts)).toEqual([]);
  });

  test("of sign-ups takes as many as it has room to move leads for, and says so of the others", async () => {
    const emailOf = (n: number) => `${idOf(n)}@acme.com`;
    const of = (make: (n: number) => unknown) => ({ events: Array.from({ length: 120 }, (_, n) => make(n)) });
    const form = (n: number) => ({ type: "form.submitted", user: { email: emailOf(n) }, data: { form: "demo" } });
    const signUp = (n: number) => ({ type: "user.signed_up", user: { id: idOf(n), email: emailOf(n) }, data: {} });
    await school.ask("POST", "/v1/events/batch", of(form));
    const counts = countFor(school.id);
    const first = (await school.ask("POST", "/v1/events/batch", of(signUp))).body.results;
    expect(counts.statements.length).toBeLessThan(1_000);
    const isRefused = ({ status }: { status?: number }) => status === 503;
    expect(first.filter(isRefused)).toHaveLength(30);
    const again = (await school.ask("POST", "/v1/events/batch", of(signUp))).body.results;
    expect(again.filter(isRefused)).toEqual([]);
  });

  test("that names hundreds of bundles for the first time notes their courses together", async () => {
    const events = Array.from({ length: 400 }, (_, n) => ({
      type: "bundle.enrolled",
      user: { id: idOf(n % 40) },
      data: { bundle: `b${n}`, courses: [`c${n}`] },
    }));
    const counts = countFor(school.id);
    const { body } = await school.ask("POST", "/v1/events/batch", { events });
    expect(body.results.filter(({ status }: { status?: number }) => status !== undefined)).toEqual([]);
    expect(counts.statements.length).toBeLessThan(250);
    expect(beyond(counts)).toEqual([]);
    const { courses } = (await school.ask("GET", `/v1/users/${idOf(39)}`)).body;
    expect(Object.keys(courses)).toContain("c399");
  });

  test("of 500 xAPI statements by address looks all of them up at once", async () => {
    const statements = Array.from({ length: 500 }, (_, n) => ({
      actor: { mbox: `mailto:u${n}@school.com` },
      verb: { id: "http://adlnet.gov/expapi/verbs/registered" },
      object: {
        id: `https://school.com/course/${n % 10}`,
        definition: { type: "http://adlnet.gov/expapi/activities/course" },
      },
    }));
    const counts = countFor(school.id);
    const answer = await school.ask("POST", "/xapi/statements", statements, { "x-experience-api-version": "1.0.3" });
    expect(answer.status, answer.text.slice(0, 300)).toBe(200);
    expect(counts.objectCalls.length).toBeGreaterThanOrEqual(500);
    expect(beyond(counts)).toEqual([]);
  });
});

test("an import of thousands of definitions is written in a few queries, all or nothing, with an audit entry each", async () => {
  const automations = Array.from({ length: 1_200 }, (_, n) => ({
    id: `aut_${n}`,
    name: `A ${n}`,
    active: false,
    when: [{ type: "user.signed_in" }],
    then: [{ type: "tags.add", tags: [`t${n}`] }],
  }));
  const segments = Array.from({ length: 600 }, (_, n) => ({ id: `seg-${n}`, name: "S", managed: false }));
  const counts = countFor(school.id);
  const made = await school.ask("PUT", "/v1/import", { automations, segments });
  expect(made.status, made.text.slice(0, 300)).toBe(200);
  expect(counts.statements.length).toBeLessThan(60);
  expect(beyond(counts)).toEqual([]);
  const changed = countFor(school.id);
  const on = await school.ask("PUT", "/v1/import", {
    automations: automations.map((one) => ({ ...one, name: `${one.name}!`, active: true })),
    segments: segments.map((one) => ({ ...one, name: "T" })),
  });
  expect(on.body.change.automations).toHaveLength(1_200);
  expect(beyond(changed)).toEqual([]);
  const shown = await school.ask("GET", "/v1/automations/aut_7");
  expect(shown.body).toMatchObject({ name: "A 7!", active: true, version: 1, then: [{ tags: ["t7"] }] });
  const row = await env.DB.prepare("select count(*) as n from audit where school = ? and what like 'automation.%'")
    .bind(school.id)
    .first();
  expect(row).toEqual({ n: 2_400 });
});

describe("of a school's users", () => {
  test("a page is woken a message, and D1 is told of all of them together", async () => {
    await list(250, { nextWake: 1 });
    for (let n = 0; n < 30; n++) await school.event("user.signed_in", idOf(n));
    const counts = countFor(school.id);
    await consume("schoolbell-jobs", [{ kind: "wake_school", school: school.id }]);
    expect(counts.objectCalls.filter((method) => method === "advance")).toHaveLength(100);
    expect(counts.statements.length).toBeLessThan(150);
    expect(beyond(counts)).toEqual([]);
    expect(queues.actions).toEqual([
      { kind: "wake_school", school: school.id, behind: { user: idOf(99), wake: expect.any(Number) } },
    ]);
  });

  test("cron wakes some of those that are overdue, and hands the others on to the queue", async () => {
    await list(300, { nextWake: 1 });
    // Objects that are called at once would each load it, and be counted.
    await loadWorld(env, await school.school());
    const counts = countFor(school.id);
    await tick(env);
    expect(counts.objectCalls.length).toBeLessThanOrEqual(300);
    expect(counts.statements.length).toBeLessThan(150);
    expect(beyond(counts)).toEqual([]);
    expect(queues.actions).toContainEqual(
      expect.objectContaining({ kind: "wake_school", school: school.id, until: expect.any(Number) }),
    );
  });

  test("those who crossed a threshold are woken page by page, each once, and the next look begins there", async () => {
    const then = [{ type: "tags.add", tags: ["away"] }];
    await school.automation({ when: [{ type: "inactivity.school", days: 3, include_already_inactive: true }], then });
    await list(450, { lastSeen: Date.now() - 5 * DAY_MS });
    const woken: string[] = [];
    const now = Date.now();
    await scanRound(queues, school.id);
    setNow(now + 60_000);
    await scanSchools(env);
    for (let messages = scansOf(queues, school.id); messages.length; messages = scansOf(queues, school.id)) {
      const counts = countFor(school.id);
      await consume("schoolbell-jobs", messages);
      expect(beyond(counts)).toEqual([]);
      woken.push(...counts.objectCalls.filter((method) => method === "advance"));
    }
    expect(woken).toHaveLength(450);
  });
});

test("the log of a hundred users is written by pages, each in as many queries as that of one user", async () => {
  const then = [{ type: "tags.add", tags: ["seen"] }];
  await school.automation({ synchronous: true, when: [{ type: "user.signed_in" }], then });
  const events = Array.from({ length: 100 }, (_, n) => ({ type: "user.signed_in", user: { id: idOf(n) } }));
  await school.ask("POST", "/v1/events/batch", { events });
  const counts = countFor(school.id);
  await flushLog(school.id, ...events.map(({ user }) => user.id));
  expect(counts.objectCalls).toHaveLength(200);
  // Beside those of its four pages the schools' zones, which an isolate reads once and keeps.
  expect(counts.statements.length).toBeLessThanOrEqual(4 * 13 + 1);
  expect(beyond(counts)).toEqual([]);
});

describe("an import", () => {
  test("of users with new tags in every line does a page a message", async () => {
    const lines = Array.from({ length: 450 }, (_, n) => `${idOf(n)},tag-${n}|own-${n}`);
    const request = countFor(school.id);
    const started = await school.ask("POST", "/v1/users/import", `id,tags\n${lines.join("\n")}\n`, {
      "content-type": "text/csv",
    });
    expect(started.status).toBe(202);
    expect(beyond(request)).toEqual([]);
    const page = countFor(school.id);
    await consume("schoolbell-jobs", queues.actions.splice(0, 1));
    expect(page.objectCalls.length).toBeGreaterThan(60);
    expect(beyond(page)).toEqual([]);
  });

  test("of segments, three queries a line, does a page a message", async () => {
    const lines = Array.from({ length: 450 }, (_, n) => `seg-${n},Segment ${n}`);
    const counts = countFor(school.id);
    const started = await school.ask("POST", "/v1/segments/import", `id,name\n${lines.join("\n")}\n`, {
      "content-type": "text/csv",
    });
    expect(started.status).toBe(202);
    expect(beyond(counts)).toEqual([]);
    const page = countFor(school.id);
    await consume("schoolbell-jobs", queues.actions.splice(0, 1));
    expect(page.statements.length).toBeGreaterThan(60);
    expect(beyond(page)).toEqual([]);
  });

  test("of the largest file is put by in some hundred queries, however short its lines", async () => {
    const text = "x".repeat(130);
    function* entries(): Generator<[number, string]> {
      for (let n = 0; n < 800_000; n++) yield [n, text];
    }
    const counts = countFor(school.id);
    await storeEntries(env, school.id, "job_0000000000", entries());
    expect(counts.statements.length).toBeGreaterThan(50);
    expect(counts.statements.length).toBeLessThan(200);
    expect(beyond(counts)).toEqual([]);
  });
});

test("switching an automation off that thousands go through wakes some of them, and hands the others on", async () => {
  const automation = await school.automation({
    when: [{ type: "user.signed_in" }],
    then: [{ type: "wait", for: "P1D" }],
  });
  await list(300);
  const ids = JSON.stringify(Array.from({ length: 300 }, (_, n) => idOf(n)));
  await env.DB.batch([
    env.DB.prepare(
      `insert into live_runs (school, id, automation, version, revision, user, status, synchronous, trigger, started_at, steps, logged_at, seq)
       select ?1, 'run_' || value, ?3, 1, 1, value, 'waiting', 0, '{}', 1, '[]', 1, 1 from json_each(?2)`,
    ).bind(school.id, ids, automation),
    env.DB.prepare(
      "insert into run_counts (school, automation, step, status, n) values (?, ?, '', 'waiting', 300)",
    ).bind(school.id, automation),
  ]);
  const counts = countFor(school.id);
  const changed = await school.ask("PATCH", `/v1/automations/${automation}`, { active: false, live_runs: "exit" });
  expect(changed.body.live_runs.total).toBe(300);
  expect(counts.objectCalls.filter((method) => method === "advance")).toHaveLength(100);
  expect(beyond(counts)).toEqual([]);
  expect(queues.actions).toEqual([{ kind: "wake_school", school: school.id }]);
});

test("whoever an automation that is switched off concerns is marked a page a message", async () => {
  const automation = await school.automation({
    when: [{ type: "user.signed_in" }],
    then: [{ type: "wait", for: "P1D" }],
  });
  await list(2_500);
  const ids = JSON.stringify(Array.from({ length: 2_500 }, (_, n) => idOf(n)));
  await env.DB.prepare(
    `insert into live_runs (school, id, automation, version, revision, user, status, synchronous, trigger, started_at, steps, logged_at, seq)
     select ?1, 'run_' || value, ?3, 1, 1, value, 'waiting', 0, '{}', 1, '[]', 1, 1 from json_each(?2)`,
  )
    .bind(school.id, ids, automation)
    .run();
  const marked = async () =>
    (
      await env.DB.prepare("select count(*) as n from users where school = ? and next_wake is not null")
        .bind(school.id)
        .first<{ n: number }>()
    )?.n;
  expect(
    (await school.ask("PATCH", `/v1/automations/${automation}`, { active: false, live_runs: "exit" })).status,
  ).toBe(200);
  // A hundred of the first page were woken at once, and have nothing more to do.
  expect(await marked()).toBe(900);
  for (let page = 0; page < 2; page++) {
    const at = queues.actions.findIndex(({ kind }) => kind === "touch_users");
    await consume("schoolbell-jobs", queues.actions.splice(at, 1));
  }
  expect(await marked()).toBe(2_400);
  expect(queues.actions.map(({ kind }) => kind)).toEqual(["wake_school", "wake_school", "wake_school"]);
});

test("a deleted school is cleared a page a message", async () => {
  await list(450);
  expect((await call("DELETE", `/v1/schools/${school.id}`, undefined, PLATFORM)).status).toBe(204);
  const counts = countFor(school.id);
  await consume("schoolbell-jobs", [{ kind: "clear_school", school: school.id }]);
  expect(counts.objectCalls.filter((method) => method === "leaveSchool")).toHaveLength(200);
  expect(beyond(counts)).toEqual([]);
  // Cron goes on with it, also in other tests.
  await env.DB.prepare("delete from deleted_schools where id = ?").bind(school.id).run();
});

describe("of more than a thousand candidates", () => {
  const ids = Array.from({ length: 1_001 }, (_, n) => idOf(n));

  beforeEach(async () => {
    for (const user of ids.slice(0, 3)) await school.event("user.signed_in", user);
    await school.event("tag.added", "u0001", { tag: "vip" });
  });

  test.each([
    ["counted", true, "enrol_count"],
    ["started", false, "enrol_candidates"],
  ])(
    "those for whom an automation would start are %s by a job, which says how many and whom",
    async (_, dry_run, kind) => {
      const automation = await school.automation({
        when: [{ type: "course.completed" }],
        only_if: { not: { type: "tags.has", tags: ["vip"] } },
        then: [{ type: "tags.add", tags: ["enrolled"] }],
      });
      await list(ids.length);
      const request = countFor(school.id);
      const asked = await school.ask("POST", `/v1/automations/${automation}/enrol`, { users: ids, dry_run });
      expect(asked).toMatchObject({ status: 202, body: { count: null, job_id: expect.any(String) } });
      expect(request.objectCalls).toEqual([]);
      expect(beyond(request)).toEqual([]);
      const jobs = () => queues.actions.filter(({ kind }) => kind === "job");
      const page = countFor(school.id);
      await consume("schoolbell-jobs", jobs().slice(-1));
      expect(beyond(page)).toEqual([]);
      // The first page has all who are there.
      const job = await school.ask("GET", `/v1/jobs/${asked.body.job_id}`);
      expect(job.body).toMatchObject({ kind, total: 1_001, count: 2, users: ["u0000", "u0002"] });
      await consume(
        "schoolbell-actions",
        queues.actions.filter(({ kind }) => kind === "wake"),
      );
      const tagged = await Promise.all(["u0000", "u0001", "u0002"].map((id) => school.ask("GET", `/v1/users/${id}`)));
      expect(tagged.map(({ body }) => body.tags.includes("enrolled"))).toEqual([!dry_run, false, !dry_run]);
    },
  );

  test("somebody named twice is one, and a page done again counts whom it started before", async () => {
    const definition = { when: [{ type: "course.completed" }], reentry: "once", then: [] };
    const automation = await school.automation(definition);
    const enrol = (users: string[]) =>
      school.ask("POST", `/v1/automations/${automation}/enrol`, { users, dry_run: true });
    expect((await enrol(["u0000", "u0000"])).body.count).toBe(1);
    expect((await enrol(Array.from({ length: 1_001 }, () => "u0000"))).body.count).toBe(1);
    const { object, reference } = await school.object("u0000");
    await object.change(
      reference,
      { kind: "enrol", automation, origin: { by: "hand", id: null } },
      { creates: false, once: "job_1" },
    );
    expect(await object.wouldStart(reference, automation)).toBe(false);
    expect(await object.wouldStart(reference, automation, "job_1")).toBe(true);
  });

  test("everybody, and those with a tag, are gone through by the directory", async () => {
    await list(1_001);
    const automation = await school.automation({ when: [{ type: "course.completed" }], then: [] });
    const counts = countFor(school.id);
    const asked = await school.ask("POST", `/v1/automations/${automation}/enrol`, { all: true, dry_run: true });
    expect(asked.body.count).toBeNull();
    expect(beyond(counts)).toEqual([]);
    const job = await school.ask("GET", `/v1/jobs/${asked.body.job_id}`);
    expect(job.body).toMatchObject({ status: "queued", total: 1_001, count: 0, users: [] });
    const few = await school.ask("POST", `/v1/automations/${automation}/enrol`, { tag: "nobody", dry_run: true });
    expect(few).toMatchObject({ status: 200, body: { count: 0 } });
  });

  test("whoever was found by a job is gone from it with their erasure", async () => {
    const found = JSON.stringify({ count: 2, users: ["u0000", "u0002"] });
    await env.DB.prepare(
      `insert into jobs (school, id, kind, status, params, done, total, errors, created_at, touched_at, found)
       values (?1, 'job_1', 'enrol_candidates', 'done', ?3, 2, 2, '[]', 1, 1, ?2)`,
    )
      .bind(school.id, found, JSON.stringify({ stamp: 1, params: {} }))
      .run();
    const exported = await school.ask("GET", "/v1/users/u0002/export");
    expect(exported.body.log.jobs).toHaveLength(1);
    expect((await school.ask("DELETE", "/v1/users/u0002")).status).toBe(204);
    const job = await school.ask("GET", "/v1/jobs/job_1");
    expect(job.body).toMatchObject({ count: 2, users: ["u0000"] });
  });
});
