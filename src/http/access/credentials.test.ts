import { eq } from "drizzle-orm";
import { sign } from "hono/jwt";
import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { database } from "../../db/client";
import { apiKeys, schools } from "../../db/schema";
import { makeKey } from "../../schools/keys/api-key-text";
import { loadSchool } from "../../world/snapshot";
import { defineRoute, ok } from "../route";
import { call, env, newSchool, PLATFORM, testApp } from "../test-client";

const who = z.object({ kind: z.string(), id: z.string().optional() });
const app = testApp([
  defineRoute({
    method: "POST",
    path: "/v1/events",
    scope: ["events", "user"],
    summary: "Send an event.",
    answers: { 200: who },
    handle: ({ credential }) =>
      ok({ kind: credential.kind, id: credential.kind === "user" ? credential.user : undefined }),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/me",
    scope: "user",
    summary: "Get oneself.",
    answers: { 200: who },
    handle: ({ credential }) => ok({ kind: credential.kind, id: credential.user }),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/users",
    scope: "read",
    summary: "",
    answers: { 200: who },
    handle: () => ok({ kind: "key" }),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/users",
    scope: "write",
    summary: "",
    answers: { 200: who },
    handle: () => ok({ kind: "key" }),
  }),
]);

const status = async (method: string, path: string, token?: string, headers: Record<string, string> = {}) =>
  (await call(app, method, path, undefined, { token, headers })).status;
const school = (settings?: Record<string, unknown>) => newSchool(app, settings);
const keyWith = async (key: string, ...scopes: string[]): Promise<{ id: string; key: string }> =>
  (await call(app, "POST", "/v1/api-keys", { name: "k", scopes }, { token: key })).body;

describe("without a good credential", () => {
  test("every route of ours is a 401, and all of them are equal", async () => {
    const { id, key } = await school();
    const gone = await school();
    await call(app, "DELETE", `/v1/schools/${gone.id}`, undefined, { token: PLATFORM });
    const wrongSecret = makeKey("test", `key_${key.slice(8, 28)}`);
    const wrongChecksum = key.slice(0, -1) + (key.endsWith("0") ? "1" : "0");
    const answers = await Promise.all(
      [
        {},
        { authorization: key },
        { authorization: "Bearer " },
        { authorization: "Bearer a b" },
        { authorization: `Bearer ${wrongSecret}` },
        { authorization: `Bearer ${wrongChecksum}` },
        { authorization: `Bearer ${makeKey("test", "key_00000000000000000000")}` },
        { authorization: `Bearer ${gone.key}` },
        { authorization: "Bearer sb_test_nonsense" },
        { authorization: "Bearer nonsense" },
        { authorization: "Bearer a.b.c" },
        { authorization: `Bearer ${PLATFORM}x` },
        { authorization: "Basic !!" },
        { authorization: "Basic A" },
        { authorization: `Basic ${btoa(`${PLATFORM}:`)}` },
      ].map((headers: Record<string, string>) => call(app, "GET", "/v1/school", undefined, { headers })),
    );
    for (const answer of answers) {
      expect([answer.status, answer.headers.get("www-authenticate"), answer.text]).toEqual([
        401,
        "Bearer",
        answers[0]?.text,
      ]);
    }
    expect(await status("GET", `/v1/school?api_key=${key}`)).toBe(401);
    expect(id).toBeTruthy();
  });

  test("a mistyped key costs no read", async () => {
    const { key } = await school();
    const prepare = vi.spyOn(env.DB, "prepare");
    await status("GET", "/v1/school", `${key.slice(0, -8)}0000000z`);
    await status("GET", "/v1/school", "sb_live_nonsense");
    expect(prepare).not.toHaveBeenCalled();
  });
});

describe("a secret key", () => {
  test("may do what its scopes say and no more", async () => {
    const { key } = await school();
    const [events, read, write] = await Promise.all(["events", "read", "write"].map((scope) => keyWith(key, scope)));
    for (const [one, allowed] of [
      [events, [200, 403, 403]],
      [read, [403, 200, 403]],
      [write, [403, 403, 200]],
    ] as const) {
      expect([
        await status("POST", "/v1/events", one?.key),
        await status("GET", "/v1/users", one?.key),
        await status("POST", "/v1/users", one?.key),
      ]).toEqual(allowed);
    }
    expect(await status("GET", "/v1/me", key)).toBe(403);
  });

  test("comes by Bearer in any case, or as the user name of Basic", async () => {
    const { key } = await school();
    for (const authorization of [
      `bearer ${key}`,
      `BEARER  ${key}`,
      `Basic ${btoa(`${key}:`)}`,
      `basic ${btoa(`${key}:anything:at all`)}`,
    ]) {
      expect(await status("GET", "/v1/users", undefined, { authorization })).toBe(200);
    }
  });

  test("says its mode, its id and a checksum, and is nowhere stored", async () => {
    const { key, id } = await school();
    expect(key).toMatch(/^sb_test_[0-9a-z]{20}_[0-9a-z]{47}$/);
    const made = await call(app, "POST", "/v1/schools", { name: "L", mode: "live" }, { token: PLATFORM });
    expect(made.body.api_key).toMatch(/^sb_live_/);
    const rows = await database(env.DB).select().from(apiKeys).where(eq(apiKeys.school, id));
    expect(JSON.stringify(rows)).not.toContain(key.slice(29));
  });

  test("costs a warm call no read and no cryptography", async () => {
    const { key } = await school();
    await status("GET", "/v1/users", key);
    const spies = [vi.spyOn(env.DB, "prepare"), vi.spyOn(crypto.subtle, "digest"), vi.spyOn(crypto.subtle, "sign")];
    expect(await status("GET", "/v1/users", key)).toBe(200);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  test("that is deleted is refused at once here, and within 5 s where it was deleted elsewhere", async () => {
    const { key } = await school();
    const [here, elsewhere] = [await keyWith(key, "read"), await keyWith(key, "read")];
    for (const one of [here, elsewhere]) expect(await status("GET", "/v1/users", one.key)).toBe(200);
    expect(await status("DELETE", `/v1/api-keys/${here.id}`, key)).toBe(204);
    expect(await status("GET", "/v1/users", here.key)).toBe(401);
    await database(env.DB).delete(apiKeys).where(eq(apiKeys.id, elsewhere.id));
    vi.useFakeTimers({ now: Date.now() + 5_001, toFake: ["Date"] });
    expect(await status("GET", "/v1/users", elsewhere.key)).toBe(401);
    expect(await status("GET", "/v1/users", key)).toBe(200);
  });
});

describe("the platform token", () => {
  test("manages schools and nothing inside one", async () => {
    const { key } = await school();
    for (const [method, path] of [
      ["GET", "/v1/school"],
      ["POST", "/v1/events"],
      ["GET", "/v1/me"],
      ["GET", "/v1/users"],
    ] as const) {
      expect(await status(method, path, PLATFORM)).toBe(403);
    }
    for (const [method, path] of [
      ["GET", "/v1/schools"],
      ["POST", "/v1/schools"],
      ["DELETE", "/v1/schools/x"],
    ] as const) {
      expect(await status(method, path, key)).toBe(403);
    }
  });
});

describe("a user token", () => {
  const now = () => Math.floor(Date.now() / 1_000);
  const withTokens = async (settings?: Record<string, unknown>) => {
    const made = await school(settings);
    const { secret } = (await call(app, "POST", "/v1/signing-secret", undefined, { token: made.key })).body;
    const claims = { sub: "anna", school: made.id, aud: "schoolbell", exp: now() + 3_600 };
    const token = (changed: Record<string, unknown> = {}, by: string = secret, alg: "HS256" | "HS512" = "HS256") =>
      sign({ ...claims, ...changed }, by, alg);
    return { ...made, secret, token };
  };
  const base64Url = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");

  test("is its user, on the routes for users only", async () => {
    const { token } = await withTokens();
    const me = await call(app, "GET", "/v1/me", undefined, { token: await token() });
    expect(me.body).toEqual({ kind: "user", id: "anna" });
    expect(await status("POST", "/v1/events", await token())).toBe(200);
    for (const [method, path] of [
      ["GET", "/v1/users"],
      ["GET", "/v1/school"],
      ["GET", "/v1/schools"],
      ["POST", "/v1/api-keys"],
    ] as const) {
      expect(await status(method, path, await token())).toBe(403);
    }
  });

  test("that is not signed, timed and named as it must be is a 401", async () => {
    const { token, id, secret } = await withTokens();
    const other = await withTokens();
    const unsigned = (header: object) =>
      `${base64Url(header)}.${base64Url({ sub: "anna", school: id, aud: "schoolbell", exp: now() + 60 })}.`;
    for (const [what, bad] of Object.entries({
      "no end": await token({ exp: undefined }),
      "an end in text": await token({ exp: "x" }),
      "an end in the past": await token({ exp: now() - 61 }),
      "an end 25 h ahead": await token({ exp: now() + 25 * 3_600 }),
      "a begin ahead": await token({ nbf: now() + 90 }),
      "no user": await token({ sub: undefined }),
      "an empty user": await token({ sub: "" }),
      "a long user": await token({ sub: "x".repeat(129) }),
      "a lead": await token({ sub: "lead:a@b.co" }),
      "a user whom no address can name": await token({ sub: ".." }),
      "no school": await token({ school: undefined }),
      "no such school": await token({ school: "nowhere" }),
      "another school": await token({ school: other.id }),
      "another audience": await token({ aud: "elsewhere" }),
      "no audience": await token({ aud: undefined }),
      "another secret": await token({}, "guessed"),
      "another school's secret": await token({}, other.secret),
      "another algorithm": await token({}, secret, "HS512"),
      "alg none": unsigned({ alg: "none" }),
      "alg RS256": `${unsigned({ alg: "RS256" })}AAAA`,
      "no signature": unsigned({ alg: "HS256" }),
      "no dots": (await token()).replaceAll(".", ""),
    })) {
      expect([what, await status("GET", "/v1/me", bad)]).toEqual([what, 401]);
    }
  });

  test("has a minute of leeway for clocks that differ", async () => {
    const { token } = await withTokens();
    expect(await status("GET", "/v1/me", await token({ exp: now() - 50 }))).toBe(200);
    expect(await status("GET", "/v1/me", await token({ nbf: now() + 50 }))).toBe(200);
  });

  test("that is signed is told which claim is at fault, and one that is not is told nothing", async () => {
    const { token } = await withTokens();
    const detail = async (bad: string) => (await call(app, "GET", "/v1/me", undefined, { token: bad })).body.detail;
    for (const [claim, bad] of [
      ["sub", { sub: ".." }],
      ["aud", { aud: "elsewhere" }],
      ["exp", { exp: now() - 90 }],
      ["exp", { exp: undefined }],
      ["nbf", { nbf: now() + 90 }],
    ] as const) {
      expect(await detail(await token(bad))).toContain(`\`${claim}\``);
      expect(await detail(await token(bad, "guessed"))).toBe("Send a good credential as Authorization: Bearer.");
    }
  });

  test("is good for no longer than it says, even where it was seen before", async () => {
    const { token } = await withTokens();
    const short = await token({ exp: now() - 57 });
    expect(await status("GET", "/v1/me", short)).toBe(200);
    vi.useFakeTimers({ now: Date.now() + 4_000, toFake: ["Date"] });
    expect(await status("GET", "/v1/me", short)).toBe(401);
  });

  test("signed with the secret before is good for 24 h more", async () => {
    const { key, token, secret } = await withTokens();
    const rotated = (await call(app, "POST", "/v1/signing-secret", undefined, { token: key })).body.secret;
    expect(rotated).not.toBe(secret);
    for (const by of [secret, rotated]) expect(await status("GET", "/v1/me", await token({}, by))).toBe(200);
    vi.useFakeTimers({ now: Date.now() + 24 * 3_600_000 + 1, toFake: ["Date"] });
    const later = { exp: now() + 60 };
    expect(await status("GET", "/v1/me", await token(later, secret))).toBe(401);
    expect(await status("GET", "/v1/me", await token(later, rotated))).toBe(200);
  });

  test("a signing secret is nowhere stored in clear", async () => {
    const { id, secret } = await withTokens();
    const row = await database(env.DB).select().from(schools).where(eq(schools.id, id)).get();
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  test("is judged by real time, in a test school too", async () => {
    const made = await call(
      app,
      "POST",
      "/v1/schools",
      { name: "S", mode: "test", now: "2035-06-01T09:00:00.000Z" },
      { token: PLATFORM },
    );
    const { secret } = (await call(app, "POST", "/v1/signing-secret", undefined, { token: made.body.api_key })).body;
    const token = await sign(
      { sub: "anna", school: made.body.school.id, aud: "schoolbell", exp: now() + 60 },
      secret,
      "HS256",
    );
    expect(await status("GET", "/v1/me", token)).toBe(200);
  });

  describe("from a browser", () => {
    const origins = () => {
      const tag = crypto.randomUUID();
      return [`https://own-${tag}.test`, `https://other-${tag}.test`] as const;
    };
    const allowed = (answer: { headers: Headers }) => answer.headers.get("access-control-allow-origin");

    test("is answered to its own school's origins, and refused before any work to others", async () => {
      const [own, other] = origins();
      const { token } = await withTokens({ allowed_origins: [own] });
      await school({ allowed_origins: [other] });
      const from = async (origin: string) =>
        call(app, "GET", "/v1/me", undefined, { token: await token(), headers: { origin } });
      const good = await from(own);
      expect([good.status, allowed(good), good.headers.get("vary")]).toEqual([200, own, "Origin"]);
      expect(good.headers.get("access-control-allow-credentials")).toBeNull();
      for (const origin of [other, "https://evil.example", "null", `${own}/`, own.replace("https", "http")]) {
        const bad = await from(origin);
        expect([origin, bad.status, allowed(bad)]).toEqual([origin, 403, null]);
      }
    });

    test("can read that its token is no good, from where some school lets pages come", async () => {
      const [own] = origins();
      const { token } = await withTokens({ allowed_origins: [own] });
      const bad = await token({ exp: now() - 90 });
      const from = (origin: string) => call(app, "GET", "/v1/me", undefined, { token: bad, headers: { origin } });
      const told = await from(own);
      expect([told.status, allowed(told), told.body.detail]).toEqual([401, own, expect.stringContaining("exp")]);
      const elsewhere = await from("https://evil.example");
      expect([elsewhere.status, allowed(elsewhere)]).toEqual([401, null]);
    });

    test("can read its refusals too", async () => {
      const [own] = origins();
      const { token } = await withTokens({ allowed_origins: [own] });
      const refused = await call(app, "GET", "/v1/users", undefined, {
        token: await token(),
        headers: { origin: own },
      });
      expect([refused.status, allowed(refused)]).toEqual([403, own]);
    });

    test("may ask before, from an origin that any school allows", async () => {
      const [own, other] = origins();
      const preflight = (origin: string) =>
        call(app, "OPTIONS", "/v1/events", undefined, { headers: { origin, "access-control-request-method": "POST" } });
      expect(allowed(await preflight(own))).toBeNull();
      const { key } = await school({ allowed_origins: [own, other] });
      for (const origin of [own, other]) {
        const answer = await preflight(origin);
        expect([answer.status, allowed(answer), answer.headers.get("access-control-allow-methods")]).toEqual([
          204,
          origin,
          "POST",
        ]);
        expect(answer.headers.get("access-control-allow-headers")).toMatch(/authorization, content-type/);
      }
      expect([
        (await preflight("https://evil.example")).status,
        allowed(await preflight("https://evil.example")),
      ]).toEqual([403, null]);
      await call(app, "PATCH", "/v1/school", { settings: { allowed_origins: [other] } }, { token: key });
      expect([allowed(await preflight(own)), allowed(await preflight(other))]).toEqual([null, other]);
    });

    test("a secret key is for servers: no origin may read its answers", async () => {
      const [own] = origins();
      const { key } = await school({ allowed_origins: [own] });
      expect(
        allowed(await call(app, "GET", "/v1/users", undefined, { token: key, headers: { origin: own } })),
      ).toBeNull();
    });
  });
});

describe("a suspended school", () => {
  test("answers 403 to its keys and its users' tokens until it is back", async () => {
    const { id, key } = await school();
    const { secret } = (await call(app, "POST", "/v1/signing-secret", undefined, { token: key })).body;
    const token = await sign(
      { sub: "anna", school: id, aud: "schoolbell", exp: Math.floor(Date.now() / 1_000) + 60 },
      secret,
      "HS256",
    );
    const suspend = (suspended: boolean) => call(app, "PATCH", `/v1/schools/${id}`, { suspended }, { token: PLATFORM });
    expect((await suspend(true)).body.suspended).toBe(true);
    expect([await status("GET", "/v1/users", key), await status("POST", "/v1/events", token)]).toEqual([403, 403]);
    await suspend(false);
    expect([await status("GET", "/v1/users", key), await status("POST", "/v1/events", token)]).toEqual([200, 200]);
    expect((await loadSchool(env, id))?.suspended).toBe(false);
  });
});
