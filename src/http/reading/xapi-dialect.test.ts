import { beforeAll, describe, expect, test } from "vitest";
import { call, liveSchool, makeSchool, type TestSchool } from "../../../test/workers/live";

const VERSION = "x-experience-api-version";
const COURSE = "https://school.example/courses/js";

const statement = (user: string, rest: Record<string, unknown> = {}) => ({
  actor: { account: { homePage: "https://school.example", name: user } },
  verb: { id: "http://adlnet.gov/expapi/verbs/completed" },
  object: { id: COURSE, definition: { type: "http://adlnet.gov/expapi/activities/course" } },
  ...rest,
});

const { school } = liveSchool();
const basic = (key: string) => `Basic ${btoa(`${key}:`)}`;
const percentOf = async (user: string, of: TestSchool = school) =>
  (await of.ask("GET", `/v1/users/${user}`)).body.courses?.[COURSE]?.percent;

/** As TinCan.js and what grew out of it write a form. */
const formOf = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const post = (path: string, form: string, headers: Record<string, string> = FORM) =>
  call("POST", path, form, undefined, headers);

const fieldsOf = (key: string, content?: unknown) => ({
  Authorization: basic(key),
  "X-Experience-API-Version": "1.0.3",
  "Content-Type": "application/json",
  ...(content === undefined ? {} : { content: JSON.stringify(content) }),
});

describe("a posted form is the request written in it:", () => {
  test("a PUT by its id, whatever the form's own content type, and its copy is a copy", async () => {
    const statementId = crypto.randomUUID();
    const form = formOf({ statementId, ...fieldsOf(school.key, statement("anna")) });
    for (const headers of [FORM, { "content-type": "text/plain" }, { "content-type": "text/plain;charset=UTF-8" }])
      expect((await post("/xapi/statements?method=PUT", form, headers)).status).toBe(204);
    expect(await percentOf("anna")).toBe(100);
    const timeline = (await school.ask("GET", "/v1/users/anna/timeline")).body.data as { type: string }[];
    expect(timeline.filter(({ type }) => type === "course.completed")).toHaveLength(1);
  });

  test("a POST of many letters that are not ASCII, with the credential beside the form", async () => {
    const content = statement("Ярослав + 1&2=3", {
      actor: { account: { homePage: "https://s.example", name: "Я + 1&2=3" } },
    });
    const answered = await post("/xapi/statements?method=POST", formOf({ content: JSON.stringify([content]) }), {
      ...FORM,
      authorization: basic(school.key),
      [VERSION]: "1.0.1",
    });
    expect(answered).toMatchObject({ status: 200, body: [expect.any(String)] });
    expect(await percentOf(encodeURIComponent("Я + 1&2=3"))).toBe(100);
  });

  test("a GET, with the query in the form or in the address", async () => {
    const form = formOf(fieldsOf(school.key));
    expect(await post("/xapi/activities/state?method=GET", form)).toMatchObject({ status: 200, body: [] });
    expect((await post("/xapi/activities/state?method=GET", `${form}&stateId=resume`)).status).toBe(404);
    expect((await post("/xapi/activities/state?method=GET&stateId=resume", form)).status).toBe(404);
  });

  test.each<[string, string, string, number]>([
    ["a credential that is nobody's", "PUT", formOf(fieldsOf("sb_live_x", statement("bea"))), 401],
    ["no credential", "PUT", formOf({ content: "{}" }), 401],
    ["a method that is none", "BREW", "", 400],
    ["what cannot be a header", "POST", "Authorization=%00", 400],
    ["no content", "POST", "", 400],
    ["content that is no JSON", "POST", "content=%7B", 400],
  ])("%s is refused as it would be without", async (_, method, form, status) => {
    const own =
      form.includes("Authorization") || form === formOf({ content: "{}" }) ? "" : `&${formOf(fieldsOf(school.key))}`;
    const answered = await post(`/xapi/statements?method=${method}`, form + own);
    expect(answered).toMatchObject({ status, body: { status } });
    expect(answered.headers.get(VERSION)).toBe("1.0.3");
  });

  test("as large as a list of statements may be, and no larger", async () => {
    const fill = (bytes: number) =>
      formOf(fieldsOf(school.key, statement("carl", { context: { platform: '"'.repeat(bytes) } })));
    // Each quote is two bytes of JSON, and six of a form.
    expect((await post("/xapi/statements?method=POST", fill(500_000))).status).toBe(200);
    expect((await post("/xapi/statements?method=POST", fill(530_000))).status).toBe(413);
    expect((await post("/xapi/statements?method=POST", "x".repeat(4 * 1024 * 1024))).status).toBe(413);
  });
});

test("a statement is JSON, whatever its content type says", async () => {
  const headers = { authorization: basic(school.key), [VERSION]: "1.0.3" };
  for (const [n, type] of ["text/plain", "text/plain;charset=UTF-8", "application/octet-stream"].entries()) {
    const answered = await call("POST", "/xapi/statements", JSON.stringify(statement(`text${n}`)), undefined, {
      ...headers,
      "content-type": type,
    });
    expect(answered.status).toBe(200);
    expect(await percentOf(`text${n}`)).toBe(100);
  }
});

describe.each([
  ["/xapi/activities/state", "stateId"],
  ["/xapi/activities/profile", "profileId"],
  ["/xapi/agents/profile", "profileId"],
])("documents at %s", (path, id) => {
  const ask = (method: string, query: string, body?: unknown) =>
    school.ask(method, `${path}?activityId=x&agent=%7B%7D${query}`, body, { [VERSION]: "1.0.3", "if-none-match": "*" });

  test("are taken and not kept: none is there, and the list of them is empty", async () => {
    for (const method of ["PUT", "POST"]) expect((await ask(method, `&${id}=resume`, "any text")).status).toBe(204);
    const read = await ask("GET", `&${id}=resume`);
    expect([read.status, read.headers.get(VERSION)]).toEqual([404, "1.0.3"]);
    expect(await ask("GET", "&since=2026-01-01T00:00:00Z")).toMatchObject({ status: 200, body: [] });
    expect((await ask("DELETE", `&${id}=resume`)).status).toBe(204);
  });
});

describe("the version stands on every answer under /xapi:", () => {
  test.each<[string, string, string, number, Record<string, string>]>([
    ["no credential", "POST", "/xapi/statements", 401, { authorization: "" }],
    ["no version", "POST", "/xapi/statements", 400, {}],
    ["no such path", "GET", "/xapi/nothing", 404, {}],
    ["another method", "GET", "/xapi/statements", 405, {}],
    ["a path that is nothing", "GET", "/xapi", 404, {}],
    [
      "a preflight from nowhere",
      "OPTIONS",
      "/xapi/statements",
      403,
      { origin: "https://x.example", "access-control-request-method": "PUT" },
    ],
    ["what is served", "GET", "/xapi/about", 200, {}],
  ])("%s", async (_, method, path, status, headers) => {
    const answered = await call(method, path, method === "POST" ? {} : undefined, school.key, headers);
    expect([answered.status, answered.headers.get(VERSION)]).toEqual([status, "1.0.3"]);
  });

  test("and on no other", async () => {
    expect((await school.ask("GET", "/v1/school")).headers.get(VERSION)).toBeNull();
  });
});

describe("an endpoint that ends with a slash, and what clients put behind it,", () => {
  const headers = { [VERSION]: "1.0.3" };

  test.each([
    ["POST", "/xapi//statements", 200],
    ["PUT", "/xapi///activities/state?stateId=x", 204],
    ["GET", "/xapi/activities//profile", 200],
    ["GET", "//xapi//agents/profile", 200],
    ["GET", "//xapi/about", 200],
    ["POST", "/xapi/statements/", 200],
  ])("is the path that is meant: %s %s", async (method, path, status) => {
    const body = method === "GET" ? undefined : statement("slash");
    const answered = await school.ask(method, path, body, headers);
    expect([answered.status, answered.headers.get(VERSION)]).toEqual([status, "1.0.3"]);
  });

  test("a posted form too", async () => {
    const form = formOf({ statementId: crypto.randomUUID(), ...fieldsOf(school.key, statement("dora")) });
    expect((await post("//xapi//statements?method=PUT", form)).status).toBe(204);
    expect(await percentOf("dora")).toBe(100);
  });

  test("elsewhere an empty part leads nowhere: it may be an id that was forgotten", async () => {
    for (const path of ["/v1/users//timeline", "/v1//users", "//v1/users"])
      expect((await school.ask("GET", path)).status, path).toBe(404);
  });
});

describe("content in a page", () => {
  const HOME = "https://content.school.example";
  let own: TestSchool;
  beforeAll(async () => {
    own = await makeSchool("live", { allowed_origins: [HOME] });
  });
  const allowed = ({ headers }: { headers: Headers }) => headers.get("access-control-allow-origin");

  test("may ask with the headers of its client, and read its answers, from the school's origins", async () => {
    const preflight = await call("OPTIONS", "/xapi/statements", undefined, undefined, {
      origin: HOME,
      "access-control-request-method": "PUT",
      "access-control-request-headers": "authorization,content-type,x-experience-api-version",
    });
    expect([preflight.status, allowed(preflight)]).toEqual([204, HOME]);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    for (const name of ["authorization", "content-type", VERSION, "if-match", "if-none-match"])
      expect(preflight.headers.get("access-control-allow-headers")?.split(", ")).toContain(name);

    const headers = { [VERSION]: "1.0.3", origin: HOME };
    const posted = await own.ask("POST", "/xapi/statements", statement("anna"), headers);
    expect([posted.status, allowed(posted)]).toEqual([200, HOME]);
    const none = await own.ask("GET", "/xapi/activities/state?stateId=x", undefined, headers);
    expect([none.status, allowed(none)]).toEqual([404, HOME]);
    const about = await call("GET", "/xapi/about", undefined, undefined, headers);
    expect([about.status, allowed(about)]).toEqual([200, HOME]);
  });

  test("may post a form from them", async () => {
    const form = formOf(fieldsOf(own.key, statement("bea")));
    const answered = await post("/xapi/statements?method=POST", form, { "content-type": "text/plain", origin: HOME });
    expect([answered.status, allowed(answered)]).toEqual([200, HOME]);
    expect(await percentOf("bea", own)).toBe(100);
  });

  test("reads no answer elsewhere, and none of another school's", async () => {
    const headers = { [VERSION]: "1.0.3", origin: HOME };
    expect(allowed(await school.ask("POST", "/xapi/statements", [], headers))).toBeNull();
    expect(allowed(await own.ask("POST", "/xapi/statements", [], { ...headers, origin: "null" }))).toBeNull();
    expect(allowed(await own.ask("GET", "/v1/users", undefined, headers))).toBeNull();
  });
});
