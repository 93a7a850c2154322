import { describe, expect, test } from "vitest";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool, PLATFORM } from "../http/test-client";
import { findSession, makeLink, startSession } from "../schools/sign-in/sessions";
import { addressIn } from "./address";
import { mountAdmin } from "./app";
import { internalPath } from "./door/guard";
import { formOf } from "./test-forms";

const app = createApp(routes);
mountAdmin(app, routes);

const ORIGIN = "https://schoolbell.test";
const cookie = (token: string) => `__Host-schoolbell=${token}`;

let made = 0;
/** A school with somebody of a role signed in to it. */
async function signedIn(role = "owner") {
  const email = `${role}-${++made}@school.com`;
  const school = await newSchool(app, {
    collaborators: [{ email: email.toUpperCase().replace("@SCHOOL.COM", "@school.com"), role }],
  });
  const at = (path: string) => addressIn(school.id, path);
  return { ...school, at, email, token: await startSession(env, email) };
}

const form = (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
  call(app, "POST", path, formOf(path, fields), {
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });

describe("signing in", () => {
  test("opening a link signs nobody in; pressing the button does, with a new token and a guarded cookie", async () => {
    const { email } = await signedIn();
    const link = await makeLink(env, email);
    expect((await call(app, "GET", `/admin/sign-in/${link}`)).headers.get("set-cookie")).toBeNull();
    const fixed = "f".repeat(43);
    const answer = await form(`/admin/sign-in/${link}`, {}, { origin: ORIGIN, cookie: cookie(fixed) });
    expect(answer.status).toBe(303);
    const set = answer.headers.get("set-cookie") ?? "";
    expect(set).toMatch(/^__Host-schoolbell=[\w-]{43}; .*Path=\/; HttpOnly; Secure; SameSite=Lax/);
    expect(set).not.toContain(fixed);
    expect(set).not.toContain(link);
  });

  test("known and unknown addresses get one answer", async () => {
    const { email } = await signedIn();
    const ask = (address: string) =>
      form("/admin/sign-in", { email: address }, { origin: ORIGIN, "cf-connecting-ip": address });
    const [known, unknown] = [await ask(email), await ask("nobody@school.com")];
    expect(known.status).toBe(unknown.status);
    expect(known.text.replace(email, "")).toBe(unknown.text.replace("nobody@school.com", ""));
  });

  test("attempts are counted by account", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) {
      statuses.push(
        (
          await form(
            "/admin/sign-in",
            { email: "often@school.com" },
            { origin: ORIGIN, "cf-connecting-ip": `10.0.0.${n}` },
          )
        ).status,
      );
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });

  test("a session that ended, on the server too, is a 401", async () => {
    const { at, token } = await signedIn();
    const status = async () =>
      (await call(app, "GET", at("/automations"), undefined, { headers: { cookie: cookie(token) } })).status;
    expect(await status()).toBe(200);
    await form("/admin/sign-out", {}, { origin: ORIGIN, cookie: cookie(token) });
    expect(await status()).toBe(401);
    expect(await findSession(env, token)).toBeNull();
  });

  test("who is no collaborator any more is out at once", async () => {
    const { id, at, token } = await signedIn();
    await call(app, "PATCH", `/v1/schools/${id}`, { settings: { collaborators: [] } }, { token: PLATFORM });
    for (const path of ["/api/school", "/automations"]) {
      const answer = await call(app, "GET", at(path), undefined, { headers: { cookie: cookie(token) } });
      expect(answer.status).toBe(404);
    }
  });

  test.each([
    "//evil.com",
    "https://evil.com",
    "/\\evil.com",
    "/admin\\@evil.com",
    "/v1/school",
    "/administer",
    "/admin/../x",
    undefined,
  ])("next=%s stays within", (asked) => expect(internalPath(asked)).toBe("/admin"));
  test("next keeps a page of ours", () => expect(internalPath("/admin/runs/run_1?x=1")).toBe("/admin/runs/run_1?x=1"));
});

describe("requests from elsewhere", () => {
  test.each([
    ["another site", { origin: "https://evil.com" }],
    ["another site that calls itself the same", { origin: "https://evil.com", "sec-fetch-site": "same-origin" }],
    ["nowhere", {}],
    ["a hidden origin", { origin: "null" }],
  ])("change nothing: %s", async (_, from) => {
    const { at, token } = await signedIn();
    for (const type of ["application/x-www-form-urlencoded", "application/json", "text/plain", "x/y"]) {
      const headers = { cookie: cookie(token), "content-type": type, ...from };
      expect((await call(app, "POST", at("/settings/keys"), "name=mine", { headers })).status).toBe(403);
      expect((await call(app, "POST", at("/api/api-keys"), "{}", { headers })).status).toBe(403);
    }
  });
});

describe("roles", () => {
  type SignedIn = Awaited<ReturnType<typeof signedIn>>;
  const send = ({ at, token }: SignedIn, method: string, path: string, body?: unknown) =>
    call(app, method, at(`/api${path}`), body, { headers: { cookie: cookie(token), origin: ORIGIN } });
  const automation = { name: "A", when: [{ type: "user.signed_up" }], then: [] };

  test("a viewer reads and changes nothing", async () => {
    const viewer = await signedIn("viewer");
    expect((await send(viewer, "GET", "/automations")).status).toBe(200);
    expect((await send(viewer, "POST", "/automations", automation)).status).toBe(403);
    const headers = { origin: ORIGIN, cookie: cookie(viewer.token) };
    expect((await form(viewer.at("/automations/new"), { definition: "{}" }, headers)).status).toBe(403);
  });

  test("an editor changes definitions, but no settings, keys or collaborators", async () => {
    const editor = await signedIn("editor");
    expect((await send(editor, "POST", "/automations", automation)).status).toBe(201);
    expect((await send(editor, "PATCH", "/school", { name: "Mine" })).status).toBe(403);
    expect((await send(editor, "POST", "/api-keys", { name: "k", scopes: ["read"] })).status).toBe(403);
    expect((await send(editor, "POST", "/signing-secret")).status).toBe(403);
    const fields = { email: "me@x.com", role: "owner" };
    const headers = { origin: ORIGIN, cookie: cookie(editor.token) };
    expect((await form(editor.at("/settings/collaborators"), fields, headers)).status).toBe(403);
  });

  test("an owner does all of it", async () => {
    const owner = await signedIn("owner");
    expect((await send(owner, "PATCH", "/school", { name: "Mine" })).status).toBe(200);
    expect(
      (await send(owner, "POST", "/api-keys", { name: "k", scopes: ["events", "read", "write", "admin"] })).status,
    ).toBe(201);
  });

  test.each(["viewer", "editor", "owner"] as const)(
    "the %s is shown what lets messages in, and who did what, or not",
    async (role) => {
      const visitor = await signedIn(role);
      const { at, token } = visitor;
      const page = await call(app, "GET", at("/settings"), undefined, { headers: { cookie: cookie(token) } });
      const { hook_key: hookKey } = (await send(visitor, "GET", "/school")).body;
      const isOwner = role === "owner";
      expect(typeof hookKey).toBe(isOwner ? "string" : "object");
      expect(page.text.includes("/hooks/moodle/")).toBe(isOwner);
      expect(page.text.includes(at("/settings/audit"))).toBe(isOwner);
    },
  );

  test("another school's things are not there", async () => {
    const mine = await signedIn();
    const theirs = await signedIn();
    const { body } = await send(theirs, "POST", "/automations", automation);
    expect((await send(mine, "GET", `/automations/${body.id}`)).status).toBe(404);
    const page = await call(app, "GET", mine.at(`/automations/${body.id}`), undefined, {
      headers: { cookie: cookie(mine.token) },
    });
    expect(page.status).toBe(404);
  });

  test("a session opens nothing outside /admin", async () => {
    const { token } = await signedIn();
    expect((await call(app, "GET", "/v1/automations", undefined, { headers: { cookie: cookie(token) } })).status).toBe(
      401,
    );
  });

  test("the platform's and the learners' routes are not behind a session", async () => {
    const owner = await signedIn();
    expect((await send(owner, "GET", "/schools")).status).toBe(404);
    expect((await send(owner, "GET", "/me")).status).toBe(404);
  });
});

test("pages run no script but ours and are in nobody's frame", async () => {
  const { headers } = await call(app, "GET", "/admin/sign-in");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("cache-control")).toBe("no-store");
});

test("text of learners is text on every page", async () => {
  const { at, key, token } = await signedIn();
  const evil = '"><script>alert(1)</script>';
  await call(app, "PUT", "/v1/users/u1", { username: evil, fields: { x: evil } }, { token: key });
  for (const path of ["/learners/u1", "/learners?q=script", "/learners?q=%22%3E%3Cscript%3E"]) {
    const { text } = await call(app, "GET", at(path), undefined, { headers: { cookie: cookie(token) } });
    expect(text).not.toContain("<script>alert");
  }
});
