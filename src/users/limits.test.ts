import { describe, expect, test } from "vitest";
import { heldBy, liveSchool } from "../../test/workers/live";

/* How a user's limits are told at the school's borders; src/engine/limits.test.ts has what they are. */

const { school } = liveSchool();

const tags = (prefix: string, count = 200) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
const tagging = (tag: string[], id?: string, more = {}) => ({
  ...(id === undefined ? {} : { id }),
  type: "tag.added",
  user: { id: "anna", ...more },
  data: { tag },
});
const fill = async () => {
  for (let n = 0; n < 5; n++) await school.event("tag.added", "anna", { tag: tags(`t${n}`) });
};
const refused = {
  type: "https://schoolbell.dev/problems/invalid",
  status: 422,
  errors: [{ path: "/data/tag", message: "a user has at most 1,000 tags" }],
};

describe("an event that would pass a limit", () => {
  test("is a 422 that names the field, and nothing of it stays: no attribute, fact, run, id", async () => {
    await fill();
    await school.automation({ synchronous: true, when: [{ type: "user.updated" }], then: [] });
    const before = (await heldBy(school.id, "anna")).tables;
    const asked = await school.ask("POST", "/v1/events", tagging(["new"], "e1", { username: "Newer" }));
    expect([asked.status, asked.body]).toMatchObject([422, refused]);
    const after = (await heldBy(school.id, "anna")).tables;
    expect([after.events, after.journal]).toEqual([before.events, before.journal]);
    expect((await school.ask("GET", "/v1/users/anna")).body.username).toBe(null);
    expect((await school.ask("GET", "/v1/runs?user=anna")).body.data).toEqual([]);
    // The id is free: it is judged anew, by another body too.
    const again = await school.ask("POST", "/v1/events", tagging(["t1-1"], "e1"));
    expect([again.status, again.body.duplicate, again.body.facts]).toEqual([200, false, []]);
  });

  test("may be one of courses", async () => {
    const courses = (n: number) => tags(`c${n}`);
    for (let n = 0; n < 9; n++) await school.event("bundle.enrolled", "ben", { bundle: `b${n}`, courses: courses(n) });
    const asked = await school.ask("POST", "/v1/events", {
      type: "bundle.enrolled",
      user: { id: "ben" },
      data: { bundle: "b9", courses: courses(9) },
    });
    expect([asked.status, asked.body.errors]).toEqual([
      422,
      [{ path: "/data/courses", message: "a user has at most 2,000 enrolments" }],
    ]);
    expect((await school.ask("GET", "/v1/users/ben")).body.enrolments).toHaveLength(9 * 201);
  });

  test("stops no other of its batch", async () => {
    await fill();
    const { body } = await school.ask("POST", "/v1/events/batch", {
      events: [
        { type: "tag.removed", user: { id: "anna" }, data: { tag: "t0-0" } },
        tagging(["one", "two"]),
        tagging(["one"]),
        tagging(["two"]),
        { type: "tag.added", user: { id: "ben" }, data: { tag: "two" } },
      ],
    });
    const told = body.results.map((one: { status?: number; facts?: unknown[] }) => one.status ?? one.facts?.length);
    expect(told).toEqual([1, 422, 1, 422, 1]);
    expect(body.results[1]).toMatchObject(refused);
  });
});

test("a line of an import that would pass a limit is that line's error, and nothing of the line is kept", async () => {
  await fill();
  const lines = ["id,username,tags", "anna,Newer,new", `ben,Ben,${tags("t", 1_001).join("|")}`, "carl,Carl,new"];
  const headers = { "content-type": "text/csv" };
  const { job_id: id } = (await school.ask("POST", "/v1/users/import", `${lines.join("\n")}\n`, headers)).body;
  const message = "a user has at most 1,000 tags";
  expect((await school.ask("GET", `/v1/jobs/${id}`)).body).toMatchObject({
    status: "done",
    errors: [
      { line: 2, message },
      { line: 3, message },
    ],
  });
  expect((await school.ask("GET", "/v1/users/anna")).body.username).toBe(null);
  expect((await school.ask("GET", "/v1/users/ben")).status).toBe(404);
  expect((await school.ask("GET", "/v1/users/carl")).body.tags).toEqual(["new"]);
});

test("why an automation did not start tells that there were too many runs", async () => {
  const when = [{ type: "custom", name: "go" }];
  const id = await school.automation({ synchronous: true, when, then: [{ type: "wait", for: "P1D" }] });
  const event = { type: "custom.go", user: { id: "anna" } };
  for (let n = 0; n < 2; n++) {
    const { body } = await school.ask("POST", "/v1/events/batch", { events: Array(250).fill(event) });
    expect(body.results.every((one: { runs: unknown[] }) => one.runs.length === 1)).toBe(true);
  }
  const { runs } = await school.event("custom.go", "anna");
  const [reason] = (await school.ask("GET", `/v1/automations/${id}/why?user=anna&limit=1`)).body.data;
  expect([runs, reason]).toMatchObject([[], { fired: false, stopped_by: "limit" }]);
});

test("what would make the answers of a batch longer than 16 MB, as they are sent, is not taken", async () => {
  // Three bytes a letter: some 400 KB an answer, of a third as many letters.
  const wide = (n: number) => Array.from({ length: 100 }, (_, m) => `${n * 100 + m}`.padEnd(128, "\u3042"));
  for (let n = 0; n < 10; n++) await school.event("tag.added", "anna", { tag: wide(n) });
  const event = { type: "user.signed_in", user: { id: "anna" } };
  const { status, body, text } = await school.ask("POST", "/v1/events/batch", { events: Array(75).fill(event) });
  const statuses = body.results.map((one: { status?: number }) => one.status ?? 200);
  const taken = statuses.indexOf(503);
  expect([status, statuses]).toEqual([200, [...Array(taken).fill(200), ...Array(75 - taken).fill(503)]]);
  expect(new TextEncoder().encode(text).length).toBeLessThan(16_000_000);
  expect(taken).toBeGreaterThan(38);
});

test("nor are they of one event each of many learners, and those not taken changed nothing", async () => {
  const long = (n: number) => Array.from({ length: 100 }, (_, m) => `${n * 100 + m}`.padEnd(128, "\u3042"));
  const users = Array.from({ length: 60 }, (_, n) => `user-${n}`);
  for (let n = 0; n < 10; n++)
    for (const some of [users.slice(0, 20), users.slice(20, 40), users.slice(40)])
      await school.ask(
        "POST",
        "/v1/events/batch",
        { events: some.map((id) => ({ type: "tag.added", user: { id }, data: { tag: long(n) } })) },
        { prefer: "return=minimal" },
      );
  const events = users.map((id) => ({ id: "last", type: "course.enrolled", user: { id }, data: { course: "js" } }));
  const { body, text } = await school.ask("POST", "/v1/events/batch", { events });
  expect(new TextEncoder().encode(text).length).toBeLessThan(16_000_000);
  const isTaken = body.results.map((one: { status?: number }) => one.status === undefined);
  expect(isTaken.filter(Boolean).length).toBeGreaterThan(35);
  expect(isTaken).toContain(false);
  const again = await school.ask("POST", "/v1/events/batch", { events }, { prefer: "return=minimal" });
  expect(again.body.results.map((one: { duplicate: boolean }) => one.duplicate)).toEqual(isTaken);
});
