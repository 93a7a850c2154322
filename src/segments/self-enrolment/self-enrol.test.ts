import { SignJWT } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { flushLog, setNow } from "../../../test/workers/live";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { type Answered, call, env, newSchool } from "../../http/test-client";

const app = createApp(routes);
const METHODS = "/v1/courses/js%20101/enrolment-methods";

let school: { id: string; key: string };
let secret: string;
const api = (method: string, path: string, body?: unknown, token = school.key) =>
  call(app, method, path, body, { token });
const method = async (asked: object) => (await api("POST", METHODS, asked)).body;
const user = async (id: string) => (await api("GET", `/v1/users/${id}`)).body;

beforeEach(async () => {
  school = await newSchool(app);
  secret = (await api("POST", "/v1/signing-secret")).body.secret;
});

/** Tries a key of the course for a learner, by a token of theirs. */
async function enrol(sub: string, key: string, course = "js%20101"): Promise<Answered> {
  const token = await new SignJWT({ sub, school: school.id, aud: "schoolbell" })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(secret));
  return api("POST", `/v1/courses/${course}/self-enrolments`, { key }, token);
}
const statuses = (answers: Answered[]) => answers.map(({ status }) => status).sort();

describe("a learner enrols", () => {
  test("by a key of the course, in its role and group, once", async () => {
    await method({ key: " Grüße ", group: "g1", role: "guest" });
    const answer = await enrol("anna", "Gru\u0308ße");
    expect([answer.status, answer.body]).toEqual([201, { course: "js 101", role: "guest", group: "g1" }]);
    const { enrolments, groups } = await user("anna");
    expect([enrolments, groups]).toMatchObject([[{ product: "js 101", role: "guest" }], ["g1"]]);
    expect((await enrol("anna", "Grüße")).status).toBe(200);
    const facts = (await api("GET", "/v1/users/anna/timeline")).body.data.filter(
      ({ type }: { type?: string }) => type === "course.enrolled",
    );
    expect(facts).toHaveLength(1);
    expect((await api("GET", METHODS)).body.data[0].taken).toBe(1);
  });

  test("with the method as the source, which stays when others end", async () => {
    const { id } = await method({ key: "k" });
    await enrol("anna", "k");
    const [{ sources }] = (await user("anna")).enrolments;
    expect(sources).toEqual([`self:${id}`]);
    const [given] = (await user("anna")).givers.enrolments[0].sources;
    expect(given).toMatchObject({ source: `self:${id}`, by: "learner", id });
  });

  test("and lifts no suspension by it, whatever gave the enrolment", async () => {
    await method({ key: "k" });
    await enrol("anna", "k");
    const event = (type: string, of: string) =>
      api("POST", "/v1/events", { type, user: { id: of }, data: { course: "js 101" } });
    await event("course.enrolled", "ben");
    for (const of of ["anna", "ben"]) {
      await event("course.suspended", of);
      await enrol(of, "k");
      expect((await user(of)).enrolments).toMatchObject([{ suspended: true }]);
      await event("course.resumed", of);
      expect((await user(of)).enrolments[0].suspended).toBe(undefined);
    }
  });

  test("here, of which the LMS is told as of something new", async () => {
    await method({ key: "k", group: "g1" });
    await enrol("anna", "k");
    await flushLog(school.id, "anna");
    expect((await api("GET", "/v1/changes")).body.data).toMatchObject([
      {
        type: "course.enrolled",
        user: "anna",
        data: { course: "js 101", role: "student" },
        cause: { type: "learner" },
      },
      { type: "group.joined", user: "anna", data: { group: "g1" }, cause: { type: "learner" } },
    ]);
  });

  test("by no other key, no key of another course, and none that is switched off", async () => {
    const { id } = await method({ key: "open" });
    expect((await enrol("anna", "Open")).status).toBe(403);
    expect((await enrol("anna", "open", "js-102")).status).toBe(403);
    await api("PATCH", `${METHODS}/${id}`, { active: false });
    expect((await enrol("anna", "open")).status).toBe(403);
    expect((await api("GET", "/v1/users/anna")).status).toBe(404);
  });

  test("while there are places: of many at once just so many get one", async () => {
    const { id } = await method({ key: "k", limit: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => enrol(`u${n}`, "k")));
    expect(statuses(answers)).toEqual([201, 201, 201, 409, 409, 409, 409, 409]);
    expect((await api("GET", `${METHODS}/${id}`)).body.taken).toBe(3);
    const lucky = answers.findIndex(({ status }) => status === 201);
    expect((await enrol(`u${lucky}`, "k")).status).toBe(200);
    await api("DELETE", `/v1/users/u${lucky}`);
    expect((await enrol("late", "k")).status).toBe(201);
  });

  test("many times at once takes one place", async () => {
    const { id } = await method({ key: "k", limit: 3 });
    expect(statuses(await Promise.all(Array.from({ length: 5 }, () => enrol("anna", "k"))))).toEqual([
      200, 200, 200, 200, 201,
    ]);
    expect((await api("GET", `${METHODS}/${id}`)).body.taken).toBe(1);
  });

  test("until it ends, by the school's clock", async () => {
    const { now } = (await api("GET", "/v1/school")).body;
    const at = (ms: number) => new Date(Date.parse(now ?? new Date().toISOString()) + ms).toISOString();
    await method({ key: "k", ends_at: at(3_600_000) });
    expect((await enrol("anna", "k")).status).toBe(201);
    await api("POST", "/v1/test-clock", { advance: "PT1H" });
    expect((await enrol("ben", "k")).status).toBe(409);
    // Who has a place keeps it.
    expect((await enrol("anna", "k")).status).toBe(200);
  });

  test("no more after ten wrong keys, tried at once or not, for an hour", async () => {
    await method({ key: "k" });
    const wrong = await Promise.all(Array.from({ length: 12 }, () => enrol("anna", "wrong")));
    expect(statuses(wrong).filter((status) => status === 429)).toHaveLength(2);
    const answer = await enrol("anna", "k");
    expect([answer.status, Number(answer.headers.get("retry-after")) > 3_000]).toEqual([429, true]);
    expect((await enrol("ben", "k")).status).toBe(201);
    setNow(Date.now() + 3_600_001);
    expect((await enrol("anna", "k")).status).toBe(201);
  });

  test("any number of times by good keys", async () => {
    await method({ key: "k" });
    for (let time = 0; time < 12; time++) expect((await enrol("anna", "k")).status).toBe(time === 0 ? 201 : 200);
  });
});

describe("an enrolment method", () => {
  test("is made, changed and taken away", async () => {
    const made = await method({ type: "self", key: "k", limit: 2 });
    expect(made).toEqual({
      id: expect.stringMatching(/^enm_/),
      type: "self",
      course: "js 101",
      key: "k",
      group: null,
      role: "student",
      limit: 2,
      taken: 0,
      ends_at: null,
      active: true,
      created_at: expect.any(String),
    });
    const path = `${METHODS}/${made.id}`;
    const changed = (await api("PATCH", path, { key: "l", limit: null, group: "g" })).body;
    expect(changed).toEqual({ ...made, key: "l", limit: null, group: "g" });
    expect((await api("GET", path)).body).toEqual(changed);
    expect((await api("GET", `/v1/courses/other/enrolment-methods/${made.id}`)).status).toBe(404);
    expect((await enrol("anna", "k")).status).toBe(403);
    expect((await api("DELETE", path)).status).toBe(204);
    expect((await enrol("anna", "l")).status).toBe(403);
  });

  test("is of no course whose id could stand in no event", async () => {
    for (const course of ["a%00b", "x".repeat(129)])
      expect((await api("POST", `/v1/courses/${course}/enrolment-methods`, { key: "k" })).status).toBe(404);
    expect((await api("POST", "/v1/courses/a%2Fb%25/enrolment-methods", { key: "k" })).body.course).toBe("a/b%");
  });

  test("has a key of its own in the course", async () => {
    const { id } = await method({ key: "k" });
    await method({ key: "l" });
    expect((await api("POST", METHODS, { key: "k" })).status).toBe(409);
    expect((await api("PATCH", `${METHODS}/${id}`, { key: "l" })).status).toBe(409);
    expect((await api("POST", "/v1/courses/js-102/enrolment-methods", { key: "k" })).status).toBe(201);
    for (const [body, path] of [
      [{ key: "  " }, "/key"],
      [{ key: "k", limit: 0 }, "/limit"],
      [{ key: "k", type: "cohort" }, "/type"],
    ] as const)
      expect((await api("POST", METHODS, body)).body.errors[0].path).toBe(path);
  });

  test("shows its key to the scope admin alone; D1 and the audit log have it nowhere", async () => {
    const { id } = await method({ key: "open-sesame" });
    const { key } = (await api("POST", "/v1/api-keys", { name: "W", scopes: ["read", "write"] })).body;
    const read = await api("GET", `${METHODS}/${id}`, undefined, key);
    const written = await api("PATCH", `${METHODS}/${id}`, { limit: 3 }, key);
    expect([read.body.key, written.body.key, written.body.limit]).toEqual([null, null, 3]);
    for (const table of ["enrolment_methods", "audit"]) {
      const { results } = await env.DB.prepare(`select * from ${table} where school = ?`).bind(school.id).all();
      expect(results.length).toBeGreaterThan(0);
      expect(JSON.stringify(results)).not.toContain("sesame");
    }
  });
});
