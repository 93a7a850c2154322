import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { KEY_SCOPES } from "../../schools/keys/api-keys";
import { createApp } from "../app";
import type { Route, Scope } from "../route";
import { routes } from "../routes";
import { type Answered, call, newSchool } from "../test-client";
import { isShut, spellings } from "../test-spellings";

const app = createApp(routes);

/** Every route as it is declared, forms of others too. */
const declared: readonly { route: Route; headers: Record<string, string> }[] = routes.flatMap((route) => [
  { route, headers: {} },
  ...(route.forms?.routes ?? []).map((form) => ({
    route: form,
    headers: { "content-type": form.contentTypes[0] ?? "" },
  })),
]);

const nameOf = ({ method, path, contentTypes }: Route) => `${method} ${path} ${contentTypes[0] ?? ""}`;
const pathOf = ({ path }: Route) => path.replaceAll(/:[^/]+/g, "x1");

/** A key of each scope alone, and one of all of them. */
const keys = new Map<string, { scopes: readonly Scope[]; key: string }>();

beforeAll(async () => {
  const { key } = await newSchool(app);
  for (const scope of KEY_SCOPES) {
    const made = await call(app, "POST", "/v1/api-keys", { name: scope, scopes: [scope] }, { token: key });
    keys.set(scope, { scopes: [scope], key: made.body.key });
  }
  keys.set("every scope", { scopes: KEY_SCOPES, key });
});

const ask = (one: (typeof declared)[number], token?: string): Promise<Answered> =>
  call(app, one.route.method, pathOf(one.route), undefined, { token, headers: one.headers });

describe("every route lets in whom it declares, and refuses all others", () => {
  test.each([...KEY_SCOPES, "every scope"])("of keys: %s", async (name) => {
    const { scopes, key } = keys.get(name) ?? { scopes: [], key: "" };
    const wrong: string[] = [];
    for (const one of declared) {
      const { route } = one;
      const { status, text } = await ask(one, key);
      const isOpen = route.scopes.includes("none") || route.scopes.some((scope) => scopes.includes(scope));
      if (isOpen === (status === 401 || status === 403)) wrong.push(`${nameOf(route)}: ${status} ${text}`);
      // What it would take is said.
      const asked = route.scopes.filter((scope) => scope !== "user" && scope !== "platform");
      if (!isOpen && !asked.every((scope) => text.includes(scope))) wrong.push(`${nameOf(route)} says ${text}`);
    }
    expect(wrong).toEqual([]);
  });

  test("of nobody", async () => {
    const wrong: string[] = [];
    for (const one of declared) {
      const { status } = await ask(one);
      if (one.route.scopes.includes("none") === (status === 401)) wrong.push(`${nameOf(one.route)}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});

test("whatever the spelling of a path, a key opens nothing by the scopes that the route does not name", async () => {
  const { key: first } = await newSchool(app);
  const made = new Map<string, string>();
  const keyFor = async (scopes: readonly string[]): Promise<string> => {
    const known = made.get(scopes.join());
    if (known !== undefined) return known;
    const { body } = await call(app, "POST", "/v1/api-keys", { name: "K", scopes }, { token: first });
    made.set(scopes.join(), body.key);
    return body.key;
  };
  const held = async () =>
    Promise.all(["/v1/school", "/v1/api-keys"].map((path) => call(app, "GET", path, undefined, { token: first })));
  const closed = routes.filter(({ scopes }) => !scopes.includes("none"));
  for (const { scopes } of closed) await keyFor(KEY_SCOPES.filter((scope) => !scopes.includes(scope)));
  const before = (await held()).map(({ text }) => text);
  const open: string[] = [];
  for (const { method, path, scopes } of closed) {
    const token = await keyFor(KEY_SCOPES.filter((scope) => !scopes.includes(scope)));
    const tried = spellings(path.replaceAll(/:[^/]+/g, "x1")).map(async (spelled) => {
      const answer = await call(app, method, spelled, undefined, { token });
      if (!isShut(answer)) open.push(`${method} ${spelled}: ${answer.status} ${answer.text}`);
    });
    await Promise.all(tried);
  }
  expect(open).toEqual([]);
  expect((await held()).map(({ text }) => text)).toEqual(before);
});

test("what asks for the scope admin is what lets people or messages in or out, and who did so", () => {
  expect(
    routes
      .filter(({ scopes }) => scopes.includes("admin"))
      .map(({ method, path, scopes }) => `${method} ${path}: ${scopes.join(", ")}`),
  ).toEqual([
    "GET /v1/audit: admin",
    "GET /v1/audit/:id: admin",
    "PATCH /v1/school: write, admin",
    "POST /v1/signing-secret: admin",
    "GET /v1/webhook-secret: admin",
    "POST /v1/webhook-secret: admin",
    "POST /v1/webhooks/test: admin",
    "POST /v1/evidence: admin",
    "GET /v1/evidence: admin",
    "GET /v1/evidence/:job: admin",
  ]);
});

test("what only says what it would do asks for the scope read, and nothing else of it does", async () => {
  const { key } = keys.get("read") ?? { key: "" };
  const dry = declared.filter(
    ({ route }) => route.query instanceof z.ZodObject && "dry_run" in route.query.shape && route.method !== "GET",
  );
  expect(dry.length).toBeGreaterThan(3);
  for (const one of dry) {
    const asked = (query: string) =>
      call(app, one.route.method, `${pathOf(one.route)}${query}`, undefined, { token: key });
    expect((await asked("?dry_run=true")).status, nameOf(one.route)).not.toBe(403);
    for (const query of ["", "?dry_run=false", "?dry_run=true&dry_run=false"])
      expect((await asked(query)).status, `${nameOf(one.route)}${query}`).toBe(403);
  }
});
