import { sign } from "hono/jwt";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { Problem } from "../../base/errors/errors";
import { forgetOldAnswers } from "../../db/answers";
import { database } from "../../db/client";
import { idempotency } from "../../db/schema";
import { eraseHeld } from "../../journal/held/held";
import { created, defineRoute, noContent } from "../route";
import { call, env, newSchool, PLATFORM, testApp } from "../test-client";
import { bodyHash } from "./idempotency";

let done = 0;
let work: () => unknown = () => {};
beforeEach(() => {
  done = 0;
  work = () => {};
});

const app = testApp([
  defineRoute({
    method: "POST",
    path: "/v1/things",
    scope: ["write", "user"],
    summary: "Make a thing.",
    query: z.object({ x: z.string().optional() }),
    body: z.strictObject({ name: z.string() }),
    answers: { 201: z.object({ n: z.number(), name: z.string(), user: z.string() }) },
    handle: async ({ body, credential }) => {
      await work();
      return created(
        { n: ++done, name: body.name, user: credential.kind === "user" ? credential.user : "key" },
        { etag: `"${done}"` },
      );
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/things/:id",
    scope: "write",
    summary: "Delete a thing.",
    answers: { 204: null },
    handle: () => {
      done++;
      return noContent();
    },
  }),
]);

const post = (token: string, key: string, body: unknown = { name: "a" }, path = "/v1/things") =>
  call(app, "POST", path, body, { token, headers: { "idempotency-key": key, "content-type": "application/json" } });

describe("a write with an Idempotency-Key", () => {
  test("answers the first answer again, whole, and is done once", async () => {
    const { key } = await newSchool(app);
    const first = await post(key, "k");
    const again = await post(key, "k");
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([201, first.text, '"1"']);
    expect([first.headers.get("idempotent-replayed"), again.headers.get("idempotent-replayed")]).toEqual([
      null,
      "true",
    ]);
    expect(done).toBe(1);
    const remove = () =>
      call(app, "DELETE", "/v1/things/x", undefined, { token: key, headers: { "idempotency-key": "k" } });
    expect([(await remove()).status, (await remove()).status, done]).toEqual([204, 204, 2]);
  });

  test("is known by the meaning of its body, and another body is a conflict", async () => {
    const { key } = await newSchool(app);
    expect((await post(key, "k", '{"name": "a"}')).status).toBe(201);
    expect((await post(key, "k", ' {"n\\u0061me":"\\u0061"}')).status).toBe(201);
    expect((await post(key, "k", { name: "b" })).status).toBe(409);
    expect(done).toBe(1);
    const hash = (text: string) => bodyHash(new TextEncoder().encode(text));
    expect(await hash('{"a":1.0,"b":[{"d":1,"c":2}]}')).toBe(await hash('{ "b": [{"c":2,"d":1}], "a": 1 }'));
    expect(await hash("[1,2]")).not.toBe(await hash("[2,1]"));
    // As stored by earlier releases.
    expect(await hash('{"b":[1.0,-0,1e21,1E400],"a":{"\\ud800":"é","10":1,"9":2}}')).toBe(
      "L682IZ2PP2KWBHW1JUb9vdzAYQxgKESNG1deEIziWfA",
    );
    expect(await hash(`${"[".repeat(50_000)}${"]".repeat(50_000)}`)).toMatch(/^[\w-]{43}$/);
  });

  test("belongs to its school, method, path and query", async () => {
    const [a, b] = [await newSchool(app), await newSchool(app)];
    for (const [token, path] of [
      [a.key, "/v1/things"],
      [b.key, "/v1/things"],
      [a.key, "/v1/things?x=1"],
    ] as const) {
      expect((await post(token, "k", { name: path }, path)).status).toBe(201);
    }
    expect(done).toBe(3);
  });

  test("keeps refusals, of the body too", async () => {
    const { key } = await newSchool(app);
    work = () => {
      throw new Problem("conflict", "Not now.");
    };
    expect((await post(key, "k")).status).toBe(409);
    work = () => {};
    const again = await post(key, "k");
    expect([again.status, again.body.detail, again.headers.get("content-type")]).toEqual([
      409,
      "Not now.",
      "application/problem+json",
    ]);
    for (const body of ["{", '{"nome":1}']) {
      const refused = await post(key, body, body);
      expect((await post(key, body, body)).text).toBe(refused.text);
    }
    expect(done).toBe(0);
  });

  test("may be sent again after a fault of ours", async () => {
    const { key } = await newSchool(app);
    vi.spyOn(console, "error").mockImplementation(() => {});
    work = () => {
      throw new Error("boom");
    };
    expect((await post(key, "k")).status).toBe(500);
    work = () => {};
    expect((await post(key, "k")).status).toBe(201);
  });

  test("is done once when copies come at the same time: the others get its answer", async () => {
    const { key } = await newSchool(app);
    const { promise, resolve } = Promise.withResolvers<void>();
    work = () => promise;
    vi.spyOn(scheduler, "wait").mockImplementation(async () => resolve());
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(key, "k")));
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.text}`)).size).toBe(1);
    expect(done).toBe(1);
  });

  test("is a conflict while the first is under way, and open again when that one died", async () => {
    const { key } = await newSchool(app);
    const { promise, resolve } = Promise.withResolvers<void>();
    let started = () => {};
    const under = new Promise<void>((begun) => {
      started = begun;
    });
    work = () => {
      started();
      return promise;
    };
    const first = post(key, "k");
    await under;
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    const second = await post(key, "k");
    expect([second.status, second.headers.get("retry-after")]).toEqual([409, "1"]);
    work = () => {};
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    expect((await post(key, "k")).status).toBe(201);
    resolve();
    await first;
  });

  test("is forgotten after 24 real hours", async () => {
    const { key } = await newSchool(app);
    await post(key, "k");
    vi.useFakeTimers({ now: Date.now() + 24 * 3_600_000 - 1_000, toFake: ["Date"] });
    expect((await post(key, "k")).body.n).toBe(1);
    vi.setSystemTime(Date.now() + 2_000);
    expect((await post(key, "k", { name: "other" })).body.n).toBe(2);
  });

  test("has 1 to 255 printable characters", async () => {
    const { key } = await newSchool(app);
    for (const bad of ["", "x".repeat(256), "a\tb"]) expect((await post(key, bad)).status).toBe(422);
    expect((await post(key, "x".repeat(255))).status).toBe(201);
  });

  test("of one user is nothing to another", async () => {
    const { id, key } = await newSchool(app);
    const { secret } = (await call(app, "POST", "/v1/signing-secret", undefined, { token: key })).body;
    const token = (sub: string) =>
      sign({ sub, school: id, aud: "schoolbell", exp: Math.floor(Date.now() / 1_000) + 60 }, secret, "HS256");
    const answers = [
      await post(await token("anna"), "k"),
      await post(await token("ben"), "k"),
      await post(await token("anna"), "k"),
      await post(key, "k"),
    ];
    expect(answers.map((answer) => answer.body.user)).toEqual(["anna", "ben", "anna", "key"]);
  });
});

describe("secrets in kept answers", () => {
  test("are sealed, and given again to the credential that made them only", async () => {
    const { id, key } = await newSchool(app);
    const make = (token: string) =>
      call(
        app,
        "POST",
        "/v1/api-keys",
        { name: "k", scopes: ["write"] },
        { token, headers: { "idempotency-key": "k" } },
      );
    const first = await make(key);
    expect((await make(key)).text).toBe(first.text);
    const second = await make(first.body.key);
    expect([second.status, second.body.id === first.body.id]).toEqual([201, false]);
    const rows = JSON.stringify(await database(env.DB).select().from(idempotency));
    expect(rows).not.toContain(first.body.key);
    expect(rows).toContain(id);
  });

  test("that is asked to come again later is judged anew then", async () => {
    const { key } = await newSchool(app);
    work = () => {
      throw new Problem("too_many", "Too many wrong keys.", undefined, 60);
    };
    const refused = await post(key, "k");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    work = () => {};
    const later = await post(key, "k");
    expect([later.status, later.headers.get("idempotent-replayed"), done]).toEqual([201, null, 1]);
  });

  test("a school made twice with one key is one school", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const make = () => call(app, "POST", "/v1/schools", { name: "S", mode: "test" }, { token: PLATFORM, headers });
    const first = await make();
    expect((await make()).body).toEqual(first.body);
  });
});

describe("forgetting", () => {
  const rowsOf = async (school: string) =>
    (await database(env.DB).select().from(idempotency)).filter((row) => row.school === school);

  test("answers that hold a user are dropped, others stay; keys and paths are not kept in clear", async () => {
    const { id } = await newSchool(app);
    const { id: other } = await newSchool(app);
    const db = database(env.DB);
    const answers = [
      '{"id":"e","user":{"id":"anna"}}',
      '{"data":[{"user_id":"anna"}]}',
      '{"to":["Anna@Example.com"]}',
      '{"id":"annabel"}',
      '{"name":"anna"}',
      null,
    ];
    await db.batch([
      db.delete(idempotency),
      ...answers.map((answer, n) =>
        db.insert(idempotency).values({ school: id, key: `k${n}`, bodyHash: "", status: 200, answer, at: Date.now() }),
      ),
      db
        .insert(idempotency)
        .values({ school: other, key: "k", bodyHash: "", status: 200, answer: answers[0], at: Date.now() }),
    ]);
    await eraseHeld(env, {
      school: id,
      id: "anna",
      emails: ["Anna@Example.com"],
      logged: { runs: [], deliveries: [] },
      ...{ pseudonym: "erased-1", at: 0, presences: null },
    });
    expect((await rowsOf(id)).map((row) => row.key)).toEqual(["k3", "k4", "k5"]);
    expect(await rowsOf(other)).toHaveLength(1);
  });

  test("a user's id with quotes is found too, and the key and path of a request are kept as a digest", async () => {
    const { id, key } = await newSchool(app);
    await call(app, "DELETE", "/v1/things/canary", undefined, { token: key, headers: { "idempotency-key": "canary" } });
    expect(JSON.stringify(await rowsOf(id))).not.toContain("canary");
    const db = database(env.DB);
    await db
      .insert(idempotency)
      .values({ school: id, key: "q", bodyHash: "", status: 200, answer: JSON.stringify({ user: 'u"1' }), at: 0 });
    const gone = { pseudonym: "erased-1", at: 0, presences: null };
    await eraseHeld(env, { school: id, id: 'u"1', emails: [], logged: { runs: [], deliveries: [] }, ...gone });
    expect((await rowsOf(id)).map((row) => row.key)).not.toContain("q");
  });

  test("what is older than a day is deleted, some at a time", async () => {
    const db = database(env.DB);
    const { id: school } = await newSchool(app);
    await db.delete(idempotency);
    const old = Date.now() - 25 * 3_600_000;
    for (let n = 0; n < 5; n++)
      await db.insert(idempotency).values({ school, key: `k${n}`, bodyHash: "", at: old + n });
    await db.insert(idempotency).values({ school, key: "new", bodyHash: "", at: Date.now() });
    expect([
      await forgetOldAnswers(env, 2),
      await forgetOldAnswers(env, 2),
      await forgetOldAnswers(env, 2),
      await forgetOldAnswers(env, 2),
    ]).toEqual([2, 2, 1, 0]);
    expect((await rowsOf(school)).map((row) => row.key)).toEqual(["new"]);
  });
});
