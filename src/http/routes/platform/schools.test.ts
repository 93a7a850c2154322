import { eq, getTableColumns, is, sql } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { describe, expect, test, vi } from "vitest";
import { meterOfD1 } from "../../../../test/workers/metered";
import { secretKeysOf } from "../../../base/env";
import { type SealPlace, seal } from "../../../connectors";
import { database } from "../../../db/client";
import * as schema from "../../../db/schema";
import { schoolOfHookKey } from "../../../schools/keys/hook-key";
import { clearSchool } from "../../../schools/life/clear";
import { connectorsOf } from "../../../world/connectors";
import { forgetSchool, loadSchool, moveStamp, perEdition } from "../../../world/snapshot";
import { call, env, newSchool, PLATFORM, testApp } from "../../test-client";

const app = testApp();
const db = database(env.DB);
const platform = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: PLATFORM });

describe("schools, for the platform", () => {
  test("are made with a key of every scope, and read back", async () => {
    const made = await platform("POST", "/v1/schools", {
      name: "Acme",
      mode: "test",
      now: "2026-01-05T10:00:00+01:00",
      settings: { timezone: "Europe/Athens" },
    });
    expect(made.status).toBe(201);
    const { school, api_key: key } = made.body;
    expect(school).toMatchObject({ name: "Acme", mode: "test", now: "2026-01-05T09:00:00.000Z", suspended: false });
    expect(school.id).toMatch(/^sch_/);
    expect(school.settings).toMatchObject({
      timezone: "Europe/Athens",
      log_retention_days: 90,
      url: null,
      allowed_origins: [],
    });
    expect((await platform("GET", `/v1/schools/${school.id}`)).body).toEqual(school);
    const own = await call(app, "GET", "/v1/school", undefined, { token: key });
    expect(own.body).toEqual({ ...school, hook_key: expect.stringMatching(`^${school.id}\\.`) });
    const [{ scopes }] = (await call(app, "GET", "/v1/api-keys", undefined, { token: key })).body.data;
    expect(scopes).toEqual(["events", "read", "write", "admin"]);
  });

  test("a live one has no clock of its own", async () => {
    const made = await platform("POST", "/v1/schools", { name: "L", mode: "live" });
    expect([made.status, made.body.school.now]).toEqual([201, null]);
    const refused = await platform("POST", "/v1/schools", { name: "L", mode: "live", now: "2026-01-05T09:00:00.000Z" });
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, "/now"]);
  });

  test("may bring their id, once", async () => {
    const id = `s-${crypto.randomUUID()}`;
    const make = () => platform("POST", "/v1/schools", { id, name: "S", mode: "test" });
    expect((await Promise.all([make(), make(), make()])).map((answer) => answer.status).sort()).toEqual([
      201, 409, 409,
    ]);
  });

  test.each([
    [{ mode: "test" }, "/name"],
    [{ name: "S", mode: "prod" }, "/mode"],
    [{ name: "S", mode: "test", id: "Not A Slug" }, "/id"],
    [{ name: "S", mode: "test", id: "sch_x" }, "/id"],
    [{ name: "S", mode: "test", now: "yesterday" }, "/now"],
    [{ name: "S", mode: "test", stamp: 4 }, "/stamp"],
    [{ name: "S", mode: "test", settings: { timezone: "Mars/Base" } }, "/settings/timezone"],
    [{ name: " \u200b", mode: "test" }, "/name"],
  ])("%j is refused at %s", async (body, path) => {
    const refused = await platform("POST", "/v1/schools", body);
    expect([refused.status, refused.body.errors.map((fault: { path: string }) => fault.path)]).toEqual([422, [path]]);
  });

  test("are listed oldest first, by pages", async () => {
    const made = [await newSchool(app), await newSchool(app), await newSchool(app)].map((one) => one.id);
    const ids: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page = await platform("GET", `/v1/schools?limit=2${cursor && `&cursor=${cursor}`}`);
      ids.push(...page.body.data.map((one: { id: string }) => one.id));
      cursor = page.body.next_cursor;
    }
    expect(ids.filter((id) => made.includes(id))).toEqual(made);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("are found by how their name begins, in any letters, renamed and page by page, and others are not read", async () => {
    const make = async (name: string) =>
      (await platform("POST", "/v1/schools", { name, mode: "test" })).body.school.id as string;
    const [north, south, oeko] = [await make("Quay North"), await make("QUAY south"), await make("ÖKOQUAY")];
    const other = await make("Quick");
    // As a release that knows no such column makes and renames one.
    await db.run(
      sql`insert into schools (id, name, mode, settings, created_at) values ('quay-old', 'Quay Old', 'live', '{}', 0)`,
    );
    const found = async (name: string) => {
      const ids: string[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const at = `/v1/schools?limit=2&name=${encodeURIComponent(name)}${cursor && `&cursor=${cursor}`}`;
        const page = await platform("GET", at);
        ids.push(...page.body.data.map((one: { id: string }) => one.id));
        cursor = page.body.next_cursor;
      }
      return ids;
    };
    expect(await found("quay")).toEqual([north, "quay-old", south]);
    expect(await found("  QUAY S")).toEqual([south]);
    expect(await found("ökoq")).toEqual([oeko]);
    expect(await found("Quax")).toEqual([]);
    await platform("PATCH", `/v1/schools/${other}`, { name: "Ökoquartier" });
    expect(await found("ÖKOQUA")).toEqual([other, oeko]);
    await db.run(sql`update schools set name = 'Quux' where id = 'quay-old'`);
    expect([await found("quay o"), await found("quux")]).toEqual([[], ["quay-old"]]);
    const [wiser, izmir] = [await make("ΣΟΦΌΣΤΕΡΟΣ"), await make("İzmir Akademi")];
    expect([await found("ΣΟΦΌΣ"), await found("izm"), await found("İZM")]).toEqual([[wiser], [izmir], [izmir]]);
    const { next_cursor: ofAll } = (await platform("GET", "/v1/schools?limit=1")).body;
    expect(await platform("GET", `/v1/schools?name=quay&cursor=${ofAll}`)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/cursor" }] },
    });
    const meter = meterOfD1();
    await platform("GET", "/v1/schools?name=quay");
    vi.restoreAllMocks();
    expect(meter.rowsRead).toBeLessThanOrEqual(4);
    await db.run(sql`delete from schools where id = 'quay-old'`);
  });

  test("that are not there are a 404", async () => {
    for (const [method, body] of [["GET"], ["PATCH", { name: "x" }], ["DELETE"]] as const) {
      expect((await platform(method, "/v1/schools/nowhere", body)).status).toBe(404);
    }
  });

  test("are deleted with every row in every table, and no other school's", async () => {
    const [gone, kept] = [await newSchool(app, { allowed_origins: ["https://a.test"] }), await newSchool(app)];
    await db.run(
      sql`insert into vocabulary (school, kind, key, value) values (${gone.id}, 'tag', 'a', 'A'), (${kept.id}, 'tag', 'a', 'A')`,
    );
    await db.run(sql`insert into bundles (school, id, courses) values (${gone.id}, 'b', '[]')`);
    const rowsOf = async (school: string) => {
      const counts = Object.values(schema).flatMap((table) => {
        if (!is(table, SQLiteTable)) return [];
        const columns: Record<string, unknown> = getTableColumns(table);
        const column = columns.school ? sql`school` : columns.hookKey ? sql`id` : null;
        return column
          ? [db.get<{ n: number }>(sql`select count(*) as n from ${table} where ${column} = ${school}`)]
          : [];
      });
      return (await Promise.all(counts)).reduce((sum, { n }) => sum + n, 0);
    };
    const before = await rowsOf(kept.id);
    expect((await platform("DELETE", `/v1/schools/${gone.id}`)).status).toBe(204);
    while ((await rowsOf(gone.id)) > 0) await clearSchool(env, gone.id);
    expect([await rowsOf(gone.id), await rowsOf(kept.id)]).toEqual([0, before]);
    expect((await platform("DELETE", `/v1/schools/${gone.id}`)).status).toBe(404);
    expect((await call(app, "GET", "/v1/school", undefined, { token: gone.key })).status).toBe(401);
    expect((await call(app, "GET", "/v1/school", undefined, { token: kept.key })).status).toBe(200);
  });

  test("that were deleted leave an id that is not given again for 30 days", async () => {
    const asked = { id: `gone-${Date.now()}`, name: "Gone", mode: "test" };
    expect((await platform("POST", "/v1/schools", asked)).status).toBe(201);
    expect((await platform("DELETE", `/v1/schools/${asked.id}`)).status).toBe(204);
    const again = await platform("POST", "/v1/schools", asked);
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining("free again from")]);
    expect((await platform("GET", `/v1/schools/${asked.id}`)).status).toBe(404);
  });
});

describe("a school's settings", () => {
  const patch = (key: string, settings: unknown) => call(app, "PATCH", "/v1/school", { settings }, { token: key });

  test("are merged: what is left out stays, null goes back to the default", async () => {
    const { key } = await newSchool(app, { company_name: "Old", timezone: "Europe/Athens", currency: "EUR" });
    const changed = await patch(key, { company_name: "New", timezone: null, currency: null });
    expect(changed.body.settings).toMatchObject({
      company_name: "New",
      timezone: "UTC",
      currency: null,
      log_retention_days: 90,
    });
    expect((await call(app, "GET", "/v1/school", undefined, { token: key })).body).toEqual(changed.body);
    expect((await call(app, "PATCH", "/v1/school", { name: "Renamed" }, { token: key })).body).toMatchObject({
      name: "Renamed",
      settings: { company_name: "New" },
    });
  });

  test("can be written as they were read", async () => {
    const { key } = await newSchool(app, {
      url: "https://school.test",
      collaborators: [{ email: "a@school.test", role: "admin" }],
      browser_events: ["clicked"],
      connectors: { email: "capture" },
    });
    const { settings } = (await call(app, "GET", "/v1/school", undefined, { token: key })).body;
    expect((await patch(key, settings)).body.settings).toEqual(settings);
  });

  test("faults come at once with their places, and nothing is changed", async () => {
    const { key } = await newSchool(app);
    const before = (await call(app, "GET", "/v1/school", undefined, { token: key })).body;
    const refused = await patch(key, {
      compnay_name: "x",
      timezone: "+02:00",
      url: "javascript:alert(1)",
      support_email: "a@b",
      locale: "not a locale",
      currency: "euro",
      allowed_origins: ["https://ok.test", "https://a.test/", "*", "null", "https://*.a.test/x", "ftp://a.test"],
      log_retention_days: 0,
      browser_events: ["Not Allowed"],
      collaborators: [{ email: "x", role: "admin", extra: 1 }],
      connectors: { email: { type: "smtp", host: "a b", prot: 1 }, pigeon: {} },
    });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((fault: { path: string }) => fault.path.slice("/settings/".length)).sort()).toEqual(
      [
        "compnay_name",
        "timezone",
        "url",
        "support_email",
        "locale",
        "currency",
        "allowed_origins/1",
        "allowed_origins/2",
        "allowed_origins/3",
        "allowed_origins/4",
        "allowed_origins/5",
        "log_retention_days",
        "browser_events/0",
        "collaborators/0/email",
        "collaborators/0/extra",
        "connectors/email/from",
        "connectors/email/host",
        "connectors/email/port",
        "connectors/email/prot",
        "connectors/pigeon",
      ].sort(),
    );
    expect((await call(app, "GET", "/v1/school", undefined, { token: key })).body).toEqual(before);
  });

  test("changed by many at once all hold", async () => {
    const { key } = await newSchool(app);
    const changes = { company_name: "A", address: "B", description: "C" };
    const answers = await Promise.all(Object.entries(changes).map(([name, value]) => patch(key, { [name]: value })));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect((await call(app, "GET", "/v1/school", undefined, { token: key })).body.settings).toMatchObject(changes);
  });

  test("change stamps and the audit log in the same step", async () => {
    const { id, key } = await newSchool(app);
    const stamp = (await loadSchool(env, id))?.stamp ?? 0;
    await patch(key, { company_name: "Acme" });
    expect((await loadSchool(env, id))?.stamp).toBe(stamp + 1);
    const rows = await db.select().from(schema.audit).where(eq(schema.audit.school, id));
    expect(rows.at(-1)).toMatchObject({
      who: expect.stringMatching(/^key:key_/),
      what: "school.changed",
      subject: id,
      before: "{}",
      after: '{"company_name":"Acme"}',
    });
  });
});

describe("connectors", () => {
  const smtp = {
    type: "smtp",
    host: "mail.acme.com",
    port: 587,
    user: "u",
    pass: "hunter2-canary",
    from: "hi@acme.com",
  };
  const patch = (key: string, connectors: unknown) =>
    call(app, "PATCH", "/v1/school", { settings: { connectors } }, { token: key });
  const inUse = async (id: string) => {
    const school = await loadSchool(env, id);
    return school ? connectorsOf(env, school) : null;
  };

  test("keep their secrets sealed: they are used, and never read back", async () => {
    const { id, key } = await newSchool(app);
    const changed = await patch(key, { email: smtp, mixpanel: { token: "token-canary" } });
    expect(changed.status).toBe(200);
    expect(changed.body.settings.connectors).toMatchObject({ email: { host: "mail.acme.com" } });
    expect(await inUse(id)).toMatchObject({ email: { pass: "hunter2-canary" }, mixpanel: { token: "token-canary" } });
    const everything = [
      changed.text,
      (await call(app, "GET", "/v1/school", undefined, { token: key })).text,
      JSON.stringify(await db.select().from(schema.schools).where(eq(schema.schools.id, id))),
      JSON.stringify(await db.select().from(schema.audit).where(eq(schema.audit.school, id))),
    ].join();
    expect(everything).not.toContain("canary");
  });

  test("are changed one by one; a secret left out stays, unless it would go elsewhere", async () => {
    const { id, key } = await newSchool(app, { connectors: { email: smtp, mixpanel: { token: "t" } } });
    const { pass: _, ...edit } = { ...smtp, from: "new@acme.com" };
    expect((await patch(key, { email: edit })).status).toBe(200);
    expect(await inUse(id)).toMatchObject({
      email: { pass: "hunter2-canary", from: "new@acme.com" },
      mixpanel: { token: "t" },
    });
    const refused = await patch(key, { email: { ...edit, host: "evil.com" } });
    expect([refused.status, refused.body.errors.map(({ path }: { path: string }) => path)]).toEqual([
      422,
      ["/settings/connectors/email/pass"],
    ]);
    expect(await inUse(id)).toMatchObject({ email: { host: "mail.acme.com", pass: "hunter2-canary" } });
    await patch(key, { mixpanel: null });
    expect((await inUse(id))?.mixpanel ?? null).toBeNull();
    expect((await call(app, "PATCH", "/v1/school", { settings: { connectors: null } }, { token: key })).status).toBe(
      200,
    );
    expect((await inUse(id))?.email ?? null).toBeNull();
  });
});

describe("a secret that is kept of another server or account", () => {
  const patch = (key: string, connectors: unknown) =>
    call(app, "PATCH", "/v1/school", { settings: { connectors } }, { token: key });
  const smtp = { type: "smtp", host: "mail.acme.com", port: 587, user: "u", pass: "p", from: "hi@acme.com" };

  const WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw";

  test.each([
    ["email", smtp, "pass", { host: "mail.other.com" }],
    ["email", smtp, "pass", { user: "another" }],
    ["ga4", { measurement_id: "G-TEST000001", api_secret: "s" }, "api_secret", { measurement_id: "G-TEST000002" }],
    ["meta", { pixel_id: "1234567890", access_token: "t" }, "access_token", { pixel_id: "99" }],
    ["lms", { type: "webhook", url: "https://lms.acme.com/", secret: WHSEC }, "secret", { url: "https://lms.b.com/" }],
    ["lms", { type: "moodle", url: "https://moodle.acme.com", token: "t" }, "token", { url: "https://moodle.b.com" }],
    [
      "lms",
      { type: "learnworlds", url: "https://school.acme.com/admin/api", client_id: "i", client_secret: "s" },
      "client_secret",
      { client_id: "j" },
    ],
  ])("is asked for anew at its field: %s by %j", async (way, before, secret, edit) => {
    const { key } = await newSchool(app, { connectors: { [way]: before } });
    const others = Object.fromEntries(Object.entries(before).filter(([option]) => option !== secret));
    const { status, body } = await patch(key, { [way]: { ...others, ...edit } });
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      {
        path: `/settings/connectors/${way}/${secret}`,
        message: "write it anew: the kept one belongs to another server or account",
      },
    ]);
    expect(
      (
        await patch(key, {
          [way]: { ...others, ...edit, [secret]: way === "lms" && secret === "secret" ? WHSEC : "new" },
        })
      ).status,
    ).toBe(200);
  });

  test("goes with the account that is given up, and with the vendor", async () => {
    const { key } = await newSchool(app, { connectors: { email: smtp } });
    const { user: _, pass: __, ...open } = smtp;
    expect((await patch(key, { email: { ...open, host: "relay.acme.com" } })).status).toBe(200);
    expect((await patch(key, { email: smtp })).status).toBe(200);
    expect((await patch(key, { email: { type: "cloudflare", from: "hi@acme.com" } })).status).toBe(200);
  });
});

describe("an LMS that nothing is behind", () => {
  const token = "token-canary";
  const canvas = { type: "canvas", url: "https://canvas.acme.com" };
  const patch = (key: string, connectors: unknown) =>
    call(app, "PATCH", "/v1/school", { settings: { connectors } }, { token: key });

  test("is refused by its type", async () => {
    const { key } = await newSchool(app);
    expect(await patch(key, { lms: { ...canvas, token } })).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            path: "/settings/connectors/lms/type",
            message: 'there is no such type: it must be "none" or "webhook" or "learnworlds" or "moodle"',
          },
        ],
      },
    });
  });

  test("chosen when it could be is none: the school opens, changes and forgets the secret", async () => {
    const { id, key } = await newSchool(app, { connectors: { gtm: {} } });
    const row = await db.select().from(schema.schools).where(eq(schema.schools.id, id)).get();
    const settings = JSON.parse(row?.settings ?? "{}");
    settings.connectors.lms = canvas;
    const place: SealPlace = [id, "schools", "connector_secrets", "lms.token"];
    const connectorSecrets = JSON.stringify({ lms: { token: await seal(secretKeysOf(env), place, token) } });
    await db
      .update(schema.schools)
      .set({ settings: JSON.stringify(settings), connectorSecrets, stamp: (row?.stamp ?? 0) + 1 })
      .where(eq(schema.schools.id, id));
    forgetSchool(id);
    const school = await loadSchool(env, id);
    if (!school) throw new Error("no school");
    expect(await connectorsOf(env, school)).toEqual({ gtm: {} });
    const read = await call(app, "GET", "/v1/school", undefined, { token: key });
    expect(read).toMatchObject({ status: 200, body: { settings: { connectors: { gtm: {} } } } });
    expect((await patch(key, { mixpanel: { token: "t" } })).status).toBe(200);
    const after = await db.select().from(schema.schools).where(eq(schema.schools.id, id)).get();
    expect(JSON.parse(after?.settings ?? "").connectors).toEqual({ gtm: {}, mixpanel: { region: "us" } });
    expect(Object.keys(JSON.parse(after?.connectorSecrets ?? ""))).toEqual(["mixpanel"]);
  });
});

describe("what an isolate knows of a school", () => {
  test("is read again 4 s later at most, and its edition stands as long as its stamp", async () => {
    const { id } = await newSchool(app);
    const first = await loadSchool(env, id);
    await db.update(schema.schools).set({ name: "Elsewhere" }).where(eq(schema.schools.id, id));
    expect((await loadSchool(env, id))?.name).toBe("S");
    expect((await loadSchool(env, id, { minStamp: (first?.stamp ?? 0) + 1 }))?.name).toBe("Elsewhere");
    vi.useFakeTimers({ now: Date.now() + 4_001, toFake: ["Date"] });
    const later = await loadSchool(env, id);
    expect(later?.edition).toBe(first?.edition);
    await moveStamp(db, id);
    forgetSchool(id);
    expect((await loadSchool(env, id))?.edition).not.toBe(first?.edition);
  });

  test("a read that began before a change is not kept", async () => {
    const { id } = await newSchool(app);
    forgetSchool(id);
    const stale = loadSchool(env, id);
    forgetSchool(id);
    await stale;
    await db.update(schema.schools).set({ name: "New" }).where(eq(schema.schools.id, id));
    expect((await loadSchool(env, id))?.name).toBe("New");
  });

  test("what is made of an edition is made once", async () => {
    const { id } = await newSchool(app);
    const load = vi.fn(async () => ({ compiled: true }));
    const compiled = perEdition(load);
    const school = await loadSchool(env, id);
    if (!school) throw new Error("no school");
    expect(await compiled(env, school)).toBe(await compiled(env, school));
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("a hook key finds its school, and only as a whole", async () => {
    const { id, key } = await newSchool(app);
    const { hook_key: hookKey } = (await call(app, "GET", "/v1/school", undefined, { token: key })).body;
    const schoolOf = (text: string) => schoolOfHookKey(text, (named) => loadSchool(env, named));
    expect((await schoolOf(hookKey))?.id).toBe(id);
    for (const bad of [id, `${id}.`, `${hookKey}x`, hookKey.slice(0, -1), "", "."])
      expect(await schoolOf(bad)).toBeNull();
  });
});

describe("keys", () => {
  test("are made with scopes their maker has, read without their text, and deleted", async () => {
    const { key } = await newSchool(app);
    const as = (token: string) => (method: string, path: string, body?: unknown) =>
      call(app, method, path, body, { token });
    const made = await as(key)("POST", "/v1/api-keys", { name: "W", scopes: ["write"] });
    expect(made.status).toBe(201);
    expect(Object.keys(made.body).sort()).toEqual(["created_at", "id", "key", "name", "scopes"]);
    const { key: text, ...shown } = made.body;
    expect((await as(key)("GET", `/v1/api-keys/${made.body.id}`)).body).toEqual(shown);
    const list = await as(key)("GET", "/v1/api-keys");
    expect(list.text).not.toContain(text);
    expect(list.body.data.at(-1)).toEqual(shown);
    expect((await as(text)("POST", "/v1/api-keys", { name: "same", scopes: ["write"] })).status).toBe(201);
    expect((await as(text)("POST", "/v1/api-keys", { name: "more", scopes: ["write", "events"] })).status).toBe(403);
    for (const scopes of [[], ["owner"], ["read", "read"], "read"]) {
      expect((await as(key)("POST", "/v1/api-keys", { name: "x", scopes })).status).toBe(422);
    }
    expect((await as(key)("DELETE", `/v1/api-keys/${made.body.id}`)).status).toBe(204);
    expect((await as(key)("DELETE", `/v1/api-keys/${made.body.id}`)).status).toBe(404);
  });

  test("of another school are as if they were not", async () => {
    const [a, b] = [await newSchool(app), await newSchool(app)];
    const [{ id }] = (await call(app, "GET", "/v1/api-keys", undefined, { token: a.key })).body.data;
    for (const method of ["GET", "DELETE"]) {
      const [foreign, random] = [
        await call(app, method, `/v1/api-keys/${id}`, undefined, { token: b.key }),
        await call(app, method, "/v1/api-keys/key_nope", undefined, { token: b.key }),
      ];
      expect([foreign.status, foreign.text]).toEqual([404, random.text]);
    }
    expect((await call(app, "GET", "/v1/school", undefined, { token: a.key })).status).toBe(200);
  });
});
