import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { anna, enrolment, zipOf } from "../../../test/workers/oneroster";
import type { Env } from "../../base/env";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { env as bound, call, newSchool, PLATFORM } from "../../http/test-client";
import { runJobPage } from "../../jobs/start";
import { ownersOf, repeatedOf } from "./owners";

/* A record is one user's: it moves from learner to learner as it does from class to class. */

const app = createApp(routes);
// Nothing is waited for: pages of jobs are done when the test says so.
const queue = { send: async () => {}, sendBatch: async () => {} };
const env = { ...bound, JOBS: queue } as unknown as Env;

type Row = Record<string, string>;
const USERS = ["anna", "ben", "cy"];
const users = USERS.map((sourcedId) => ({ ...anna, sourcedId, email: "" }));

async function withSchool(mode: "test" | "live" = "test") {
  vi.spyOn(scheduler, "wait").mockResolvedValue();
  const made =
    mode === "test"
      ? await newSchool(app)
      : await call(app, "POST", "/v1/schools", { name: "L", mode }, { token: PLATFORM, env }).then(({ body }) => ({
          id: body.school.id,
          key: body.api_key,
        }));
  const api = (method: string, path: string, body?: unknown, headers = {}) =>
    call(app, method, path, body, { token: made.key, env, headers });
  return {
    api,
    take: async (files: Record<string, readonly Row[]>, query = "") => {
      const { status, body, text } = await api("POST", `/v1/users/import${query}`, zipOf(files), {
        "content-type": "application/zip",
      });
      expect(status, text).toBe(202);
      for (let page = 0; page < 9; page++) await runJobPage(env, made.id, body.job_id);
      return (await api("GET", `/v1/jobs/${body.job_id}`)).body;
    },
    held: async (of: readonly string[] = USERS): Promise<Record<string, string[]>> =>
      Object.fromEntries(
        await Promise.all(
          of.map(async (user) => {
            const { enrolments = [] } = (await api("GET", `/v1/users/${user}`)).body;
            const told = enrolments.flatMap(({ product, sources }: { product: string; sources: string[] }) =>
              sources.map((source) => `${product} ${source}`),
            );
            return [user, told.sort()] as const;
          }),
        ),
      ),
  };
}

describe.each(["test", "live"] as const)("in a %s school", (mode) => {
  test("a record that names another user leaves the first", async () => {
    const school = await withSchool(mode);
    await school.take({ "users.csv": users, "enrollments.csv": [enrolment("anna", { sourcedId: "e1" })] });
    const moved = { sourcedId: "e1", classSourcedId: "art-1" };
    expect(await school.take({ "users.csv": [], "enrollments.csv": [enrolment("ben", moved)] })).toMatchObject({
      errors: [],
    });
    expect(await school.held()).toEqual({ anna: [], ben: ["art-1 oneroster:e1"], cy: [] });
    const gone = { sourcedId: "e1", status: "tobedeleted" };
    expect(await school.take({ "users.csv": [], "enrollments.csv": [enrolment("anna", gone)] })).toMatchObject({
      errors: [],
    });
    expect(await school.held()).toEqual({ anna: [], ben: [], cy: [] });
  });
});

test("who else is in the class, and what else gave a place in it, stays", async () => {
  const school = await withSchool();
  const event = { type: "course.enrolled", user: { id: "anna" }, data: { course: "math-1" } };
  await school.api("POST", "/v1/events", event);
  await school.take({
    "users.csv": users,
    "enrollments.csv": [enrolment("anna", { sourcedId: "e1" }), enrolment("cy", { sourcedId: "e2" })],
  });
  await school.take({ "users.csv": [], "enrollments.csv": [enrolment("ben", { sourcedId: "e1" })] });
  expect(await school.held()).toEqual({
    anna: ["math-1 event"],
    ben: ["math-1 oneroster:e1"],
    cy: ["math-1 oneroster:e2"],
  });
});

test("one that begins later is taken from the first at once", async () => {
  const school = await withSchool();
  await school.take({
    "users.csv": users,
    "enrollments.csv": [enrolment("anna", { sourcedId: "e1", beginDate: "2030-09-01" })],
  });
  await school.take({ "users.csv": [], "enrollments.csv": [enrolment("ben", { sourcedId: "e1" })] });
  await school.take({
    "users.csv": [],
    "enrollments.csv": [enrolment("cy", { sourcedId: "e1", beginDate: "2030-09-01" })],
  });
  expect(await school.held()).toEqual({ anna: [], ben: [], cy: [] });
});

test("it moves as loudly as the import is, and once", async () => {
  const school = await withSchool();
  for (const type of ["course.enrolled", "course.unenrolled"])
    await school.api("POST", "/v1/automations", {
      ...{ name: type, when: [{ type }], synchronous: true, then: [{ type: "tags.add", tags: [type] }] },
    });
  const of = (user: string) => ({ "users.csv": users, "enrollments.csv": [enrolment(user, { sourcedId: "e1" })] });
  const tags = async (user: string) => (await school.api("GET", `/v1/users/${user}`)).body.tags;
  await school.take(of("anna"));
  await school.take(of("ben"));
  expect([await tags("anna"), await tags("ben")]).toEqual([[], []]);
  await school.take(of("cy"), "?fire=true");
  expect([await tags("ben"), await tags("cy")]).toEqual([["course.unenrolled"], ["course.enrolled"]]);
});

test("whoever was merged is not taken for another", async () => {
  const school = await withSchool();
  const set = { "users.csv": [], "enrollments.csv": [enrolment("anna", { sourcedId: "e1" })] };
  await school.take({ ...set, "users.csv": users });
  expect((await school.api("POST", "/v1/users/ben/merge", { from: "anna" })).status).toBe(200);
  const before = (await school.api("GET", "/v1/users/ben/timeline")).body.data.length;
  await school.take(set);
  expect(await school.held(["ben"])).toEqual({ ben: ["math-1 oneroster:e1"] });
  expect((await school.api("GET", "/v1/users/ben/timeline")).body.data.length).toBe(before);
  await school.take({ "users.csv": [], "enrollments.csv": [enrolment("cy", { sourcedId: "e1" })] });
  expect(await school.held(["ben", "cy"])).toEqual({ ben: [], cy: ["math-1 oneroster:e1"] });
});

const row = fc.record({
  sourcedId: fc.constantFrom("e1", "e2", "e3"),
  status: fc.constantFrom("active", "active", "tobedeleted"),
  userSourcedId: fc.constantFrom(...USERS),
  classSourcedId: fc.constantFrom("c1", "c2"),
});
// Of two lines that give one record the last counts: a set says so of each but once.
const set = fc.uniqueArray(row, {
  maxLength: 5,
  selector: ({ sourcedId, status, userSourcedId }) =>
    status === "active" ? sourcedId : JSON.stringify([sourcedId, userSourcedId]),
});

/** Whose each record is, and where, when a set was taken. */
function after(before: ReadonlyMap<string, Row>, rows: readonly Row[]): Map<string, Row> {
  const records = new Map(before);
  for (const { sourcedId = "" } of rows) {
    const gives = rows.find((one) => one.sourcedId === sourcedId && one.status === "active");
    if (gives) records.set(sourcedId, gives);
    else records.delete(sourcedId);
  }
  return records;
}

test("however a set's lines are ordered, each record is whose and where the last set that names it says", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        set.chain((rows) => fc.shuffledSubarray(rows, { minLength: rows.length })),
        { minLength: 2, maxLength: 3 },
      ),
      async (sets) => {
        const school = await withSchool();
        let records: ReadonlyMap<string, Row> = new Map();
        for (const rows of sets) {
          // A user has a record once: of what one line takes and another gives, in that order or not, the gift counts.
          const lines = rows.filter(
            ({ sourcedId, status, userSourcedId }) =>
              status === "active" ||
              !rows.some(
                (one) => one.sourcedId === sourcedId && one.status === "active" && one.userSourcedId === userSourcedId,
              ),
          );
          await school.take({ "users.csv": users, "enrollments.csv": lines });
          records = after(records, lines);
        }
        const meant = Object.fromEntries(USERS.map((user): [string, string[]] => [user, []]));
        for (const { sourcedId, userSourcedId = "", classSourcedId } of records.values())
          meant[userSourcedId]?.push(`${classSourcedId} oneroster:${sourcedId}`);
        for (const held of Object.values(meant)) held.sort();
        expect(await school.held()).toEqual(meant);
      },
    ),
    { numRuns: 8 },
  );
});

test("records that stand once have no owner kept", () => {
  expect(repeatedOf(Float64Array.of(3, 1, 2, 3, 1, 1))).toEqual(new Set([1, 3]));
  expect(repeatedOf(new Float64Array())).toEqual(new Set());
  const never = () => {
    throw new Error("not gone over");
  };
  expect(ownersOf(new Set(), never).size).toBe(0);
});
