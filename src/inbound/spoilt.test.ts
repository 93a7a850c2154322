import fc from "fast-check";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import learnworlds from "../../test/fixtures/inbound/learnworlds-webhooks.json";
import moodle from "../../test/fixtures/inbound/moodle-events.json";
import logstore from "../../test/fixtures/inbound/xapi-moodle-logstore.json";
import tincan from "../../test/fixtures/inbound/xapi-tincanjs.json";
import { call, makeSchool, setNow, type TestSchool } from "../../test/workers/live";
import { env } from "../http/test-client";

/* Whatever an LMS sends, with any part of it spoilt: no answer is a fault of ours, and what is refused has done nothing. */

const RUNS = 600;

let school: TestSchool;
let key: string;
beforeAll(async () => {
  school = await makeSchool();
  key = (await school.ask("GET", "/v1/school")).body.hook_key;
});
beforeEach(() => {
  setNow(Date.UTC(2026, 11, 1));
});

const statements = [...logstore.requests, ...tincan.requests].map(({ body }) => ({ to: "/xapi/statements", body }));
const samples: { to: string; body: unknown }[] = [
  ...statements,
  ...learnworlds.map((body) => ({ to: "/hooks/learnworlds", body })),
  ...moodle.bodies.map((body) => ({ to: "/hooks/moodle", body })),
];

test("whatever begins with a byte order mark is read without it; our own schema has none", async () => {
  const basic = { authorization: `Basic ${btoa(`${school.key}:`)}`, "x-experience-api-version": "1.0.3" };
  const say = (path: string, body: unknown) =>
    call("POST", path, `\ufeff${JSON.stringify(body)}`, undefined, { ...basic, "content-type": "application/json" });
  const event = { type: "track", event: "Course Enrolled", userId: "mark", properties: { course: "bom" } };
  expect((await say("/v1/batch", { batch: [event] })).status).toBe(200);
  expect((await school.ask("GET", "/v1/users/mark")).body.enrolments).toHaveLength(1);
  expect((await say("/xapi/statements", [])).status).toBe(200);
  for (const of of ["moodle", "learnworlds"]) expect((await say(`/hooks/${of}/${key}`, {})).status).toBe(200);
  const own = { type: "user.signed_in", user: { id: "mark" } };
  const json = { "content-type": "application/json" };
  expect((await school.ask("POST", "/v1/events", `\ufeff${JSON.stringify(own)}`, json)).status).toBe(400);
});

type Place = (string | number)[];

/** Every place in a value, the value itself among them. */
const placesIn = (value: unknown, at: Place = []): Place[] => [
  at,
  ...(typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, item]) =>
        placesIn(item, [...at, Array.isArray(value) ? Number(name) : name]),
      )
    : []),
];

const withAt = (value: unknown, [first, ...rest]: Place, put: unknown): unknown => {
  if (first === undefined) return put;
  if (Array.isArray(value)) return value.map((item, index) => (index === first ? withAt(item, rest, put) : item));
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, item]) => [name, name === first ? withAt(item, rest, put) : item]),
  );
};

const odd = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    true,
    "",
    "x",
    "0",
    "-1",
    [],
    {},
    [[]],
    [null],
    "lead:a@b.co",
    "mailto:",
    "__proto__",
  ),
  fc.constantFrom(0, -1, 0.5, 9e15, -9e15, "9".repeat(400), "x".repeat(300), "é".repeat(128), "\u202e"),
  fc.jsonValue(),
);

const spoilt = fc
  .constantFrom(...samples)
  .chain(({ to, body }) => {
    const change = fc.tuple(fc.constantFrom(...placesIn(body)), odd);
    return fc.tuple(fc.constant(to), fc.constant(body), fc.array(change, { minLength: 1, maxLength: 3 }));
  })
  .map(([to, body, changes]) => ({ to, body: changes.reduce((now, [at, put]) => withAt(now, at, put), body) }));

test("a spoilt message is taken or refused", async () => {
  await fc.assert(
    fc.asyncProperty(spoilt, async ({ to, body }) => {
      const isHook = to.startsWith("/hooks/");
      const called = vi.spyOn(env.USERS, "getByName").mockClear();
      const answered = await call(
        "POST",
        isHook ? `${to}/${key}` : to,
        JSON.stringify(body) ?? "",
        isHook ? undefined : school.key,
        { "content-type": "application/json", "x-experience-api-version": "1.0.3" },
      );
      expect(isHook ? [200, 400, 422] : [200, 400, 409]).toContain(answered.status);
      if (answered.status === 200) return;
      expect(answered.body).toMatchObject({ status: answered.status, detail: expect.any(String) });
      if (answered.status !== 409) expect(called).not.toHaveBeenCalled();
    }),
    { numRuns: RUNS },
  );
});
