import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { setCookie } from "hono/cookie";
import { csrf } from "hono/csrf";
import { variablesOf } from "../base/env";
import { Problem } from "../base/errors";
import { log } from "../base/log";
import { type App, mount } from "../http/app";
import { problemOf } from "../http/problems";
import type { Route, Scope } from "../http/route";
import { endSession, NO_SCHOOL } from "../schools/sign-in/sessions";
import { loadSchool } from "../world/snapshot";
import { identityOf } from "./door/access";
import {
  authenticateSession,
  dropSession,
  fromOwnPages,
  internalPath,
  sessionToken,
  signedIn,
  withHeaders,
} from "./door/guard";
import { OPERATOR, roleIn } from "./door/session";
import { SignInPage, signIn, signInPages } from "./door/sign-in";
import { type Asset, islands, stylesheet } from "./generated/assets";
import { mountPages } from "./page";
import { pagesOfSchools } from "./pages";
import { operatorPages } from "./pages/operator";
import { ProblemPage } from "./pages/problem";
import { type AdminEnv, type Ctx, seeOther, visitOf } from "./visit";
import { vocabularyRoutes } from "./words/vocabulary";

const FORM_BYTES = 1024 * 1024;
const IMPORT_BYTES = 33 * 1024 * 1024;
const DAY_S = 86_400;

/** What people do: events come from the LMS, and the platform and learners have their own. */
const OF_PEOPLE: readonly Scope[] = ["read", "write", "admin"];

/** A school's routes without their version: `/v1/runs` is `/admin/api/runs`. */
const ofSchools = (routes: readonly Route[]): Route[] =>
  routes
    .filter(({ path, scopes }) => path.startsWith("/v1/") && scopes.some((scope) => OF_PEOPLE.includes(scope)))
    .map((route) => ({ ...route, path: route.path.slice("/v1".length) }));

/** What is under /admin/api, for who is signed in; paths without that prefix. */
export const adminRoutes = (routes: readonly Route[]): Route[] => [...ofSchools(routes), ...vocabularyRoutes];

/** Puts the admin UI on the application: its pages under /admin, and under /admin/api the routes for who is signed in. */
export function mountAdmin(app: App, routes: readonly Route[]): void {
  mount(app, adminRoutes(routes), { prefix: "/admin/api", authenticate: authenticateSession });
  app.all("/admin/api/*", () => {
    throw new Problem("not_found", "There is no such path.");
  });
  app.route("/admin", adminOf(app));
}

function adminOf(app: App): Hono<AdminEnv> {
  const admin = new Hono<AdminEnv>();
  admin.onError(refuse);
  admin.use(withHeaders);
  admin.get("/assets/:name", (c) => assetOf(c, c.req.param("name")));
  admin.use(fromOwnPages);
  admin.use(
    csrf({
      origin: (origin, c) =>
        origin === new URL(c.req.url).origin || origin === new URL(variablesOf(c.env).PUBLIC_URL).origin,
    }),
  );
  admin.use(async (c, next) => {
    const maxSize = c.req.path.startsWith("/admin/import") ? IMPORT_BYTES : FORM_BYTES;
    const tooLarge = () => {
      throw new Problem("too_large", "That is more than the page takes.");
    };
    return bodyLimit({ maxSize, onError: tooLarge })(c, next);
  });
  admin.post("/theme", async (c) => {
    const theme = (await c.req.formData()).get("theme");
    const value = theme === "light" || theme === "dark" ? theme : "system";
    setCookie(c, "schoolbell-theme", value, { path: "/admin", sameSite: "Lax", httpOnly: true, maxAge: 400 * DAY_S });
    const from = URL.parse(c.req.header("referer") ?? "");
    return seeOther(c, internalPath(from ? from.pathname + from.search : undefined));
  });
  admin.route("/", signInPages);
  admin.route("/", operatorPages(app));
  admin.use((c, next) => enter(c, app, next));
  mountPages(admin, pagesOfSchools);
  admin.all("*", () => {
    throw new Problem("not_found", "There is no such page.");
  });
  return admin;
}

/** Lets in who is signed in to a school; everybody else gets the page that leads there. */
async function enter(c: Ctx, app: App, next: () => Promise<void>): Promise<Response | undefined> {
  const isRead = c.req.method === "GET";
  const here = c.req.path + new URL(c.req.url).search;
  const session = await signedIn(c.env, c.req.raw);
  if (!session) {
    const identity = await identityOf(c.env, c.req.raw);
    if (identity.kind === "somebody" && isRead) {
      await signIn(c, identity.email);
      return seeOther(c, internalPath(here));
    }
    return c.html(<SignInPage c={c} next={isRead ? here : "/admin"} />, 401);
  }
  if (session.school === NO_SCHOOL) {
    return seeOther(
      c,
      session.email === OPERATOR
        ? "/admin/operator"
        : `/admin/schools?next=${encodeURIComponent(isRead ? here : "/admin")}`,
    );
  }
  const school = await loadSchool(c.env, session.school);
  const role = school ? roleIn(school, session.email) : null;
  if (!school || !role) {
    const token = sessionToken(c.req.raw);
    if (token !== null) await endSession(c.env, token);
    dropSession(c);
    return c.html(<SignInPage c={c} said="You are not among this school's collaborators any more." />, 401);
  }
  c.set("session", session);
  c.set("visit", visitOf(c, app, session, school, role));
  if (school.suspended)
    throw new Problem("forbidden", "The school is suspended: nothing happens in it until the platform lets it go on.");
  await next();
  return undefined;
}

async function assetOf(c: Ctx, name: string): Promise<Response> {
  const found: [Asset | undefined, string] =
    name === "styles.css"
      ? [stylesheet, "text/css; charset=utf-8"]
      : [islands.get(name.replace(/\.js$/, "")), "text/javascript; charset=utf-8"];
  const [asset, type] = found;
  if (!asset) throw new Problem("not_found", "There is no such file.");
  const etag = `"${asset.hash}"`;
  const headers = { etag, "cache-control": "no-cache", "content-type": type };
  return c.req.header("if-none-match") === etag ? c.body(null, 304, headers) : c.body(asset.source, 200, headers);
}

/** How pages refuse: the reason, what to do, and the way back. A fault of ours is logged and says nothing of itself. */
function refuse(error: Error, c: Ctx): Response | Promise<Response> {
  const problem = problemOf(error);
  if (problem !== error) log("error", "page_failed", { method: c.req.method, route: c.req.routePath, error });
  if (problem?.kind === "unauthorized") return c.html(<SignInPage c={c} next="/admin" />, 401);
  if (problem?.retryAfterSeconds !== undefined) c.header("retry-after", String(problem.retryAfterSeconds));
  return c.html(<ProblemPage c={c} problem={problem} />, problem?.status ?? 500);
}
