import { describe, expect, test } from "vitest";
import type { KeyScope } from "../../../schools/keys/api-keys";
import { SCOPES_OF_SETTINGS } from "../../../world/settings";
import { call, newSchool, testApp } from "../../test-client";

const app = testApp();

/** A school with a key of some scopes beside its first. */
async function schoolWith(...scopes: KeyScope[]) {
  const { id, key: first } = await newSchool(app, { support_email: "help@school.com" });
  const owner = sender(first);
  const { body } = await owner("POST", "/v1/api-keys", { name: "K", scopes });
  return { id, first, owner, made: body, send: sender(body.key) };
}

const sender =
  (token: string) =>
  (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(app, method, path, body, { token, headers });

/** For each setting something it takes. */
const SAMPLES: Record<keyof typeof SCOPES_OF_SETTINGS, unknown> = {
  url: "https://school.com",
  support_email: "a@school.com",
  account_link: "https://school.com/me",
  company_name: "School",
  contact_email: "a@school.com",
  inbox_link: "https://school.com/inbox",
  mail_signature: "Yours",
  address: "Here",
  sales_email: "a@school.com",
  logo_url: "https://school.com/logo.png",
  description: "A school",
  currency: "EUR",
  locale: "el",
  timezone: "Europe/Athens",
  log_retention_days: 30,
  evidence_retention_years: 7,
  browser_events: ["clicked"],
  on_user_deleted: "erase",
  mail: { from_name: "School", quiet_hours: { from: "21:00", to: "08:00" } },
  mail_pieces: [{ id: "signature", name: "Signature", body: "Yours, {{ school.name }}" }],
  visible: { tags: ["^level:"], fields: ["department"], segments: true },
  allowed_origins: ["https://school.com"],
  collaborators: [{ email: "me@evil.com", role: "editor" }],
  connectors: { gtm: {} },
};

describe("each setting asks for its own scope", () => {
  test.each(["write", "admin"] as const)("a key for %s changes those of its scope, and no others", async (scope) => {
    const { owner, send } = await schoolWith(scope);
    for (const [setting, asked] of Object.entries(SCOPES_OF_SETTINGS)) {
      const before = (await owner("GET", "/v1/school")).text;
      const sample = SAMPLES[setting as keyof typeof SAMPLES];
      const answer = await send("PATCH", "/v1/school", { settings: { [setting]: sample } });
      const may = asked === scope;
      expect([setting, answer.status]).toEqual([setting, may ? 200 : 403]);
      expect((await owner("GET", "/v1/school")).text === before).toBe(!may);
      if (!may) {
        expect(answer.body.detail).toContain(`the scope ${asked}`);
        expect(answer.body.errors).toEqual([{ path: `/settings/${setting}`, message: `takes the scope ${asked}` }]);
      }
      expect((await owner("PATCH", "/v1/school", { settings: { [setting]: null } })).status).toBe(200);
    }
    expect((await send("PATCH", "/v1/school", { name: "Mine" })).status).toBe(scope === "write" ? 200 : 403);
  });

  test("and those that let people or messages in or out ask for admin", () => {
    const byAdmin = Object.entries(SCOPES_OF_SETTINGS).flatMap(([name, scope]) => (scope === "admin" ? name : []));
    expect(byAdmin.toSorted()).toEqual(["allowed_origins", "collaborators", "connectors"]);
  });

  test("one that is refused refuses all: nothing is changed", async () => {
    const { owner, send } = await schoolWith("write", "read", "events");
    const before = (await owner("GET", "/v1/school")).text;
    const settings = { description: "New", collaborators: [], connectors: null };
    const refused = await send("PATCH", "/v1/school", { name: "New", settings });
    expect([refused.status, refused.body.errors.map((fault: { path: string }) => fault.path)]).toEqual([
      403,
      ["/settings/collaborators", "/settings/connectors"],
    ]);
    expect((await owner("GET", "/v1/school")).text).toBe(before);
  });
});

describe("the owners of a school", () => {
  const people = (...roles: string[]) => ({
    settings: { collaborators: roles.map((role) => ({ email: `${role}@a.com`, role })) },
  });

  test("are never none once there are some, whatever else is wrong", async () => {
    const { owner } = await schoolWith("read");
    const patched = async (body: Record<string, unknown>) => {
      const answer = await owner("PATCH", "/v1/school", body);
      return [answer.status, ...(answer.body.errors ?? []).map((fault: { path: string }) => fault.path)];
    };
    expect(await patched(people("viewer"))).toEqual([200]);
    expect(await patched(people("viewer", "owner"))).toEqual([200]);
    expect(await patched(people("viewer"))).toEqual([422, "/settings/collaborators"]);
    expect(await patched({ settings: { collaborators: null } })).toEqual([422, "/settings/collaborators"]);
    expect(await patched({ name: "", ...people("viewer") })).toEqual([422, "/name", "/settings/collaborators"]);
    expect(await patched(people("owner"))).toEqual([200]);
  });
});

describe("the hook key", () => {
  test("is shown to the scope admin, and to nobody else", async () => {
    const reader = await schoolWith("read", "write", "events");
    const shown = [
      (await reader.owner("GET", "/v1/school")).body,
      (await reader.owner("PATCH", "/v1/school", {})).body,
    ];
    expect(shown.map((school) => school.hook_key)).toEqual([expect.any(String), expect.any(String)]);
    const seen = [await reader.send("GET", "/v1/school"), await reader.send("PATCH", "/v1/school", {})];
    expect(seen.map(({ status, body }) => [status, body.hook_key])).toEqual([
      [200, null],
      [200, null],
    ]);
    const admin = await schoolWith("admin");
    expect((await admin.send("PATCH", "/v1/school", {})).body.hook_key).toMatch(`${admin.id}.`);
  });

  test("is not had by repeating somebody else's request", async () => {
    const { owner, send } = await schoolWith("write");
    const again = { "idempotency-key": crypto.randomUUID() };
    const change = { settings: { description: "The same" } };
    expect((await owner("PATCH", "/v1/school", change, again)).body.hook_key).toEqual(expect.any(String));
    expect((await send("PATCH", "/v1/school", change, again)).body.hook_key).toBeNull();
  });
});

describe("keys", () => {
  test("a key makes none with a scope that it lacks", async () => {
    const { send } = await schoolWith("write", "read");
    for (const scopes of [["admin"], ["write", "admin"], ["events"]]) {
      const refused = await send("POST", "/v1/api-keys", { name: "More", scopes });
      expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining(scopes.at(-1) ?? "")]);
    }
    const made = await send("POST", "/v1/api-keys", { name: "Same", scopes: ["write", "read"] });
    expect([made.status, made.body.scopes]).toEqual([201, ["read", "write"]]);
  });

  test("a key with every scope makes one of every scope", async () => {
    const { owner } = await schoolWith("read");
    const every = ["events", "read", "write", "admin"];
    const { body } = await owner("POST", "/v1/api-keys", { name: "All", scopes: every });
    expect(body.scopes).toEqual(every);
    expect((await owner("GET", `/v1/api-keys/${body.id}`)).body.scopes).toEqual(every);
    expect((await sender(body.key)("POST", "/v1/signing-secret")).status).toBe(201);
  });

  test("a key deletes none with a scope that it lacks", async () => {
    const { owner, send, made } = await schoolWith("write", "read");
    const { data } = (await owner("GET", "/v1/api-keys")).body;
    const first = data.find((one: { name: string }) => one.name === "First key").id;
    const refused = await send("DELETE", `/v1/api-keys/${first}`);
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining("events, admin")]);
    expect((await owner("GET", "/v1/school")).status).toBe(200);
    const { body: other } = await owner("POST", "/v1/api-keys", { name: "R", scopes: ["read"] });
    expect((await send("DELETE", `/v1/api-keys/${other.id}`)).status).toBe(204);
    expect((await owner("DELETE", `/v1/api-keys/${made.id}`)).status).toBe(204);
  });

  test("a key that may write makes no signing secret, and one for admin does", async () => {
    const { send } = await schoolWith("write", "read", "events");
    const refused = await send("POST", "/v1/signing-secret");
    expect([refused.status, refused.body.detail]).toEqual([403, "This takes a key with the scope admin."]);
    expect((await (await schoolWith("admin")).send("POST", "/v1/signing-secret")).status).toBe(201);
  });
});

test("fifty pieces of text of 5,000 characters are kept, in whatever script, and not one more", async () => {
  const { owner } = await schoolWith("write");
  const pieces = (count: number, length = 5_000) =>
    Array.from({ length: count }, (_, n) => ({ id: `p${n}`, name: "Piece", body: "語".repeat(length) }));
  const put = (mail_pieces: unknown) => owner("PATCH", "/v1/school", { settings: { mail_pieces } });
  expect((await put(pieces(50))).status).toBe(200);
  expect((await owner("GET", "/v1/school")).body.settings.mail_pieces).toHaveLength(50);
  expect((await put(pieces(51, 1))).body.errors).toMatchObject([{ path: "/settings/mail_pieces" }]);
  expect((await put(pieces(1, 5_001))).body.errors).toMatchObject([{ path: "/settings/mail_pieces/0/body" }]);
});
