import { describe, expect, test } from "vitest";
import { leastRole } from "../http/access";
import { createApp } from "../http/app";
import { ROLES, type Role } from "../http/credentials";
import { routes } from "../http/routes";
import { type Answered, call, env, newSchool } from "../http/test-client";
import { startSession } from "../schools/sign-in/sessions";
import { adminRoutes, mountAdmin } from "./app";
import { pagesOfSchools } from "./pages";

const app = createApp(routes);
mountAdmin(app, routes);

const ORIGIN = "https://schoolbell.test";

interface Door {
  method: string;
  path: string;
  /** The least role that may come in. */
  least: Role;
}

/** Everything that is declared for who is signed in: the routes below /admin/api, and the pages. */
const doors: readonly Door[] = [
  ...adminRoutes(routes).map((route) => ({
    method: route.method,
    path: `/admin/api${route.path}`,
    least: leastRole(route) ?? "owner",
  })),
  ...pagesOfSchools
    .flatMap(({ declared }) => declared)
    .map(({ method, path, role }) => ({ method, path: `/admin${path}`, least: role })),
];
const nameOf = ({ method, path }: Door) => `${method} ${path}`;

const encoded = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

/** An address with something of its parts changed: `change` is given one of them at a time. */
const eachPart = (path: string, change: (part: string) => string): string[] =>
  path.split("/").flatMap((part, n, parts) => (part === "" ? [] : [parts.with(n, change(part)).join("/")]));

/** Ways to write an address that somebody between the client and the route might read as the same one. */
const spellings = (path: string): string[] => [
  path,
  ...eachPart(path, (part) => encoded(part.slice(0, 1)) + part.slice(1)),
  ...eachPart(path, (part) => part.slice(0, -1) + encoded(part.slice(-1)).toUpperCase()),
  // Encoded twice.
  ...eachPart(path, (part) => encoded(part.slice(0, 1)).replace("%", "%25") + part.slice(1)),
  // A slash doubled, or encoded.
  ...eachPart(path, (part) => `/${part}`),
  `${path}//`,
  path.replaceAll("/", "//"),
  ...path.split("/").flatMap((_, n, parts) => {
    const [before, after] = [parts.slice(0, n).join("/"), parts.slice(n).join("/")];
    return n < 2 ? [] : [`${before}%2F${after}`, `${before}%2f${after}`, `${before}%5C${after}`];
  }),
  ...eachPart(path, (part) => part.toUpperCase()),
  path.toUpperCase(),
  // Dot segments, plain and encoded.
  ...["./", "x/../", "%2e/", "x/%2e%2E/", "x/..%2f"].flatMap((dots) => eachPart(path, (part) => dots + part)),
  `${path}/.`,
  `${path}/x/..`,
  `${path}/`,
  `${path}%2F`,
  `${path}%20`,
  `${path}%00`,
  `${path};`,
];

async function schoolWithEach() {
  const emails = { viewer: "", editor: "", owner: "" };
  for (const role of ROLES) emails[role] = `${role}-${crypto.randomUUID()}@school.com`;
  const collaborators = ROLES.map((role) => ({ email: emails[role], role }));
  const school = await newSchool(app, { collaborators });
  const tokens = { viewer: "", editor: "", owner: "" };
  for (const role of ROLES) tokens[role] = await startSession(env, { email: emails[role], school: school.id });
  const send = (role: Role, method: string, path: string) =>
    call(app, method, path, undefined, {
      headers: { cookie: `__Host-schoolbell=${tokens[role]}`, origin: ORIGIN },
    });
  return { ...school, send };
}

/** Refused, or led nowhere: a 404 of something that was looked for is neither, for then somebody was let in to look. */
const isShut = ({ status, text }: Answered): boolean =>
  status === 403 || status === 405 || (status === 404 && /There is no such (?:path|page)\./.test(text));

describe("whatever the spelling of a path", () => {
  test.each(["viewer", "editor"] as const)("the role %s opens nothing that asks for more", async (role) => {
    const { key, send } = await schoolWithEach();
    const held = async () =>
      Promise.all(["/v1/school", "/v1/api-keys"].map((path) => call(app, "GET", path, undefined, { token: key })));
    const before = (await held()).map(({ text }) => text);
    const closed = doors.filter(({ least }) => ROLES.indexOf(least) > ROLES.indexOf(role));
    expect(closed.length).toBeGreaterThan(10);
    const open: string[] = [];
    for (const { method, path } of closed) {
      // Together: one after another they take longer than a test may.
      const tried = spellings(path.replaceAll(/:[^/]+/g, "x1")).map(async (spelled) => {
        const answer = await send(role, method, spelled);
        if (!isShut(answer)) open.push(`${method} ${spelled}: ${answer.status}`);
      });
      await Promise.all(tried);
    }
    expect(open).toEqual([]);
    expect((await held()).map(({ text }) => text)).toEqual(before);
  });

  test("one letter percent-encoded is the same route, and is refused as that", async () => {
    const { send } = await schoolWithEach();
    for (const path of ["/admin/api/school", "/admin/api/%73chool", "/%61dmin/%61pi/schoo%6C"])
      expect((await send("editor", "PATCH", path)).status).toBe(403);
  });
});

test("whoever has the least role declared comes in", async () => {
  const { send } = await schoolWithEach();
  const shut: string[] = [];
  for (const door of doors) {
    const { status } = await send(door.least, door.method, door.path.replaceAll(/:[^/]+/g, "x1"));
    if (status === 401 || status === 403) shut.push(`${nameOf(door)}: ${status}`);
  }
  expect(shut).toEqual([]);
});

test("what lets people or messages in or out is for owners alone", () => {
  expect(
    doors
      .filter(({ least }) => least === "owner")
      .map(nameOf)
      .toSorted(),
  ).toEqual([
    "DELETE /admin/api/api-keys/:id",
    "GET /admin/settings/audit",
    "PATCH /admin/api/school",
    "POST /admin/api/api-keys",
    "POST /admin/api/signing-secret",
    "POST /admin/settings",
    "POST /admin/settings/collaborators",
    "POST /admin/settings/collaborators/remove",
    "POST /admin/settings/connectors/:way",
    "POST /admin/settings/connectors/:way/remove",
    "POST /admin/settings/connectors/:way/test",
    "POST /admin/settings/keys",
    "POST /admin/settings/keys/:id/delete",
    "POST /admin/settings/signing-secret",
  ]);
});
