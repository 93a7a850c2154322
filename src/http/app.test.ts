import { beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { Problem } from "../base/errors/errors";
import { listQuery, pageOf, pageOfArray } from "../db/lists/list";
import { createApp } from "./app";
import { mountReference } from "./docs/reference";
import { defineRoute, noContent, ok, okText } from "./route";
import { call, env, newSchool, PLATFORM, testApp } from "./test-client";

const handled = vi.fn();
beforeEach(() => handled.mockReset());

const things = ["a", "b", "c", "d", "e"].map((id) => ({ id }));
const thing = z.object({ id: z.string() });

const app = testApp([
  defineRoute({
    method: "GET",
    path: "/v1/things",
    scope: "read",
    summary: "List things.",
    query: listQuery.extend({ colour: z.string().optional() }),
    answers: { 200: pageOf(thing) },
    handle: ({ query }) => ok(pageOfArray(query, things, (one) => one.id)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/things/:id",
    scope: "read",
    summary: "Get a thing.",
    params: z.object({ id: z.string().max(128) }),
    answers: { 200: thing },
    handle: ({ params }) => ok({ id: params.id }, { etag: '"1"' }),
  }),
  defineRoute({
    method: "PUT",
    makes: true,
    path: "/v1/things/:id",
    scope: ["write", "user"],
    summary: "Put a thing.",
    params: z.object({ id: z.string().max(128) }),
    body: z.strictObject({ n: z.number().optional() }).optional(),
    answers: { 200: z.object({ kind: z.string(), n: z.number().optional() }) },
    handle: ({ credential, body }) => {
      handled(body);
      return ok({ kind: credential.kind, n: body?.n });
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/things/batch",
    scope: "write",
    summary: "Post things, of which one may be bad.",
    body: z.strictObject({ things: z.array(z.unknown()) }),
    lenient: { maxDepth: 34 },
    answers: { 200: z.object({ faults: z.array(z.string()) }) },
    handle: ({ bodyFaults }) => ok({ faults: bodyFaults.map((fault) => fault.path) }),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/things/import",
    scope: "write",
    summary: "Import things.",
    bodyKind: "csv",
    limitBytes: 100,
    answers: { 200: z.object({ lines: z.number() }) },
    handle: ({ body }) => ok({ lines: body.split("\n").length }),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/things/raw",
    scope: "write",
    summary: "Any bytes.",
    bodyKind: "bytes",
    answers: { 200: z.object({ bytes: z.number() }) },
    handle: ({ body }) => okText(`{"bytes": ${body.length}}`),
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/things/:id",
    scope: "write",
    summary: "Break.",
    answers: { 204: null },
    handle: ({ params }) => {
      if (params.id === "busy") throw Object.assign(new Error("D1 DB is overloaded."), { overloaded: true });
      if (params.id === "problem") throw new Problem("too_many", "Slowly.", undefined, 7);
      if (params.id === "fault")
        throw new Error("Failed query: select secret", { cause: new Error("SQLITE_ERROR: secret\nline") });
      return noContent();
    },
  }),
]);

describe("a route", () => {
  test("gets what its schemas let through, and answers JSON with the headers that keep it safe", async () => {
    const { key } = await newSchool(app);
    const got = await call(app, "GET", "/v1/things/a%2Fb%2520c", undefined, { token: key });
    expect([got.status, got.body]).toEqual([200, { id: "a/b%20c" }]);
    expect(Object.fromEntries(got.headers)).toMatchObject({
      "content-type": "application/json",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      etag: '"1"',
    });
    expect(got.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const put = await call(app, "PUT", "/v1/things/a", { n: 1 }, { token: key });
    expect(put.body).toEqual({ kind: "key", n: 1 });
  });

  test("may do without its body where the schema says so", async () => {
    const { key } = await newSchool(app);
    expect((await call(app, "PUT", "/v1/things/a", undefined, { token: key })).status).toBe(200);
  });

  test("refuses what breaks its schemas before its handler", async () => {
    const { key } = await newSchool(app);
    const put = (
      body: unknown,
      headers: Record<string, string> = { "content-type": "application/json" },
      path = "/v1/things/a",
    ) => call(app, "PUT", path, body, { token: key, headers });
    const json = { "content-type": "application/json" };
    for (const [status, answer] of [
      [422, await put('{"n":"x","m":1}')],
      [422, await put("null")],
      [400, await put('{"n":1,"n":2}')],
      [400, await put('{"n":')],
      [400, await put(Uint8Array.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))],
      [413, await put(`{"n":1${" ".repeat(70_000)}}`)],
      [415, await put("{}", { "content-type": "text/plain" })],
      [415, await put(new TextEncoder().encode("{}"), {})],
      [415, await put("{}", { ...json, "content-encoding": "gzip" })],
      [422, await put("{}", json, `/v1/things/${"x".repeat(129)}`)],
      [404, await call(app, "GET", `/v1/things/${"x".repeat(129)}`, undefined, { token: key })],
    ] as const) {
      expect([answer.status, answer.text]).toEqual([status, expect.any(String)]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.body).toMatchObject({
        type: expect.any(String),
        title: expect.any(String),
        status,
        detail: expect.any(String),
      });
    }
    expect(handled).not.toHaveBeenCalled();
  });

  test("must have its body where the schema wants one", async () => {
    const { key } = await newSchool(app);
    const answer = await call(app, "PATCH", "/v1/school", "", {
      token: key,
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(400);
  });

  test("may take the faults of a batch for itself", async () => {
    const { key } = await newSchool(app);
    const text = '{"things":[{"a":"\\u0000"},1]}';
    const answer = await call(app, "POST", "/v1/things/batch", text, {
      token: key,
      headers: { "content-type": "application/json" },
    });
    expect(answer.body).toEqual({ faults: ["/things/0/a"] });
  });

  test("reads CSV as text, and bytes as they are", async () => {
    const { key } = await newSchool(app);
    const csv = (body: string | Uint8Array, type = "text/csv; charset=utf-8") =>
      call(app, "POST", "/v1/things/import", body, { token: key, headers: { "content-type": type } });
    expect((await csv("id\nanna")).body).toEqual({ lines: 2 });
    expect((await csv("x".repeat(101))).status).toBe(413);
    expect((await csv("id", "application/json")).status).toBe(415);
    expect((await csv(Uint8Array.from([0xff]))).status).toBe(400);
    const raw = await call(app, "POST", "/v1/things/raw", Uint8Array.from([0xff, 0]), { token: key });
    expect(raw.text).toBe('{"bytes": 2}');
  });

  test("refuses a write with a query it does not know: a misspelt rehearsal would be the deed", async () => {
    const { key } = await newSchool(app);
    const refused = await call(app, "PUT", "/v1/things/a?dryrun=true&hold=P1D", { n: 1 }, { token: key });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map(({ path }: { path: string }) => path)).toEqual(["/dryrun", "/hold"]);
    expect(handled).not.toHaveBeenCalled();
    expect((await call(app, "PUT", "/v1/things/a?dryrun=true", { n: 1 })).status).toBe(401);
  });

  test("that takes nothing refuses what says something all the same, and passes over what says nothing", async () => {
    const { key } = await newSchool(app);
    const sent = (body?: unknown) => call(app, "DELETE", "/v1/things/a", body, { token: key });
    const misspelt = await sent({ dry_run: true, hold: "P1D" });
    expect(misspelt.status).toBe(422);
    expect(misspelt.body.errors).toEqual([
      { path: "/dry_run", message: "there is no such field" },
      { path: "/hold", message: "there is no such field" },
    ]);
    for (const nothing of [undefined, "", " ", {}, null]) expect((await sent(nothing)).status).toBe(204);
    expect((await sent(["a"])).status).toBe(422);
    expect((await sent("dry_run=true")).status).toBe(400);
    expect((await sent(new Uint8Array(64 * 1024 + 1))).status).toBe(413);
    expect((await call(app, "DELETE", "/v1/things/a", { dry_run: true })).status).toBe(401);
  });

  test("cannot be declared twice", () => {
    const again = defineRoute({
      method: "GET",
      path: "/health",
      scope: "none",
      summary: "",
      answers: { 204: null },
      handle: () => noContent(),
    });
    expect(() => testApp([again])).toThrow(/declared twice/);
  });
});

test("a route without a scope, or with an answer it does not declare, does not compile", () => {
  const base = { method: "GET", path: "/v1/x/:id", summary: "", answers: { 200: thing } } as const;
  // @ts-expect-error: whoever forgets the scope must not get an open route
  const open = () => defineRoute({ ...base, handle: () => ok({ id: "a" }) });
  // @ts-expect-error: 204 is not declared
  const undeclared = () => defineRoute({ ...base, scope: "read", handle: () => noContent() });
  // @ts-expect-error: the body is none of a thing
  const misshapen = () => defineRoute({ ...base, scope: "read", handle: () => ok({ idd: "a" }) });
  // @ts-expect-error: the platform has no school
  const foreign = () => defineRoute({ ...base, scope: "platform", handle: ({ school }) => ok({ id: school.id }) });
  // @ts-expect-error: the path has no such parameter
  const misnamed = () => defineRoute({ ...base, scope: "read", handle: ({ params }) => ok({ id: params.name }) });
  expect([open, undeclared, misshapen, foreign, misnamed]).toHaveLength(5);
});

describe("paths", () => {
  test("unknown ones are a 404, with or without a credential", async () => {
    for (const path of ["/v1/evnets", "/", "//v1/things", "/v1//things", "/v1/things/", "/v1/school/", "/v2/things"]) {
      const answer = await call(app, "GET", path);
      expect([path, answer.status, answer.headers.get("content-type")]).toEqual([
        path,
        404,
        "application/problem+json",
      ]);
    }
  });

  test("other methods of a known one are a 405 that names those there are", async () => {
    for (const method of ["POST", "PATCH", "PROPFIND"]) {
      const answer = await call(app, method, "/v1/things/x", method === "PATCH" ? {} : undefined);
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, PUT, DELETE"]);
    }
    const overridden = await call(app, "POST", "/v1/things/x", {}, { headers: { "x-http-method-override": "DELETE" } });
    expect(overridden.status).toBe(405);
    expect((await call(app, "OPTIONS", "/v1/things")).headers.get("allow")).toBe("GET");
  });

  test("HEAD is GET without a body", async () => {
    const answer = await call(app, "HEAD", "/health");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  });
});

describe("faults of ours", () => {
  test("are a 500 that says nothing of them, logged in one line", async () => {
    const { key, id } = await newSchool(app);
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const answer = await call(app, "DELETE", "/v1/things/fault", undefined, { token: key });
    expect(answer.status).toBe(500);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.text).not.toMatch(/secret|SQL|query/i);
    const [line] = logged.mock.calls[0] ?? [];
    expect(line).not.toMatch(/\n|select secret/);
    expect(JSON.parse(String(line))).toMatchObject({
      level: "error",
      what: "request_failed",
      method: "DELETE",
      route: "/v1/things/:id",
      school: id,
      requestId: answer.headers.get("x-request-id"),
      error: { name: "Error", message: "SQLITE_ERROR: secret\\u000aline" },
    });
  });

  test("overload is a 503 that says when to try again; other refusals likewise", async () => {
    const { key } = await newSchool(app);
    vi.spyOn(console, "error").mockImplementation(() => {});
    const busy = await call(app, "DELETE", "/v1/things/busy", undefined, { token: key });
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([503, "5"]);
    const slow = await call(app, "DELETE", "/v1/things/problem", undefined, { token: key });
    expect([slow.status, slow.headers.get("retry-after")]).toEqual([429, "7"]);
  });
});

describe("lists", () => {
  test("come in pages by cursor, each thing once", async () => {
    const { key } = await newSchool(app);
    for (const limit of [1, 2, 5, 100]) {
      const ids: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const page = await call(
          app,
          "GET",
          `/v1/things?limit=${limit}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
          undefined,
          { token: key },
        );
        ids.push(...page.body.data.map((one: { id: string }) => one.id));
        cursor = page.body.next_cursor;
      }
      expect(ids).toEqual(["a", "b", "c", "d", "e"]);
    }
  });

  test.each(["0", "101", "-1", "1.5", "x", "", "1&limit=2"])("limit=%s is a 422", async (limit) => {
    const { key } = await newSchool(app);
    const answer = await call(app, "GET", `/v1/things?limit=${limit}`, undefined, { token: key });
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([422, "/limit"]);
  });

  test("a cursor that is none of ours is a 422, an unknown parameter is ignored", async () => {
    const { key } = await newSchool(app);
    for (const cursor of ["x", "%ff", "bnVsbA", "WzEsMl0"]) {
      expect((await call(app, "GET", `/v1/things?cursor=${cursor}`, undefined, { token: key })).status).toBe(422);
    }
    expect((await call(app, "GET", "/v1/things?size=9", undefined, { token: key })).status).toBe(200);
  });
});

describe("rates", () => {
  test("a key over the platform's limit is a 429 with Retry-After; where no limit is bound there is none", async () => {
    const { id, key } = await newSchool(app);
    const asked: string[] = [];
    const limited = {
      ...env,
      KEY_LIMIT: { limit: async ({ key }: { key: string }) => ({ success: asked.push(key) < 2 }) },
    } as unknown as typeof env;
    const answers = [];
    for (let n = 0; n < 200; n++) {
      answers.push(await call(app, "GET", "/v1/things", undefined, { token: key, env: limited }));
    }
    // The limit is asked for every hundredth request: the first hundred were within it.
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(199);
    expect([answers[199]?.status, answers[199]?.headers.get("retry-after")]).toEqual([429, "10"]);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatch(/^key_/);
    expect(id).toBeTruthy();
  });
});

describe("the reference", () => {
  const routes = [
    defineRoute({
      method: "POST",
      path: "/v1/trees/:id/grow",
      scope: ["write", "user"],
      summary: "Grow.",
      query: listQuery,
      body: z.strictObject({
        get children() {
          return z.array(z.strictObject({ name: z.string() }));
        },
      }),
      answers: { 201: thing, 204: null },
      handle: () => noContent(),
    }),
  ];
  const documented = createApp(routes);
  mountReference(documented, routes, () => ({
    triggers: [{ type: "tag.added", label: "A <tag>", params: { type: "object" } }],
  }));

  test("/openapi.json is OpenAPI 3.1 of the routes", async () => {
    const { status, body } = await call(documented, "GET", "/openapi.json");
    expect([status, body.openapi]).toEqual([200, "3.1.0"]);
    const { post } = body.paths["/v1/trees/{id}/grow"];
    expect(post.parameters.map((parameter: { name: string }) => parameter.name)).toEqual([
      "id",
      "limit",
      "cursor",
      "Idempotency-Key",
    ]);
    expect(post.security).toEqual([{ secret_key: [] }, { user_token: [] }]);
    expect(body.paths["/v1/trees/{id}/grow"].post["x-scopes"]).toEqual(["write", "user"]);
    expect(Object.keys(post.responses)).toEqual(
      expect.arrayContaining(["201", "204", "400", "401", "403", "404", "422"]),
    );
    expect(post.requestBody.content["application/json"].schema).toMatchObject({
      type: "object",
      additionalProperties: false,
    });
  });

  test("/docs lists the routes, and pages below it show them and the cards, escaped, without script", async () => {
    const page = async (path: string) => {
      const { status, text } = await call(documented, "GET", path);
      expect([status, text.includes("<script")], path).toEqual([200, false]);
      return text;
    };
    expect(await page("/docs")).toContain("/v1/trees/:id/grow");
    expect(await page("/docs/api/trees")).toContain("Answer 201");
    expect(await page("/docs/triggers")).toContain("A &lt;tag&gt;");
    expect(await page("/llms.txt")).toContain("/docs/triggers");
    expect((await call(documented, "GET", "/docs/style.css")).headers.get("content-type")).toContain("text/css");
  });
  test("needs no credential, and health neither", async () => {
    expect((await call(app, "GET", "/health")).body).toMatchObject({ ok: true });
    expect((await call(app, "GET", "/v1/schools", undefined, { token: PLATFORM })).status).toBe(200);
  });
});
