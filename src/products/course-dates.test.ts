import { beforeEach, describe, expect, test } from "vitest";
import { call, PLATFORM } from "../../test/workers/live";

/* Where a course's date is said, waits and automations that go by it follow; what is concerned is looked at, and no more. */

let key: string;
const ask = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
  const answered = await call(method, path, body, key, headers);
  expect(answered.status, JSON.stringify(answered.body)).toBeLessThan(300);
  return answered.body;
};
const enrol = (user: string, course = "js") =>
  ask("POST", "/v1/events", { type: "course.enrolled", user: { id: user }, data: { course } });
const move = async (to: string) => {
  while ((await ask("POST", "/v1/test-clock", { to: `${to}T09:00:00.000Z` })).more);
};
const runs = async () => {
  await ask("POST", "/v1/test-clock", { advance: "PT0S" });
  return (await ask("GET", "/v1/runs")).data.map((run: Record<string, string>) => [
    run.user_id,
    run.status,
    (run.wake_at ?? run.ended_at ?? "").slice(0, 10),
  ]);
};
const says = (dueAt: string | null) => ask("PUT", "/v1/products/course/js", { name: "JS", due_at: dueAt });

beforeEach(async () => {
  const asked = { name: "S", mode: "test", now: "2026-01-05T09:00:00.000Z" };
  key = (await call("POST", "/v1/schools", asked, PLATFORM)).body.api_key;
});

const waiting = {
  name: "Due",
  when: [{ type: "course.enrolled" }],
  then: [{ type: "wait", until_field: "course.due_at" }],
};

describe("waits", () => {
  test("follow the date by hand, by a file, and when the course is forgotten", async () => {
    await ask("POST", "/v1/automations", waiting);
    expect(await says("2026-03-01")).toMatchObject({ due_at: "2026-03-01", job_id: expect.stringMatching(/^job_/) });
    await enrol("anna");
    expect(await runs()).toEqual([["anna", "waiting", "2026-03-01"]]);
    const { job_id: job } = await says("2026-02-01");
    expect(await ask("GET", `/v1/jobs/${job}`)).toMatchObject({
      kind: "course_dates",
      status: "done",
      done: 1,
      errors: [],
    });
    expect(await runs()).toEqual([["anna", "waiting", "2026-02-01"]]);
    // The same again is no change.
    expect(await says("2026-02-01")).not.toHaveProperty("job_id");
    const csv = "Type,Id,Due at\nCourse,js,1/20/2026\nCOURSE,css,01/02/2026\n";
    await ask("POST", "/v1/products/import", csv, { "content-type": "text/csv" });
    expect(await runs()).toEqual([["anna", "waiting", "2026-01-20"]]);
    await move("2026-01-19");
    expect((await call("DELETE", "/v1/products/course/js", undefined, key)).status).toBe(202);
    expect(await runs()).toEqual([["anna", "exited", "2026-01-19"]]);
  });

  test("of who is in the course no more follow too", async () => {
    await ask("POST", "/v1/automations", { ...waiting, when: [{ type: "course.unenrolled" }] });
    await says("2026-03-01");
    await enrol("anna");
    await ask("POST", "/v1/events", { type: "course.unenrolled", user: { id: "anna" }, data: { course: "js" } });
    await says("2026-02-01");
    expect(await runs()).toEqual([["anna", "waiting", "2026-02-01"]]);
  });

  test("a date that nothing goes by starts no job, and only who is concerned is looked at", async () => {
    await enrol("anna");
    expect(await says("2026-03-01")).not.toHaveProperty("job_id");
    await ask("POST", "/v1/automations", waiting);
    for (const user of ["ben", "cleo"]) await enrol(user, "css");
    const { job_id: job } = await says("2026-04-01");
    expect((await ask("GET", `/v1/jobs/${job}`)).total).toBe(1);
  });
});

test("an automation starts at the date of a course, also where it was said or moved after the learner was enrolled", async () => {
  await ask("POST", "/v1/automations", {
    name: "Last week",
    when: [{ type: "date.reached", of: "course.ends_at", offset: "-P7D", at: "09:00" }],
    then: [],
  });
  await enrol("anna");
  await ask("PUT", "/v1/users/ben", {});
  const ends = (day: string) => ask("PUT", "/v1/products/course/js", { name: "JS", ends_at: day });
  await ends("2026-04-30");
  await ends("2026-03-31");
  await move("2026-05-10");
  expect(await runs()).toEqual([["anna", "completed", "2026-03-24"]]);
  const [run] = (await ask("GET", "/v1/runs")).data;
  expect(run.trigger).toMatchObject({
    type: "date.reached",
    data: { of: "course.ends_at", course: "js", date: "2026-03-24T09:00:00.000Z" },
  });
});

test("what it would do is told as it is: why, simulate and backtest go by the dates of their time", async () => {
  const made = await ask("POST", "/v1/automations", {
    name: "Due",
    when: [{ type: "date.reached", of: "course.due_at" }],
    then: [{ type: "wait", until_field: "course.ends_at" }],
  });
  await says("2026-02-01");
  await enrol("anna");
  await move("2026-02-10");
  // The date that came has been another one since.
  await says("2027-02-01");
  const [said] = (await ask("GET", `/v1/automations/${made.id}/why?user=anna`)).data;
  expect(said).toMatchObject({ fired: true, fact: { type: "date.reached", data: { course: "js" } } });
  expect(await ask("POST", `/v1/automations/${made.id}/backtest`, { days: 30 })).toMatchObject({ count: 1 });
  await ask("PUT", "/v1/products/course/js", { name: "JS", ends_at: "2026-03-01" });
  const simulated = await ask("POST", "/v1/automations/simulate", {
    automation_id: made.id,
    user: "anna",
    fact: { type: "date.reached", data: { of: "course.due_at", course: "js" } },
    for: "P60D",
  });
  expect(simulated.ends).toMatchObject({ at: "2026-03-01T00:00:00.000Z", status: "completed" });
});
