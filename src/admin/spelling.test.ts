import { describe, expect, test } from "vitest";
import { leastRole } from "../http/access/access";
import { ROLES, type Role } from "../http/access/credentials";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool } from "../http/test-client";
import { encoded, isShut, spellings } from "../http/test-spellings";
import { startSession } from "../schools/sign-in/sessions";
import { addressIn, SCHOOL, SCHOOL_API } from "./address";
import { adminRoutes, mountAdmin } from "./app";
import { FORM_OF } from "./components/forms/form";
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

/** Everything that is declared for who is signed in: the routes of a school, and its pages. */
const doors: readonly Door[] = [
  ...adminRoutes(routes).map((route) => ({
    method: route.method,
    path: SCHOOL_API + route.path,
    least: leastRole(route) ?? "owner",
  })),
  ...pagesOfSchools
    .flatMap(({ declared }) => declared)
    .map(({ method, path, role }) => ({ method, path: SCHOOL + (path === "/" ? "" : path), least: role })),
];
const nameOf = ({ method, path }: Door) => `${method} ${path.slice(SCHOOL.length)}`;
const isApi = ({ path }: Door) => path.startsWith(SCHOOL_API);
/** The address of a door in a school, as it would be there if everything were called x1. */
const at = (school: string, { path }: Door) => addressIn(school, path.slice(SCHOOL.length).replaceAll(/:[^/]+/g, "x1"));

async function schoolWithEach() {
  const emails = { viewer: "", editor: "", owner: "" };
  for (const role of ROLES) emails[role] = `${role}-${crypto.randomUUID()}@school.com`;
  const collaborators = ROLES.map((role) => ({ email: emails[role], role }));
  const school = await newSchool(app, { collaborators });
  const tokens = { viewer: "", editor: "", owner: "" };
  for (const role of ROLES) tokens[role] = await startSession(env, emails[role]);
  const send = (role: Role, method: string, path: string, body?: string) =>
    call(app, method, path, body, {
      headers: {
        cookie: `__Host-schoolbell=${tokens[role]}`,
        origin: ORIGIN,
        ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
    });
  return { ...school, send };
}

describe("whatever the spelling of a path", () => {
  test.each(["viewer", "editor"] as const)("the role %s opens nothing that asks for more", async (role) => {
    const { id, key, send } = await schoolWithEach();
    const held = async () =>
      Promise.all(["/v1/school", "/v1/api-keys"].map((path) => call(app, "GET", path, undefined, { token: key })));
    const before = (await held()).map(({ text }) => text);
    const closed = doors.filter(({ least }) => ROLES.indexOf(least) > ROLES.indexOf(role));
    expect(closed.length).toBeGreaterThan(10);
    const open: string[] = [];
    const home = addressIn(id, "");
    // What stands before a door's own path is the same for all: it is spelled for one page and one route alone.
    const first = [closed.find(isApi), closed.find((door) => !isApi(door))];
    for (const door of closed) {
      const address = at(id, door);
      const all = spellings(address.slice(home.length)).map((path) => home + path);
      // Together: one after another they take longer than a test may.
      const tried = [...all, ...(first.includes(door) ? spellings(address) : [])].map(async (spelled) => {
        const answer = await send(role, door.method, spelled);
        if (!isShut(answer)) open.push(`${door.method} ${spelled}: ${answer.status}`);
      });
      await Promise.all(tried);
    }
    expect(open).toEqual([]);
    expect((await held()).map(({ text }) => text)).toEqual(before);
  });

  test("one letter percent-encoded is the same route, and is refused as that", async () => {
    const { id, send } = await schoolWithEach();
    const mine = addressIn(id, "");
    const encodedId = addressIn(id.replace("sch", "%73c%68"), "").replaceAll("%25", "%");
    for (const path of [`${mine}/api/school`, `${encodedId}/api/%73chool`, `/%61dmin/%73/${id}/%61pi/schoo%6C`])
      expect((await send("editor", "PATCH", path)).status).toBe(403);
  });
});

test("whoever has the least role declared comes in", async () => {
  const { id, send } = await schoolWithEach();
  const shut: string[] = [];
  const form = new URLSearchParams({ [FORM_OF]: id }).toString();
  for (const door of doors) {
    const isForm = door.method === "POST" && !isApi(door);
    const { status } = await send(door.least, door.method, at(id, door), isForm ? form : undefined);
    if (status === 401 || status === 403) shut.push(`${nameOf(door)}: ${status}`);
  }
  expect(shut).toEqual([]);
});

/** Ways to write the address of a school's home from within another: some are the same one, the others lead nowhere. */
const waysOver = (mine: string, theirs: string): string[] => [
  theirs,
  ...[...theirs].map((letter, n) => theirs.slice(0, n) + encoded(letter) + theirs.slice(n + 1)),
  ...["../", "%2e%2e/", ".%2E/", "..%2f", "..%5c", "%2e%2e%2f", ";/../", "/../", "x/../../"].map(
    (dots) => `${mine}/${dots}${theirs}`,
  ),
  ...["/", "%2f", "%2F", "%5c", ",", ";", "%00", "%20", "%0a", "?", "%3f", "%23"].flatMap((between) => [
    mine + between + theirs,
    theirs + between + mine,
  ]),
];

describe("in a school that somebody is nobody in", () => {
  test("everything answers as in a school that there is not", async () => {
    const [mine, theirs] = [await schoolWithEach(), await schoolWithEach()];
    const told: string[] = [];
    for (const door of doors) {
      const [there, nowhere] = await Promise.all(
        [theirs.id, "sch_none"].map((school) => mine.send("owner", door.method, at(school, door))),
      );
      if (there?.status !== 404 || there.text !== nowhere?.text) told.push(`${nameOf(door)}: ${there?.status}`);
    }
    expect(told).toEqual([]);
  });

  test("no spelling of its address opens it", async () => {
    const [mine, theirs] = [await schoolWithEach(), await schoolWithEach()];
    const mark = `mark-${crypto.randomUUID()}`;
    await call(app, "POST", "/v1/segments", { id: "s1", name: mark }, { token: theirs.key });
    const open: string[] = [];
    for (const way of waysOver(mine.id, theirs.id))
      for (const path of ["/segments", "/segments/s1", "/api/segments", "/api/segments/s1"]) {
        const answer = await mine.send("owner", "GET", `/admin/s/${way}${path}`);
        if (answer.text.includes(mark)) open.push(`GET ${way}${path}`);
        const body = new URLSearchParams({ [FORM_OF]: theirs.id, name: "Mine" }).toString();
        await mine.send("owner", "POST", `/admin/s/${way}${path}`, body);
      }
    expect(open).toEqual([]);
    const held = await call(app, "GET", "/v1/segments", undefined, { token: theirs.key });
    expect(held.body.data.map(({ name }: { name: string }) => name)).toEqual([mark]);
  });
});

test("what lets people or messages in or out is for owners alone", () => {
  expect(
    doors
      .filter(({ least }) => least === "owner")
      .map(nameOf)
      .toSorted(),
  ).toEqual([
    "DELETE /api/api-keys/:id",
    "GET /api/audit",
    "GET /api/audit/:id",
    "GET /api/evidence",
    "GET /api/evidence/:job",
    "GET /api/webhook-secret",
    "GET /settings/audit",
    "GET /settings/evidence",
    "PATCH /api/school",
    "POST /api/api-keys",
    "POST /api/evidence",
    "POST /api/signing-secret",
    "POST /api/webhook-secret",
    "POST /api/webhooks/test",
    "POST /settings",
    "POST /settings/collaborators",
    "POST /settings/collaborators/remove",
    "POST /settings/connectors/:way",
    "POST /settings/connectors/:way/check",
    "POST /settings/connectors/:way/remove",
    "POST /settings/connectors/:way/test",
    "POST /settings/evidence",
    "POST /settings/keys",
    "POST /settings/keys/:id/delete",
    "POST /settings/mail",
    "POST /settings/pause",
    "POST /settings/pieces",
    "POST /settings/pieces/:id",
    "POST /settings/pieces/:id/delete",
    "POST /settings/signing-secret",
    "POST /settings/webhook-secret",
  ]);
});
