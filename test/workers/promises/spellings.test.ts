import { sign } from "hono/jwt";
import { expect, inject, test } from "vitest";
import { addressIn } from "../../../src/admin/address";
import { adminRoutes, mountAdmin } from "../../../src/admin/app";
import { pagesOfSchools } from "../../../src/admin/pages";
import { ROLES } from "../../../src/http/access/credentials";
import { createApp } from "../../../src/http/app";
import { routes } from "../../../src/http/routes";
import { type Answered, call, env, newSchool, PLATFORM } from "../../../src/http/test-client";
import { isShut, spellings } from "../../../src/http/test-spellings";
import { startSession } from "../../../src/schools/sign-in/sessions";
import { randomOf, seedsOr, shuffled, tell } from "./figures";

/*
 * Every route and page × every credential × ways to spell the address: nobody gets further by a spelling than by the plain
 * address. What stands in front of an address's own path is the same for all, and is spelled for some doors alone.
 */

const ORIGIN = "https://schoolbell.test";
const TIMEOUT_MS = 600_000;
/** So many spellings of each address, by chance; more where the promises are tried. */
const SPELLINGS = inject("most") ?? 2;

const app = createApp(routes);
mountAdmin(app, routes);

interface Door {
  method: string;
  path: string;
}

interface Who {
  name: string;
  headers: Record<string, string>;
}

/** The least first: who may do more comes when what others have was tried already. */
async function everybody(): Promise<{ id: string; all: Who[] }> {
  const people = ROLES.map((role) => ({ role, email: `${role}-${crypto.randomUUID()}@school.com` }));
  const { id, key } = await newSchool(app, { collaborators: people });
  const bearer = (name: string, token: string): Who => ({ name, headers: { authorization: `Bearer ${token}` } });
  const keyFor = async (...scopes: string[]) => {
    const made = await call(app, "POST", "/v1/api-keys", { name: "K", scopes }, { token: key });
    return bearer(`a key for ${scopes.join(" ")}`, made.body.key);
  };
  const { body } = await call(app, "POST", "/v1/signing-secret", undefined, { token: key });
  const claims = { sub: "anna", school: id, aud: "schoolbell", exp: Math.floor(Date.now() / 1_000) + 3_600 };
  const sessions = await Promise.all(
    people.map(async ({ role, email }) => ({
      name: `the session of ${role}`,
      headers: { cookie: `__Host-schoolbell=${await startSession(env, email)}`, origin: ORIGIN },
    })),
  );
  return {
    id,
    all: [
      { name: "nobody", headers: {} },
      bearer("a stranger", `sb_test_${"0".repeat(32)}`),
      bearer("a user token", await sign(claims, body.secret, "HS256")),
      ...sessions,
      await keyFor("events"),
      await keyFor("read"),
      await keyFor("write"),
      await keyFor("admin"),
      await keyFor("events", "read", "write"),
      bearer("platform", PLATFORM),
    ],
  };
}

/** Refused, led nowhere, or sent to the door. */
const isOut = (answer: Answered): boolean =>
  answer.status === 401 || isShut(answer) || (answer.headers.get("location") ?? "").startsWith("/admin/sign-in");

/** Sent to the plain address. */
const isSentTo = ({ status, headers }: Answered, address: string): boolean =>
  status >= 300 && status < 400 && headers.get("location") === address;

test.for(seedsOr([1]).slice(0, 1))(
  "nobody gets further by a spelling of an address than by the address: seed %i",
  { timeout: TIMEOUT_MS },
  async (seed, context) => {
    const random = randomOf(seed);
    const { id, all } = await everybody();
    const home = addressIn(id, "");
    const doors: Door[] = [
      ...routes.filter(({ scopes }) => !scopes.includes("none")),
      ...adminRoutes(routes).map(({ method, path }) => ({ method, path: `${home}/api${path}` })),
      ...pagesOfSchools
        .flatMap(({ declared }) => declared)
        .map(({ method, path }) => ({ method, path: home + (path === "/" ? "" : path) })),
    ];
    const figures = { doors: doors.length, shut: 0, tried: 0, open: 0 };
    const open: string[] = [];
    for (const door of doors) {
      const address = door.path.replaceAll(/:[^/]+/g, "x1");
      const own = address.startsWith(home) ? home : "";
      const ways = spellings(address.slice(own.length)).map((path) => own + path);
      if (own && random() < 0.05) ways.push(...spellings(address));
      await Promise.all(
        all.map(async ({ name, headers }) => {
          const send = (path: string) => call(app, door.method, path, undefined, { headers });
          if (!isOut(await send(address))) return;
          figures.shut++;
          for (const spelled of shuffled(ways, random).slice(0, SPELLINGS)) {
            figures.tried++;
            const answer = await send(spelled);
            if (isOut(answer) || (door.method === "GET" && isSentTo(answer, address))) continue;
            open.push(`${door.method} ${spelled} as ${name}: ${answer.status} ${answer.headers.get("location")}`);
          }
        }),
      );
    }
    figures.open = open.length;
    tell(context, figures);
    expect(open).toEqual([]);
  },
);
