import { sign } from "hono/jwt";
import { beforeAll, describe, expect, test } from "vitest";
import captured from "../../test/fixtures/inbound/cloudevents.json";
import { call, makeSchool, type TestSchool } from "../../test/workers/live";
import { listUnmapped } from "../db/unmapped";
import { type Answered, env } from "../http/test-client";
import { headerValue } from "./cloudevents";

let school: TestSchool;
let count = 0;
beforeAll(async () => {
  school = await makeSchool();
});

const STRUCTURED = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";

const send = (body: unknown, headers: Record<string, string>, token = school.key): Promise<Answered> =>
  call("POST", "/v1/events", body, token, headers);
const structured = (event: unknown, token?: string) =>
  send(JSON.stringify(event), { "content-type": `${STRUCTURED}; charset=utf-8` }, token);
const batch = (events: unknown) => send(JSON.stringify(events), { "content-type": BATCH });
const binary = (attributes: Record<string, string>, data?: unknown, token?: string) =>
  send(
    data === undefined ? undefined : JSON.stringify(data),
    {
      "content-type": "application/json",
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])),
    },
    token,
  );
const userOf = (id: string): Promise<Answered> => school.ask("GET", `/v1/users/${id}`);

/** A user of the test's own. */
const newUser = () => `learner${++count}`;
const event = (user: string, more: Record<string, unknown> = {}) => ({
  specversion: "1.0",
  id: `own-${count}`,
  source: "https://school.example/lms",
  type: "com.school.course.enrolled",
  subject: `users/${user}`,
  time: "2026-01-02T03:04:05.678Z",
  data: { course: "js-101" },
  ...more,
});
const factsOf = ({ body }: Answered) => body.facts.map(({ type }: { type: string }) => type);
const placesOf = ({ body }: Answered) => body.errors.map(({ path }: { path: string }) => path);

describe("a CloudEvent", () => {
  test("in structured form is an event of ours, and in binary form the same one", async () => {
    const user = newUser();
    const { data, ...attributes } = event(user);
    const first = await structured({ ...attributes, data, datacontenttype: "application/json", tenantid: "t1" });
    expect([first.status, factsOf(first), first.body.user.id]).toEqual([200, ["course.enrolled"], user]);
    expect(first.body.id).toBe(`https://school.example/lms own-${count}`);
    const again = await binary({ ...attributes, tenantid: "t1" }, data);
    expect([again.status, again.body]).toEqual([200, { ...first.body, duplicate: true }]);
  });

  test("of another source with the same id is another event; with another body it is a conflict", async () => {
    const user = newUser();
    const first = event(user, { type: "custom.step" });
    expect((await structured(first)).body.duplicate).toBe(false);
    expect((await structured({ ...first, source: "urn:other" })).body.duplicate).toBe(false);
    expect((await structured({ ...first, data: { course: "js-102" } })).status).toBe(409);
    const long = { ...first, source: `https://school.example/${"x".repeat(200)}` };
    expect((await structured(long)).body.id).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect((await structured(long)).body.duplicate).toBe(true);
  });

  test.each([
    ["course.enrolled", "course.enrolled"],
    ["org.example.lms.course.enrolled", "course.enrolled"],
    ["com.school.custom.deep.name", "custom.deep.name"],
  ])("of type %s is ours of type %s", async (type, ours) => {
    expect(factsOf(await structured(event(newUser(), { type })))).toEqual([ours]);
  });

  test.each([
    ["users/a", "a"],
    ["schools/1/users/b", "b"],
    ["c", "c"],
    ["lms/d e", "lms/d e"],
  ])("with subject %s is of user %s", async (subject, id) => {
    count++;
    expect((await structured(event("", { subject }))).body.user.id).toBe(id);
  });

  test("brings attributes of the user in its data", async () => {
    const user = newUser();
    const data = { course: "js-101", user: { email: "a@example.com", fields: { department: "Sales" } } };
    const { body } = await structured(event(user, { data }));
    expect(body.user).toMatchObject({ email: "a@example.com", fields: { department: "Sales" } });
    expect(body.facts.at(-1).data).toEqual({ course: "js-101", role: "student" });
    const without = await structured(
      event("", { id: "by-data", subject: undefined, data: { ...data, user: { id: user } } }),
    );
    expect(without.body.user.id).toBe(user);
    const text = await structured(event(newUser(), { type: "custom.step", data: { user: "Anna" } }));
    expect(text.body.facts[0].data).toEqual({ user: "Anna" });
  });

  test("may carry its data as base64, which is JSON", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ course: "Курс" }));
    const encoded = btoa(String.fromCharCode(...bytes));
    const given = event(newUser(), { data: undefined, data_base64: encoded });
    expect((await structured(given)).body.facts[0].data).toEqual({ course: "Курс", role: "student" });
    for (const data_base64 of ["AAAA", "???", btoa("[1]"), btoa('{"a":"\\u0000"}'), btoa('{"a":1,"a":2}')]) {
      const refused = await structured(event(newUser(), { data: undefined, data_base64 }));
      expect([refused.status, placesOf(refused)[0]]).toEqual([422, expect.stringContaining("/data_base64")]);
    }
    expect(placesOf(await structured(event(newUser(), { data_base64: encoded })))).toEqual(["/data_base64"]);
  });

  test("has header values that may be percent-encoded or in quotes", async () => {
    expect(headerValue("users/%D0%9E%D0%BB%D0%B5%D0%BD%D0%B0")).toBe("users/Олена");
    expect(headerValue('"a \\"b\\" c"')).toBe('a "b" c');
    for (const plain of ["100%", "%zz", "%ff", '"', "a"]) expect(headerValue(plain)).toBe(plain);
    const { data, subject: _, ...attributes } = event(newUser());
    const encoded = await binary({ ...attributes, subject: "users/%D0%9E" }, data);
    expect(encoded.body.user.id).toBe("О");
    expect(placesOf(await binary({ ...attributes, subject: "a%00b" }, data))).toEqual(["/subject"]);
  });

  test("in binary form may have no data, and no content type then", async () => {
    const { data: _, ...attributes } = event(newUser(), { type: "user.signed_in" });
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)]),
    );
    const { status, body } = await send(undefined, headers);
    expect([status, body.facts?.[0]?.type]).toEqual([200, "user.signed_in"]);
  });

  test.each(["id", "source", "specversion", "type"])(
    "without %s is refused by that name, in every form",
    async (name) => {
      const { data, ...attributes } = event(newUser(), { [name]: undefined });
      const given = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
      for (const refused of [
        await structured({ ...given, data }),
        await binary(given as Record<string, string>, data),
      ]) {
        expect([refused.status, placesOf(refused)]).toEqual([422, [`/${name}`]]);
        expect(refused.body.detail).toContain(name);
      }
      const { results } = (await batch([{ ...given, data }])).body;
      expect([results[0].status, results[0].errors[0].path]).toEqual([422, `/${name}`]);
    },
  );

  test("of another specversion or content type is refused", async () => {
    expect((await structured(event(newUser(), { specversion: "0.3" }))).status).toBe(422);
    const body = JSON.stringify(event(newUser()));
    for (const type of ["application/cloudevents+xml", "application/cloudevents", `${BATCH}; charset=utf-16`])
      expect((await send(body, { "content-type": type })).status).toBe(415);
    const { data, ...attributes } = event(newUser());
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)]),
    );
    expect((await send(JSON.stringify(data), { ...headers, "content-type": "text/plain" })).status).toBe(415);
  });

  test("that breaks our schema is refused at its own places", async () => {
    const bad = event("", {
      subject: undefined,
      time: "yesterday",
      data: { course: 5, user: { email: "no" } },
    });
    const refused = await structured(bad);
    expect([refused.status, placesOf(refused).sort()]).toEqual([
      422,
      ["/data/course", "/data/user/email", "/subject", "/time"],
    ]);
    expect(placesOf(await structured(event("", { subject: undefined })))).toEqual(["/subject"]);
    expect(placesOf(await structured(event(newUser(), { data: [1] })))).toEqual(["/data"]);
    const deep = JSON.stringify(event(newUser())).replace('"js-101"', `${"[".repeat(40)}${"]".repeat(40)}`);
    expect((await send(deep, { "content-type": STRUCTURED })).status).toBe(422);
  });

  test("of a type that is none of ours is counted and shown", async () => {
    const type = "com.school.lesson.completed";
    const answer = await structured(event(newUser(), { type, data: "any" }));
    expect([answer.status, answer.body]).toEqual([202, { unmapped: type }]);
    await structured(event(newUser(), { type }));
    expect((await userOf(`learner${count}`)).status).toBe(404);
    const found = (await listUnmapped(env, school.id, { limit: 100 })).data.find((one) => one.name === type);
    expect(found).toMatchObject({ format: "cloudevents", name: type, count: 2 });
    const dots = await structured(event(newUser(), { type: "a.".repeat(30_000) }));
    expect(dots.status).toBe(202);
  });
});

describe("a user token", () => {
  test("sends no more as a CloudEvent than as an event of ours", async () => {
    const secret = await school.ask("POST", "/v1/signing-secret");
    const user = newUser();
    const exp = Math.floor(Date.now() / 1_000) + 60;
    const token = await sign({ sub: user, school: school.id, aud: "schoolbell", exp }, secret.body.secret, "HS256");
    const visit = event(user, { type: "org.school.course.visited" });
    const { subject: _, ...ofNobody } = { ...visit, id: "browser" };
    expect((await structured(ofNobody, token)).body.user.id).toBe(user);
    const { data, ...attributes } = visit;
    expect((await binary(attributes, data, token)).status).toBe(200);
    for (const more of [
      { type: "course.enrolled" },
      { type: "com.school.unknown" },
      { subject: "users/somebody-else" },
      { data: { course: "js-101", user: { email: "a@example.com" } } },
    ])
      expect((await structured({ ...visit, id: crypto.randomUUID(), ...more }, token)).status).toBe(403);
    expect((await send(JSON.stringify([visit]), { "content-type": BATCH }, token)).status).toBe(403);
  });
});

test("the OpenAPI document names the content types of CloudEvents beside that of our events", async () => {
  const { body } = await call("GET", "/openapi.json");
  const { requestBody, responses, description } = body.paths["/v1/events"].post;
  expect(Object.keys(requestBody.content)).toEqual(["application/json", STRUCTURED, BATCH]);
  expect(requestBody.content["application/json"].schema).toEqual({ $ref: "#/components/schemas/Event" });
  expect(requestBody.content[STRUCTURED].schema.required).toEqual(["id", "source", "specversion", "type"]);
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(["200", "202", "422"]));
  expect(description).toContain("ce-");
});

describe("a batch of CloudEvents", () => {
  test("answers each in its place, and one bad one stops no other", async () => {
    const users = [newUser(), newUser()];
    const { status, body } = await batch([
      event(users[0] ?? "", { id: "b1" }),
      event(users[0] ?? "", { id: "b2", type: "com.school.unknown" }),
      { ...event(users[1] ?? "", { id: "b3" }), specversion: "2.0" },
      event(users[1] ?? "", { id: "b4", data: {} }),
      event(users[0] ?? "", { id: "b1" }),
      "no event",
      event(users[1] ?? "", { id: "b5" }),
    ]);
    expect(status).toBe(200);
    const { results } = body;
    expect(results).toHaveLength(7);
    expect(results[0]).toMatchObject({ duplicate: false, user: { id: users[0] } });
    expect(results[1]).toEqual({ unmapped: "com.school.unknown" });
    expect(results[2]).toMatchObject({ status: 422, errors: [{ path: "/specversion" }] });
    expect(results[3]).toMatchObject({ status: 422, errors: [{ path: "/data/course" }] });
    expect(results[4]).toEqual({ ...results[0], duplicate: true });
    expect(results[5].status).toBe(422);
    expect(results[6]).toMatchObject({ duplicate: false, user: { id: users[1] } });
  });

  test("has at most 500 events and 1 MiB; NUL in one refuses that one", async () => {
    expect((await batch(Array.from({ length: 501 }, () => ({})))).status).toBe(422);
    expect((await batch("x".repeat(1024 * 1024))).status).toBe(413);
    expect((await batch([])).body).toEqual({ results: [] });
    const { results } = (await batch([event(newUser(), { data: { course: "a\0" } }), event(newUser())])).body;
    expect(results.map((one: { status?: number }) => one.status ?? 200)).toEqual([422, 200]);
  });
});

describe("what the npm client was seen to send", () => {
  test.each(captured.requests.map((request, n) => [n, request] as const))("request %i is taken", async (n, request) => {
    const names = ["content-type", "ce-id", "ce-time", "ce-type", "ce-source", "ce-specversion", "ce-subject"];
    const headers = Object.entries(request.headers).filter(([name]) => names.includes(name) || name.startsWith("ce-"));
    const own = (text: string) => text.replaceAll("com.school.lesson.completed", "com.school.custom.lesson_completed");
    const answer = await send(
      own(request.bodyText),
      Object.fromEntries(headers.map(([name, value]) => [name, own(String(value))])),
    );
    expect(answer.status).toBe(200);
    const results = answer.body.results ?? [answer.body];
    // All of them tell of one event, and the last of another one too.
    expect(results[0]).toMatchObject({ id: "https://school.example/lms ce-1", duplicate: n > 0, user: { id: "u1" } });
    expect(results[0].facts).toEqual([
      { type: "custom.lesson_completed", data: { course: "c1", lesson: 3, name: "Олена" } },
    ]);
    const asSent = await send(
      request.bodyText,
      Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    );
    expect(asSent.status).toBe(n === 4 ? 200 : 202);
  });
});
