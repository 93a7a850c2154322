import { and, eq } from "drizzle-orm";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { anna, csv, enrolment, HEADERS, many, zipOf } from "../../../test/workers/oneroster";
import type { Env } from "../../base/env";
import { database } from "../../db/client";
import { jobChunks, jobs } from "../../db/schema";
import { createApp } from "../../http/app";
import { openApiDocument } from "../../http/openapi/openapi";
import { routes } from "../../http/routes";
import { env as bound, call, newSchool, PLATFORM } from "../../http/test-client";
import { resumeJobs } from "../../jobs/pages/resume";
import { runJobPage } from "../../jobs/start";
import { LEASE_MS } from "../../jobs/store";
import { tellUser } from "../../journal/tell";

const app = createApp(routes);
const db = database(bound.DB);
/** What would have gone to the queue: it stands still, and pages are done when a test says so. */
let sent: unknown[] = [];
const queue = {
  send: async (body: unknown) => void sent.push(body),
  sendBatch: async (messages: { body: unknown }[]) => void sent.push(...messages.map(({ body }) => body)),
};
const env = { ...bound, JOBS: queue } as unknown as Env;
/** Where no user can be reached just now, so that a job stands at its beginning. */
const busy = {
  getByName: () => {
    throw Object.assign(new Error("busy"), { overloaded: true });
  },
};
const atRest = { ...env, USERS: busy } as unknown as Env;

beforeEach(() => {
  // Jobs keep a pace, and tests wait for nothing.
  vi.spyOn(scheduler, "wait").mockResolvedValue();
});
afterEach(() => vi.useRealTimers());

async function withSchool(settings: Record<string, unknown> = {}) {
  const { id, key } = await newSchool(app, settings);
  const api = async (method: string, path: string, body?: unknown) =>
    call(app, method, path, body, { token: key, env });
  const send = (zip: Uint8Array, query = "", into = env) =>
    call(app, "POST", `/v1/users/import${query}`, zip, {
      ...{ token: key, env: into, headers: { "content-type": "application/zip" } },
    });
  const finish = async (job: string) => {
    for (let page = 0; page < 9; page++) await runJobPage(env, id, job);
    return (await api("GET", `/v1/jobs/${job}`)).body;
  };
  return {
    id,
    api,
    send,
    finish,
    /** The facts and runs of a user, in order. */
    timeline: async (user: string): Promise<string[]> => {
      const { body } = await api("GET", `/v1/users/${user}/timeline`);
      return body.data.map(({ kind, type }: { kind: string; type?: string }) => type ?? kind);
    },
    user: async (user: string) => (await api("GET", `/v1/users/${user}`)).body,
    /** Imports a set and answers with its job when it is done. */
    take: async (zip: Uint8Array, query = "") => {
      const { status, body, text } = await send(zip, query);
      if (status !== 202) throw new Error(text);
      return finish(body.job_id);
    },
  };
}

describe("a OneRoster set", () => {
  test("makes users and enrols them, by a job", async () => {
    const school = await withSchool();
    const job = await school.take(
      zipOf({
        "orgs.csv": [{ sourcedId: "north", name: "North", type: "school" }],
        "users.csv": [anna, { ...anna, sourcedId: "ben", email: "", familyName: "", role: "teacher" }],
        "enrollments.csv": [
          enrolment("anna", { beginDate: "2026-01-01", endDate: "2099-06-30" }),
          enrolment("ben", { role: "teacher" }),
        ],
      }),
    );
    expect(job).toMatchObject({ kind: "roster_import", status: "done", done: 4, total: 4, errors: [] });
    expect(await school.user("anna")).toMatchObject({
      email: "anna@acme.com",
      username: "Anna Pappa",
      fields: { org: "north", grades: "10", role: "student" },
      enrolments: [
        { product_type: "course", product: "math-1", role: "student", expires_at: "2099-06-30T00:00:00.000Z" },
      ],
    });
    expect(await school.user("ben")).toMatchObject({
      ...{ email: null, username: "Anna", enrolments: [{ product: "math-1", role: "teacher", expires_at: null }] },
    });
  });

  test("never has its passwords kept", async () => {
    const school = await withSchool();
    const { body } = await school.send(zipOf({ "users.csv": [anna] }), "", atRest);
    const kept = await db.select().from(jobChunks).where(eq(jobChunks.job, body.job_id));
    expect(kept[0]?.body).toContain(anna.email);
    expect(kept[0]?.body).not.toContain(anna.password);
    await school.finish(body.job_id);
    const { text } = await school.api("GET", "/v1/users/anna/export");
    expect(text).toContain(anna.email);
    expect(text).not.toContain(anna.password);
  });

  test("ends enrolments in the school's days", async () => {
    const school = await withSchool({ timezone: "Europe/Athens" });
    await school.take(
      zipOf({
        "enrollments.csv": [enrolment("anna", { endDate: "2099-07-01" }), enrolment("ben", { endDate: "9999-12-31" })],
      }),
    );
    const ends = await Promise.all(["anna", "ben"].map(async (id) => (await school.user(id)).enrolments[0].expires_at));
    expect(ends).toEqual(["2099-06-30T21:00:00.000Z", null]);
  });

  test("starts automations only when asked to", async () => {
    const school = await withSchool();
    for (const type of ["user.signed_up", "course.enrolled"]) {
      const then = [{ type: "tags.add", tags: [type] }];
      const made = await school.api("POST", "/v1/automations", {
        name: type,
        when: [{ type }],
        synchronous: true,
        then,
      });
      expect(made.status).toBe(201);
    }
    const set = (id: string) =>
      zipOf({ "users.csv": [{ ...anna, sourcedId: id }], "enrollments.csv": [enrolment(id)] });
    await school.take(set("quiet"));
    await school.take(set("loud"), "?fire=true");
    await school.take(set("loud"), "?fire=true");
    expect((await school.user("quiet")).tags).toEqual([]);
    expect((await school.user("loud")).tags).toEqual(["user.signed_up", "course.enrolled"]);
    const facts = ["user.signed_up", "run", "tag.added", "course.enrolled", "run", "tag.added"];
    expect(await school.timeline("loud")).toEqual(facts);
    expect(await school.timeline("quiet")).toEqual(["course.enrolled"]);
  });

  test("ends by a delta what is to be deleted, and erases nobody", async () => {
    const school = await withSchool();
    await school.take(
      zipOf({
        "users.csv": [anna, { ...anna, sourcedId: "ben" }],
        "enrollments.csv": [enrolment("anna"), enrolment("ben")],
      }),
    );
    const job = await school.take(
      zipOf({
        "users.csv": [
          { ...anna, status: "tobedeleted", givenName: "Gone" },
          { ...anna, sourcedId: "ben", enabledUser: "FALSE", givenName: "Gone" },
          { ...anna, sourcedId: "new", enabledUser: "false" },
        ],
        "enrollments.csv": [
          enrolment("anna", { status: "tobedeleted" }),
          enrolment("new"),
          enrolment("nobody", { status: "tobedeleted" }),
        ],
      }),
    );
    expect(job.errors).toEqual([
      { line: 2, message: expect.stringMatching(/^users\.csv: "anna" is to be deleted/) },
      { line: 3, message: expect.stringMatching(/^users\.csv: "ben" is not enabled/) },
      { line: 4, message: expect.stringMatching(/^users\.csv: "new" is not enabled/) },
      { line: 3, message: expect.stringMatching(/^enrollments\.csv: the user was passed over/) },
      { line: 4, message: "enrollments.csv: there is no such user" },
    ]);
    expect(await school.user("anna")).toMatchObject({ username: "Anna Pappa", enrolments: [] });
    expect(await school.user("ben")).toMatchObject({ username: "Anna Pappa", enrolments: [{ product: "math-1" }] });
    expect((await school.api("GET", "/v1/users/new")).status).toBe(404);
  });

  test("that is whole tells of enrolments it lacks in its classes, and leaves them", async () => {
    const school = await withSchool();
    const enrolled: [string, string][] = [
      ["anna", "math-1"],
      ["ben", "math-1"],
      ["ben", "empty-1"],
      ["ben", "elsewhere"],
    ];
    for (const [user, course] of enrolled) {
      const event = { type: "course.enrolled", user: { id: user }, data: { course } };
      expect((await school.api("POST", "/v1/events", event)).status).toBe(200);
      await tellUser(bound, { id: school.id, epoch: 1 }, user, { exact: true });
    }
    const files = {
      "classes.csv": [{ sourcedId: "math-1" }, { sourcedId: "empty-1" }],
      "enrollments.csv": [enrolment("anna", { status: "" })],
    };
    const lacks = (course: string) => ({
      user: "ben",
      message: `enrollments.csv: the enrolment in "${course}" is not in the set, and was left as it is`,
    });
    expect((await school.take(zipOf(files, "bulk"))).errors).toEqual([lacks("empty-1"), lacks("math-1")]);
    expect((await school.user("ben")).enrolments.length).toBe(3);
    expect((await school.take(zipOf(files, "delta"))).errors).toEqual([]);
  });

  test("of version 1.2 has its roles in a file of their own", async () => {
    const school = await withSchool();
    await school.api("PUT", "/v1/users/cleo", { username: "Cleo" });
    const { role: _, orgSourcedIds: __, ...user } = anna;
    const role = (id: string, roleType: string, name: string) => ({ userSourcedId: id, roleType, role: name });
    const job = await school.take(
      zipOf(
        {
          "users.csv": [{ ...user, primaryOrgSourcedId: "south" }],
          "roles.csv": [
            role("anna", "secondary", "guardian"),
            role("anna", "primary", "teacher"),
            role("anna", "primary", "aide"),
            role("cleo", "primary", "proctor"),
            role("nobody", "primary", "student"),
          ],
        },
        "bulk",
        "1.2",
      ),
    );
    expect(job.errors).toEqual([{ line: 6, message: "roles.csv: there is no such user" }]);
    expect((await school.user("anna")).fields).toEqual({ org: "south", grades: "10", role: "teacher" });
    expect(await school.user("cleo")).toMatchObject({ username: "Cleo", fields: { role: "proctor" } });
  });

  test("has lists in fields declared as such, and as text in others", async () => {
    const school = await withSchool();
    const declare = (key: string, more = {}) =>
      school.api("POST", "/v1/profile-fields", { key, name: key, type: "list", ...more });
    await declare("grades", { choices: ["09", "10", "11"] });
    await declare("org");
    const user = { ...anna, orgSourcedIds: "north, south", grades: "09,10,x,11", role: "Teacher" };
    const job = await school.take(zipOf({ "users.csv": [user] }));
    expect(job).toMatchObject({ status: "done", done: 1, errors: [{ message: expect.stringContaining("grades/2") }] });
    const fields = { grades: ["09", "10", "11"], org: ["north", "south"], role: "teacher" };
    expect((await school.user("anna")).fields).toEqual(fields);
    await school.api("DELETE", "/v1/profile-fields/org");
    await school.take(zipOf({ "users.csv": [user] }));
    expect((await school.user("anna")).fields.org).toBe("north, south");
  });

  test("moves the end of a record nearer and further, and takes it away", async () => {
    const school = await withSchool();
    const ends = async (endDate: string) => {
      await school.take(zipOf({ "users.csv": [anna], "enrollments.csv": [enrolment("anna", { endDate })] }));
      return (await school.user("anna")).enrolments[0]?.expires_at;
    };
    expect(await ends("2098-06-30")).toBe("2098-06-30T00:00:00.000Z");
    expect(await ends("2097-06-30")).toBe("2097-06-30T00:00:00.000Z");
    expect(await ends("2099-06-30")).toBe("2099-06-30T00:00:00.000Z");
    expect(await ends("")).toBe(null);
    expect(await ends("2097-06-30")).toBe("2097-06-30T00:00:00.000Z");
  });

  test("has dates as sheets write them, the day first or the month, as its column shows", async () => {
    const school = await withSchool();
    const users = ["a", "b", "c", "d"];
    const given = ["02/01/2098", "31/12/2098", "2098/06/30", "1. 2. 2098"];
    const job = await school.take(
      zipOf({
        "users.csv": users.map((sourcedId) => ({ ...anna, sourcedId })),
        "enrollments.csv": users.map((user, n) => enrolment(user, { endDate: given[n] ?? "" })),
      }),
    );
    expect(job.errors).toEqual([]);
    const ends = await Promise.all(users.map(async (id) => (await school.user(id)).enrolments[0].expires_at));
    expect(ends.map((end: string) => end.slice(0, 10))).toEqual([
      "2098-01-02",
      "2098-12-31",
      "2098-06-30",
      "2098-02-01",
    ]);
  });

  test("has what is wrong with it told by file and line, and the rest done", async () => {
    const school = await withSchool();
    await school.api("POST", "/v1/profile-fields", { key: "grades", name: "Grades", type: "number" });
    const job = await school.take(
      zipOf({
        "diary.csv": "a,b\n",
        "users.csv": [
          `${HEADERS["users.csv"].join()},metadata.shoe,shoe`,
          csv(HEADERS["users.csv"], [
            { ...anna, email: "not an address" },
            { ...anna, sourcedId: "" },
            { ...anna, sourcedId: "lead:x" },
            { ...anna, sourcedId: "cara", status: "gone" },
            { ...anna, sourcedId: "dan", grades: "ten" },
          ])
            .split("\r\n")
            .slice(1)
            .map((line) => `${line},,`)
            .join("\n"),
          `${HEADERS["users.csv"].map((name) => (name === "sourcedId" ? "good" : "")).join()},42,`,
          `${HEADERS["users.csv"].map((name) => (name === "sourcedId" ? "good" : "")).join()},42,`,
          `long${",x".repeat(20)}`,
        ].join("\n"),
        "enrollments.csv": [
          enrolment("good", { classSourcedId: "" }),
          enrolment("good", { endDate: "30 June" }),
          enrolment("good", { endDate: "2001-06-30" }),
          enrolment("good"),
        ],
      }),
    );
    expect(job).toMatchObject({ status: "done", done: 14, total: 14 });
    const told = job.errors.map(({ line, message }: { line: number; message: string }) => `${line} ${message}`);
    expect(told).toEqual([
      "1 diary.csv: no file of OneRoster's; it was passed over",
      '1 users.csv: no column "shoe" is known; it was passed over',
      expect.stringMatching(/^2 users\.csv: email: /),
      "3 users.csv: sourcedId: it is missing",
      "4 users.csv: sourcedId: no id begins with lead:",
      "5 users.csv: status: active or tobedeleted",
      "6 users.csv: grades: not a number; it was left out",
      "8 users.csv: sourcedId: an earlier line has the same",
      "9 users.csv: 21 cells where the header has 20",
      expect.stringMatching(/^2 enrollments\.csv: classSourcedId: /),
      "3 enrollments.csv: endDate: not a date, such as 2026-06-30; it was left out",
      "4 enrollments.csv: it ended on 2001-06-30, and was passed over",
    ]);
    expect((await school.user("good")).enrolments).toMatchObject([{ product: "math-1", expires_at: null }]);
    // The rest of a person stays.
    expect(await school.user("anna")).toMatchObject({ username: "Anna Pappa", email: null });
  });

  test("has what its manifest says and does not hold told", async () => {
    const school = await withSchool();
    const manifest =
      "propertyName,value\noneroster.version,1.1\nfile.users,absent\nfile.classes,bulk\nfile.enrollments,some\n";
    const files = { "users.csv": [anna], "enrollments.csv": [] };
    const job = await school.take(zipOf({ ...files, "manifest.csv": manifest }));
    expect(job.errors).toEqual([
      { line: 5, message: "manifest.csv: file.enrollments: bulk, delta, absent" },
      { line: 1, message: expect.stringContaining("users.csv: the manifest says that it is absent") },
      { line: 1, message: expect.stringContaining("classes.csv: the manifest names it") },
    ]);
    expect((await school.api("GET", "/v1/users/anna")).status).toBe(404);
  });
});

test("a roster whose page was cut off is taken up again by cron, and what was done is not done twice", async () => {
  const school = await withSchool();
  await school.api("POST", "/v1/automations", {
    ...{ name: "a", when: [{ type: "course.enrolled" }], synchronous: true, reentry: "always", then: [] },
  });
  const count = 20;
  const set = zipOf({
    "users.csv": many(count, (n) => ({ ...anna, sourcedId: `u${n}` })),
    "enrollments.csv": [
      ...many(count, (n) => enrolment(`u${n}`)),
      ...[enrolment("u0", { status: "tobedeleted" }), enrolment("u0")],
    ],
  });
  const { body } = await school.send(set, "?fire=true", atRest);
  const which = and(eq(jobs.school, school.id), eq(jobs.id, body.job_id));
  const chunks = () => db.select().from(jobChunks).where(eq(jobChunks.job, body.job_id));
  const [before] = await db.select().from(jobs).where(which);
  const kept = await chunks();
  expect(kept.length).toBe(1);
  // All of a page is done, and it dies before it can say so.
  await runJobPage(env, school.id, body.job_id);
  await db.insert(jobChunks).values(kept);
  await db
    .update(jobs)
    .set({ ...before, status: "running", touchedAt: Date.now() })
    .where(which);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LEASE_MS + 1_000 });
  sent = [];
  await resumeJobs(env);
  expect(sent).toContainEqual({ kind: "job", school: school.id, job: body.job_id });
  const total = 2 * count + 2;
  expect(await school.finish(body.job_id)).toMatchObject({ status: "done", done: total, total, errors: [] });
  const once = ["user.signed_up", "course.enrolled", "run"];
  expect(await school.timeline("u1")).toEqual(once);
  expect(await school.timeline("u0")).toEqual([...once, "course.unenrolled", "course.enrolled", "run"]);
  expect(await chunks()).toEqual([]);
});

describe("a zip is refused, and says why,", () => {
  test.each<[what: string, zip: () => Uint8Array, status: number, why: string]>([
    ["that is none", () => strToU8("PK\u0003\u0004"), 422, "no zip"],
    ["that is cut off", () => zipOf({ "users.csv": [anna] }).slice(0, -30), 422, "no zip"],
    ["with a name that leads elsewhere", () => zipOf({ "../../users.csv": "sourcedId\n" }), 422, "../../users.csv"],
    ["that is a bomb", () => zipOf({ "users.csv": `sourcedId\n${"\n".repeat(20 * 1024 * 1024)}` }), 422, "users.csv"],
    ["without users and enrolments", () => zipOf({ "orgs.csv": [] }), 422, "neither users.csv"],
    [
      "whose users have no ids",
      () => zipOf({ "users.csv": "email\na@b.co\n" }),
      422,
      'users.csv: the column "sourcedId"',
    ],
    ["with a column twice", () => zipOf({ "users.csv": "sourcedId,email,email\n" }), 422, "users.csv: the column"],
    [
      "with a file in UTF-16 that is cut",
      () => zipSync({ "users.csv": new Uint8Array([0xff, 0xfe, 105]) }),
      400,
      "users.csv",
    ],
    [
      "with a file that is not UTF-8",
      () => zipSync({ "users.csv": new Uint8Array([105, 0xc3, 0x28]) }),
      400,
      "users.csv",
    ],
  ])("%s", async (_, zip, status, why) => {
    const school = await withSchool();
    const answer = await school.send(zip());
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(JSON.stringify(why).slice(1, -1));
    expect((await school.api("GET", "/v1/jobs")).body.data).toEqual([]);
    expect((await school.api("GET", "/v1/users")).body.data).toEqual([]);
  });

  test("larger than 32 MiB", async () => {
    const school = await withSchool();
    expect((await school.send(new Uint8Array(32 * 1024 * 1024 + 1))).status).toBe(413);
  });
});

test("a live school has the users of a set in its directory when the job is done", async () => {
  const made = await call(app, "POST", "/v1/schools", { name: "L", mode: "live" }, { token: PLATFORM, env });
  const options = { token: made.body.api_key, env, headers: { "content-type": "application/zip" } };
  const set = zipOf({ "users.csv": [anna], "enrollments.csv": [enrolment("anna")] });
  const { body } = await call(app, "POST", "/v1/users/import", set, options);
  for (let page = 0; page < 3; page++) await runJobPage(env, made.body.school.id, body.job_id);
  const listed = await call(app, "GET", "/v1/users?course=math-1", undefined, { token: made.body.api_key, env });
  expect(listed.body.data.map((one: { id: string }) => one.id)).toEqual(["anna"]);
});

test("the document of the interface names the zip beside the CSV", () => {
  const { paths } = openApiDocument(routes, "https://schoolbell.test");
  expect(paths).toMatchObject({
    "/v1/users/import": { post: { requestBody: { content: { "text/csv": {}, "application/zip": {} } } } },
  });
});
