import { env as bindings } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { mountAdmin } from "../admin/app";
import { makeKey } from "../schools/keys/api-key-text";
import { createApp } from "./app";
import { mountReference } from "./docs/reference";
import { routes } from "./routes";
import { call, env } from "./test-client";

const app = createApp(routes);
mountReference(app, routes);
mountAdmin(app, routes);

const MAIL = JSON.stringify({ type: "postmark", server_token: "canary", from: "a@acme.com" });
const ACCESS = { ACCESS_TEAM_DOMAIN: "team.cloudflareaccess.com", ACCESS_AUD: "canary" };

const of = (changes: Record<string, unknown>) => ({ ...env, ...changes }) as typeof env;
const ask = (path: string, changes: Record<string, unknown>) =>
  call(app, "GET", path, undefined, { env: of(changes), token: "sb_test_nonsense" });

afterEach(() => void vi.restoreAllMocks());

describe("a Worker that is not set up, or by half", () => {
  test.each([
    ["no platform token", { ADMIN_TOKEN: undefined }, "ADMIN_TOKEN is not set"],
    ["a platform token that is none", { ADMIN_TOKEN: "canary" }, "ADMIN_TOKEN is not as it must be"],
    ["no secret", { SECRET_KEY: undefined }, "SECRET_KEY is not set"],
    ["a secret that is no base64", { SECRET_KEY: `${"canary".repeat(8)}!` }, "SECRET_KEY is not as it must be"],
    [
      "a secret that is short",
      { SECRET_KEY: btoa("canary-canary-canary-canary-31b") },
      "SECRET_KEY is not as it must be",
    ],
    ["an address that is none", { PUBLIC_URL: "canary" }, "PUBLIC_URL is not as it must be"],
    ["a switch that is none", { LOCAL: "canary" }, "LOCAL is not as it must be"],
    ["Access without its audience", { ...ACCESS, ACCESS_AUD: undefined }, "ACCESS_AUD is not set"],
    ["Access without its domain", { ...ACCESS, ACCESS_TEAM_DOMAIN: undefined }, "ACCESS_TEAM_DOMAIN is not set"],
    ["Access with an empty audience", { ...ACCESS, ACCESS_AUD: "" }, "ACCESS_AUD is not as it must be"],
    ["mail settings that are no JSON", { PLATFORM_EMAIL: "canary" }, "PLATFORM_EMAIL is not as it must be"],
    [
      "mail settings too few",
      { PLATFORM_EMAIL: MAIL.replace("from", "canary") },
      "PLATFORM_EMAIL is not as it must be",
    ],
    [
      "mail by a binding that is missing",
      { PLATFORM_EMAIL: '{"type": "cloudflare", "from": "a@acme.com"}', EMAIL: undefined },
      "and that is missing",
    ],
    ["no database", { DB: undefined }, "the binding DB is missing"],
    ["no objects", { USERS: undefined }, "the binding USERS is missing"],
    ["no queues", { ACTIONS: undefined, LOG: undefined }, "the binding ACTIONS is missing; the binding LOG is missing"],
  ])("%s: /health and every other path say so, and nothing of what was given", async (_, changes, said) => {
    const health = await ask("/health", changes);
    expect(health).toMatchObject({ status: 503, body: { type: "https://schoolbell.dev/problems/unavailable" } });
    expect(health.body.detail).toContain(said);
    expect(health.text).not.toContain("canary");
    const paths = [
      "/v1/school",
      "/v1/schools",
      "/admin",
      "/admin/sign-in",
      "/admin/s/acme/api/school",
      "/openapi.json",
      "/x",
    ];
    for (const path of paths) {
      const answer = await ask(path, changes);
      expect([path, answer.status, answer.text]).toEqual([path, 503, health.text]);
    }
  });

  test("all that is wrong is named at once", async () => {
    const changes = { ADMIN_TOKEN: undefined, SECRET_KEY: undefined, ...ACCESS, ACCESS_AUD: undefined, DB: undefined };
    const { body } = await ask("/health", changes);
    for (const name of ["ADMIN_TOKEN", "SECRET_KEY", "ACCESS_AUD", "DB"]) expect(body.detail).toContain(name);
  });

  test("what to do is said: on this machine by one command, deployed by another", async () => {
    const here = (await ask("/", { ADMIN_TOKEN: undefined })).body.detail;
    for (const command of ["npm start", "cp .dev.vars.example .dev.vars", "migrations apply DB --local"])
      expect(here).toContain(command);
    const deployed = await ask("/", { ADMIN_TOKEN: undefined, PUBLIC_URL: "https://bell.acme.com" });
    expect(deployed.body.detail).toContain("npm run deploy");
    expect(deployed.body.detail).not.toContain("--local");
  });

  test("migrations that are missing too are named with the rest", async () => {
    const changes = { SECRET_KEY: undefined, DB: bindings.UNMIGRATED };
    for (const path of ["/", "/health", "/admin/sign-in"]) {
      const { status, body } = await ask(path, changes);
      expect([path, status]).toEqual([path, 503]);
      expect(body.detail).toMatch(/SECRET_KEY is not set; the migrations of the database DB are not applied/);
    }
  });

  test("where migrations alone are missing, no sign-in form is shown, but what to do", async () => {
    for (const path of ["/health", "/admin", "/admin/sign-in", "/admin/s/acme"]) {
      const { status, text } = await ask(path, { DB: bindings.UNMIGRATED });
      expect([path, status]).toEqual([path, 503]);
      expect(text).toContain("migrations apply DB --local");
    }
  });

  test("with both halves it is", async () => {
    expect((await ask("/health", { ...ACCESS, PLATFORM_EMAIL: MAIL })).body).toEqual({ ok: true });
    expect((await ask("/v1/school", ACCESS)).status).toBe(401);
  });
});

describe("/health", () => {
  test("warns of mail that is not set up, and is well otherwise", async () => {
    expect(await ask("/health", {})).toMatchObject({ status: 200, body: { ok: true, warnings: [expect.any(String)] } });
  });

  test("is 503 while the database is not migrated, and asks no more once it is", async () => {
    const DB = bindings.UNMIGRATED;
    const changes = { DB };
    const health = await ask("/health", changes);
    expect([health.status, health.body.detail]).toEqual([503, expect.stringContaining("migrations")]);
    await DB.exec("create table d1_migrations (id integer primary key, name text)");
    expect((await ask("/health", changes)).status).toBe(503);
    // Of what migrations make, what is looked at.
    await DB.exec("create table schools (webhook_secrets text)");
    const newest = bindings.TEST_MIGRATIONS.at(-1)?.name;
    await DB.prepare("insert into d1_migrations (name) values (?)").bind(newest).run();
    expect((await ask("/health", changes)).status).toBe(200);
    const prepare = vi.spyOn(DB, "prepare");
    expect((await ask("/health", changes)).status).toBe(200);
    expect(prepare).not.toHaveBeenCalled();
  });

  test("is 503 where the database does not answer", async () => {
    const DB = { prepare: () => ({ bind: () => ({ first: () => Promise.reject(new Error("D1_ERROR: Network")) }) }) };
    expect(await ask("/health", { DB })).toMatchObject({
      status: 503,
      body: { detail: "The database DB does not answer." },
    });
  });
});

test("the front door leads to the UI", async () => {
  const answer = await call(app, "GET", "/");
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "/admin"]);
});

test("where the database is not migrated, an answer that needs it is no bare 500", async () => {
  const token = makeKey("test", "key_00000000000000000000");
  for (const path of ["/v1/school", `/admin/sign-in/${"a".repeat(43)}`]) {
    const answer = await call(app, "GET", path, undefined, { env: of({ DB: bindings.UNMIGRATED }), token });
    expect([path, answer.status]).toEqual([path, 503]);
    expect(answer.text).toContain("npx wrangler d1 migrations apply DB");
  }
});
