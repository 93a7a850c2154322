import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "./app";
import type { Route } from "./route";
import { routes } from "./routes";
import { call, newSchool, PLATFORM } from "./test-client";

/* What comes first where several things are wrong: 403, then 404 for what the path names, then all other faults at once. */

const app = createApp(routes);
const keys = { all: "", read: "", write: "", events: "" };

beforeAll(async () => {
  keys.all = (await newSchool(app)).key;
  for (const scope of ["read", "write", "events"] as const) {
    const made = await call(app, "POST", "/v1/api-keys", { name: scope, scopes: [scope] }, { token: keys.all });
    keys[scope] = made.body.key;
  }
});

const named = routes.map((route): [string, Route] => [`${route.method} ${route.path}`, route]);
const nowhere = ({ path }: Route) =>
  path.replaceAll(/:\w+/g, (parameter) => (parameter === ":type" ? "course" : "nowhere"));

/** Whatever can be wrong with a call of a route, at once. */
function faulty(route: Route): { query: string; bodies: (string | undefined)[] } {
  const isWrite = route.method !== "GET";
  const parameters = route.query && "shape" in route.query ? Object.keys(route.query.shape ?? {}) : [];
  const twice = parameters.map((name) => `${name}=&${name}=`).join("&");
  return {
    query: isWrite && !route.openQuery ? "?nonsense=1" : twice && `?${twice}`,
    bodies: route.bodyKind === "json" || route.bodyKind === "bytes" ? ['{"nonsense":1}', "{", "7"] : [undefined],
  };
}

const json = { "content-type": "application/json" };

/** The LMS's own ids are none that we could say are not there. */
const isOfCourse = ({ path }: Route) => /^\/v1\/courses\/:id\/[\w-]+$/.test(path);

describe("what is not there is a 404, whatever else is wrong", () => {
  const ofThings = named.filter(([, route]) => {
    const { query, bodies } = faulty(route);
    return route.path.includes("/:") && !isOfCourse(route) && !route.makes && (query || bodies[0] !== undefined);
  });
  test.each(ofThings)("%s", async (_, route) => {
    const { query, bodies } = faulty(route);
    const token = route.scopes.includes("platform") ? PLATFORM : keys.all;
    for (const body of bodies) {
      const path = `${nowhere(route)}${query}`;
      const { status, text } = await call(app, route.method, path, body, { token, headers: json });
      expect(status, text).toBe(404);
    }
  });
});

describe("what a credential may not do is a 403, whatever else is wrong", () => {
  const guarded = named.filter(([, { scopes }]) => !scopes.includes("none"));
  test.each(guarded)("%s", async (_, route) => {
    const lacking = (["read", "write", "events"] as const).find((scope) => !route.scopes.includes(scope));
    const { query, bodies } = faulty(route);
    for (const body of bodies) {
      const path = `${nowhere(route)}${query}`;
      const token = lacking && keys[lacking];
      const { status, text } = await call(app, route.method, path, body, { token, headers: json });
      expect(status, text).toBe(403);
    }
  });
});

const FORBIDDEN: readonly (readonly [string, unknown, keyof typeof keys])[] = [
  ["PATCH /v1/school", { nonsense: 1, name: "", paused: "perhaps" }, "write"],
  ["PATCH /v1/school?nonsense=1", { settings: { nonsense: 1, allowed_origins: "no" } }, "write"],
  ["PATCH /v1/school", { held: "nonsense" }, "write"],
  ["POST /v1/api-keys", { name: "", scopes: ["admin", "nonsense"] }, "write"],
  ["POST /v1/automations/nowhere/missed?enrol=true", { days: 0 }, "read"],
  ["POST /v1/automations/nowhere/missed?enrol=true", "{", "read"],
];

test.each(FORBIDDEN)("%s with %j is a 403 before it is a fault", async (route, body, key) => {
  const [method = "", path = ""] = route.split(" ");
  const { status, text } = await call(app, method, path, body, { token: keys[key], headers: json });
  expect(status, text).toBe(403);
});

test("what is no setting asks for no scope", async () => {
  const sent = { settings: { nonsense: 1 } };
  const { status, body } = await call(app, "PATCH", "/v1/school", sent, { token: keys.write });
  expect([status, body.errors[0].path]).toEqual([422, "/settings/nonsense"]);
});

describe("faults of query and body are told at once", () => {
  const CASES: readonly (readonly [string, unknown, readonly string[]])[] = [
    ["POST /v1/segments?fire=true", { name: "", managed: 1 }, ["/fire", "/managed", "/name"]],
    ["PUT /v1/users/anna?x=1", { email: "anna" }, ["/email", "/x"]],
    ["PUT /v1/users/lead:a@b.c", { email: "anna" }, ["/email", "/id"]],
    [
      "POST /v1/segment-rules?x=1",
      { segment: "none", match: "all", where: [{ field: "email", op: "is", value: "a" }] },
      ["/segment", "/x"],
    ],
    ["POST /v1/segment-rules?fire=perhaps&x=1", {}, ["/fire", "/match", "/segment", "/where", "/x"]],
    ["POST /v1/events?x=1", { type: "nope", user: {} }, ["/type", "/user/id", "/x"]],
    ["POST /v1/automations?x=1", { name: "A", when: [], then: [{ type: "nope" }] }, ["/then/0/type", "/when", "/x"]],
    ["PUT /v1/import?x=1&fire=no", { profile_fields: 7 }, ["/fire", "/profile_fields", "/x"]],
  ];
  test.each(CASES)("%s with %j", async (route, sent, paths) => {
    const [method = "", path = ""] = route.split(" ");
    const { status, body, text } = await call(app, method, path, sent, { token: keys.all });
    expect(status, text).toBe(422);
    expect(body.errors.map((fault: { path: string }) => fault.path).toSorted()).toEqual(paths.toSorted());
  });
});

test.each([
  ["/v1/runs", "since"],
  ["/v1/runs", "status"],
  ["/v1/deliveries", "from"],
  ["/v1/deliveries", "to"],
  ["/v1/deliveries", "status"],
  ["/v1/deliveries", "channel"],
  ["/v1/audit", "since"],
  ["/v1/automations", "active"],
  ["/v1/automations", "sort"],
  ["/v1/users", "order"],
  ["/v1/products", "type"],
  ["/v1/lms/drift", "differs"],
])("%s is refused by a value of %s that means nothing", async (path, name) => {
  for (const value of ["zz", "2026-13-45"]) {
    const { status, body } = await call(app, "GET", `${path}?${name}=${value}`, undefined, { token: keys.all });
    expect([status, body.errors?.[0].path]).toEqual([422, `/${name}`]);
  }
});
