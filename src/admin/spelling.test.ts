import { describe, expect, test } from "vitest";
import { leastRole } from "../http/access";
import { createApp } from "../http/app";
import { ROLES, type Role } from "../http/credentials";
import { routes } from "../http/routes";
import { call, env, newSchool } from "../http/test-client";
import { isShut, spellings } from "../http/test-spellings";
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
