import { expect, test } from "vitest";
import { consume, env, flushLog, liveSchool } from "../../../test/workers/live";

/* Undoing a run, and an automation since a moment, as who asks for it meets it. */

const { school, queues } = liveSchool("test");

const gives = (name: string, ...more: Record<string, unknown>[]) => ({
  synchronous: true,
  when: [{ type: "custom", name }],
  then: [
    { type: "tags.add", tags: ["vip"] },
    { type: "course.enroll", courses: ["js"] },
    { type: "user.set_field", field: "team", value: "gold" },
    { type: "email.user", subject: "Hi", body: "There" },
    ...more,
  ],
});

const userOf = async (id: string) => (await school.ask("GET", `/v1/users/${id}`)).body;
const begin = async (name: string, user: string): Promise<string> => {
  const { runs } = await school.event(`custom.${name}`, user);
  await flushLog(school.id, user);
  return runs[0].id;
};
const jobOf = async (answer: { body: { job_id: string } }) =>
  (await school.ask("GET", `/v1/jobs/${answer.body.job_id}`)).body;

test("a run is previewed and undone: what it gave goes, what others gave again stays, and mails are told of", async () => {
  await school.automation(gives("go", { type: "wait", for: "P1D" }));
  await school.ask("PUT", "/v1/users/anna", { email: "anna@a.test", fields: { team: "silver" } });
  const before = await userOf("anna");
  const run = await begin("go", "anna");
  await school.event("tag.added", "anna", { tag: "VIP" });
  const preview = await school.ask("POST", `/v1/runs/${run}/undo?dry_run=true`);
  expect(preview.status).toBe(200);
  expect(preview.body).toMatchObject({
    runs: [run],
    takes: [
      { kind: "field", id: "team", to: "silver" },
      { kind: "course", id: "js" },
    ],
    stays: [{ kind: "tag", id: "vip", why: "others" }],
    not_callable: [{ run_id: run, step_id: "s4", type: "email.user" }],
  });
  const answer = await school.ask("POST", `/v1/runs/${run}/undo`);
  expect(answer.status).toBe(202);
  expect(await jobOf(answer)).toMatchObject({ kind: "undo_run", status: "done", result: preview.body });
  const { tags, fields, enrolments } = await userOf("anna");
  expect({ fields, enrolments }).toEqual({ fields: before.fields, enrolments: before.enrolments });
  expect(tags).toEqual(["vip"]);
  expect((await school.ask("GET", `/v1/runs/${run}`)).body).toMatchObject({ status: "exited", reason: "undone" });
  const { data } = (await school.ask("GET", "/v1/changes?limit=100")).body;
  const told = data.filter(({ cause }: { cause: { type: string } }) => cause.type === "undo");
  expect(told.map(({ type, cause }: { type: string; cause: unknown }) => [type, cause])).toEqual([
    ["user.updated", { type: "undo", id: run }],
    ["course.unenrolled", { type: "undo", id: run }],
  ]);
  const again = await jobOf(await school.ask("POST", `/v1/runs/${run}/undo`));
  expect(again.result.takes).toEqual([]);
});

test("a run that another began stays, unless it is asked for too", async () => {
  await school.automation(gives("first"));
  await school.automation({
    synchronous: true,
    when: [{ type: "tag.added", tags: ["vip"] }],
    then: [{ type: "tags.add", tags: ["chained"] }],
  });
  const run = await begin("first", "ben");
  const alone = await school.ask("POST", `/v1/runs/${run}/undo?dry_run=true`);
  expect(alone.body.stays).toMatchObject([{ kind: "run", why: "chained" }]);
  const both = await jobOf(await school.ask("POST", `/v1/runs/${run}/undo`, { chain: true }));
  expect(both.result.runs).toEqual([run, alone.body.stays[0].id]);
  expect((await userOf("ben")).tags).toEqual([]);
});

test("an automation is undone since a moment, for all its users", async () => {
  const automation = await school.automation(gives("many"));
  for (const user of ["u1", "u2"]) {
    await begin("many", user);
    await begin("many", user);
  }
  const path = `/v1/automations/${automation}/undo`;
  for (const wrong of [{}, { since: "2100-01-01T00:00:00Z" }, { since: "2001-01-01T00:00:00Z" }])
    expect((await school.ask("POST", path, wrong)).status).toBe(422);
  const { test_clock } = (await school.ask("GET", "/v1/school")).body;
  const from = new Date(Date.parse(test_clock?.now ?? new Date().toISOString()) - 3_600_000).toISOString();
  const preview = await school.ask("POST", `${path}?dry_run=true`, { since: from });
  expect(preview.body).toMatchObject({ users: 2, runs: 4, not_callable: [] });
  expect(preview.body.takes).toEqual(
    expect.arrayContaining([
      { kind: "tag", count: 2 },
      { kind: "field", count: 2 },
      { kind: "course", count: 2 },
    ]),
  );
  const answer = await school.ask("POST", path, { since: from });
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  expect(await jobOf(answer)).toMatchObject({ status: "done", done: 4, result: preview.body });
  for (const user of ["u1", "u2"]) expect((await userOf(user)).tags).toEqual([]);
});

test("an automation that is deleted by now is undone as well; what never was one is a 404", async () => {
  const since = (await school.ask("GET", "/v1/school")).body.now;
  const automation = await school.automation(gives("go"));
  await begin("go", "anna");
  expect((await school.ask("DELETE", `/v1/automations/${automation}`)).status).toBe(204);
  const dry = await school.ask("POST", `/v1/automations/${automation}/undo?dry_run=true`, { since });
  expect([dry.status, dry.body.runs]).toEqual([200, 1]);
  const answer = await school.ask("POST", `/v1/automations/${automation}/undo`, { since });
  expect(answer.status).toBe(202);
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  expect(await userOf("anna")).toMatchObject({ tags: [], fields: {}, enrolments: [] });
  expect((await school.ask("POST", "/v1/automations/aut_none/undo?dry_run=true", { since })).status).toBe(404);
});

test("a run that had ended says when it was undone, and by whom; once, however often that is asked", async () => {
  await school.automation(gives("go"));
  const run = await begin("go", "anna");
  const shown = async () => (await school.ask("GET", `/v1/runs/${run}`)).body;
  const before = await shown();
  expect(before).toMatchObject({ status: "completed" });
  expect(before).not.toHaveProperty("undone");
  for (let times = 0; times < 2; times++) {
    expect((await school.ask("POST", `/v1/runs/${run}/undo`)).status).toBe(202);
    await flushLog(school.id, "anna");
  }
  const [key] = (await school.ask("GET", "/v1/audit?what=run.undone")).body.data;
  const undone = { at: expect.stringMatching(/^20..-/), by: key.who.replace("key:", "") };
  expect(await shown()).toEqual({ ...before, undone });
  const { data } = (await school.ask("GET", "/v1/runs?user=anna")).body;
  expect(data).toEqual([{ ...before, undone }]);
  const rows = await env.DB.prepare("select steps from runs where id = ?").bind(run).all<{ steps: string }>();
  expect(rows.results[0]?.steps.split("$undo")).toHaveLength(2);
});

test("of an automation that is undone each run says so", async () => {
  const since = (await school.ask("GET", "/v1/school")).body.now;
  const automation = await school.automation(gives("go"));
  const run = await begin("go", "anna");
  await school.ask("POST", `/v1/automations/${automation}/undo`, { since });
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, "anna");
  expect((await school.ask("GET", `/v1/runs/${run}`)).body).toMatchObject({
    status: "completed",
    undone: { by: expect.stringMatching(/^key_/) },
  });
});

test("a run that is not there is a 404", async () => {
  expect((await school.ask("POST", "/v1/runs/run_none/undo")).status).toBe(404);
});

test("a run of which its user's object keeps no record is a 409, to look and to undo", async () => {
  const automation = await school.automation(gives("old"));
  await school.ask("PUT", "/v1/users/anna", {});
  await flushLog(school.id, "anna");
  await env.DB.prepare(
    `insert into runs (school, id, automation, version, user, status, synchronous, trigger, started_at, ended_at, steps,
      failed_steps, logged_at, seq, unkept) values (?, 'run_0old', ?, 1, 'anna', 'completed', 0, ?, 0, 0, '[]', 0, 0, 0, 1)`,
  )
    .bind(school.id, automation, JSON.stringify({ type: "custom.old", data: {}, at: 0, order: 1 }))
    .run();
  for (const query of ["?dry_run=true", ""]) {
    const answer = await school.ask("POST", `/v1/runs/run_0old/undo${query}`);
    expect([answer.status, answer.body.detail]).toEqual([409, expect.stringContaining("No record of the run is kept")]);
  }
  const { data } = (await school.ask("GET", "/v1/jobs")).body;
  expect(data).toEqual([]);
});

test("what a run gave goes along with who is merged, and is undone there", async () => {
  await school.automation(gives("go"));
  await school.ask("PUT", "/v1/users/new", { fields: { team: "blue" } });
  const run = await begin("go", "old");
  await school.event("tag.added", "new", { tag: "vip" });
  await flushLog(school.id, "new");
  expect((await school.ask("POST", "/v1/users/new/merge", { from: "old" })).status).toBe(200);
  await flushLog(school.id, "new");
  const preview = await school.ask("POST", `/v1/runs/${run}/undo?dry_run=true`);
  expect(preview.body).toMatchObject({
    takes: [{ kind: "course", id: "js" }],
    stays: expect.arrayContaining([expect.objectContaining({ kind: "tag", id: "vip", why: "others" })]),
  });
  const job = await jobOf(await school.ask("POST", `/v1/runs/${run}/undo`));
  expect(job).toMatchObject({ status: "done", result: preview.body });
  expect(await userOf("new")).toMatchObject({ tags: ["vip"], fields: { team: "blue" }, enrolments: [] });
});

test("an automation that gave to two users who were merged since is undone as a whole", async () => {
  const since = (await school.ask("GET", "/v1/school")).body.now;
  const automation = await school.automation(gives("go"));
  for (const user of ["old", "new"]) await begin("go", user);
  expect((await school.ask("POST", "/v1/users/new/merge", { from: "old" })).status).toBe(200);
  await flushLog(school.id, "new");
  const path = `/v1/automations/${automation}/undo`;
  const { body } = await school.ask("POST", `${path}?dry_run=true`, { since });
  expect(body).toMatchObject({ users: 1, runs: 2, stays: [] });
  const answer = await school.ask("POST", path, { since });
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  expect((await jobOf(answer)).result).toEqual(body);
  expect(await userOf("new")).toMatchObject({ tags: [], fields: {}, enrolments: [] });
});

test("of what an undo gave back none is told as changed since", async () => {
  await school.automation(gives("go"));
  await school.ask("PUT", "/v1/users/anna", { fields: { team: "silver" } });
  const run = await begin("go", "anna");
  const undo = async () => (await jobOf(await school.ask("POST", `/v1/runs/${run}/undo`))).result;
  expect((await undo()).takes).toContainEqual({ kind: "field", id: "team", to: "silver" });
  expect(await undo()).toMatchObject({ takes: [], stays: [] });
  await school.ask("PUT", "/v1/users/anna", { fields: { team: "bronze" } });
  expect(await undo()).toMatchObject({ takes: [], stays: [{ kind: "field", id: "team", why: "changed" }] });
});

test("an end that a run put off goes back to that of an event, as it is previewed", async () => {
  await school.automation({
    synchronous: true,
    when: [{ type: "custom", name: "longer" }],
    then: [{ type: "course.enroll", courses: ["js"], expires_after: "P900D" }],
  });
  const end = new Date(Date.parse((await school.ask("GET", "/v1/school")).body.now) + 86_400_000).toISOString();
  await school.event("course.enrolled", "anna", { course: "js", expires_at: end });
  const run = await begin("longer", "anna");
  const { body } = await school.ask("POST", `/v1/runs/${run}/undo?dry_run=true`);
  expect(body).toMatchObject({ takes: [{ kind: "course", id: "js", to: end }], stays: [] });
  expect((await jobOf(await school.ask("POST", `/v1/runs/${run}/undo`))).result).toEqual(body);
  expect((await userOf("anna")).enrolments).toMatchObject([{ product: "js", expires_at: end }]);
});

test("a job that was cut off midway is taken up where it was, and again comes to the same", async () => {
  const automation = await school.automation(gives("many"));
  const users = Array.from({ length: 70 }, (_, n) => `u${n}`);
  const events = users.map((id) => ({ id: `e-${id}`, type: "custom.many", user: { id } }));
  await school.ask("POST", "/v1/events/batch", { events });
  for (const user of users) await flushLog(school.id, user);
  const { now } = (await school.ask("GET", "/v1/school")).body;
  const since = new Date(Date.parse(now) - 3_600_000).toISOString();
  const { body } = await school.ask("POST", `/v1/automations/${automation}/undo`, { since });
  const set = (sql: string) =>
    env.DB.prepare(`update jobs set ${sql} where school = ? and id = ?`).bind(school.id, body.job_id).run();
  const page = () => consume("schoolbell-actions", [{ kind: "job", school: school.id, job: body.job_id }]);
  queues.actions.splice(0);
  await page();
  // Whoever did a page died before its progress was kept: all it did is done again.
  await set("status = 'running', cursor = null, done = 0, touched_at = 0");
  await page();
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  expect(await jobOf({ body })).toMatchObject({
    status: "done",
    done: 70,
    errors: [],
    result: { users: 70, runs: 70 },
  });
  for (const user of ["u0", "u35", "u69"]) expect((await userOf(user)).tags).toEqual([]);
  const { data } = (await school.ask("GET", "/v1/users/u0/timeline?limit=100")).body;
  expect(data.filter(({ type }: { type?: string }) => type === "course.unenrolled")).toHaveLength(1);
});
