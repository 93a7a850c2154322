import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { setCookie } from "hono/cookie";
import { csrf } from "hono/csrf";
import { variablesOf } from "../base/env";
import { Problem } from "../base/errors/errors";
import { log } from "../base/reports/log";
import { problemOf } from "../http/answering/problems";
import { type App, mount } from "../http/app";
import type { Route, Scope } from "../http/route";
import { requireMigrated } from "../http/set-up";
import { say } from "../language/say";
import { LANGUAGE_COOKIE, speaking } from "../language/speaking";
import { noteReader } from "../schools/sign-in/readers";
import { addressIn, outside, SCHOOL, SCHOOL_API } from "./address";
import { enter, leadOn } from "./door/enter";
import { authenticateSession, fromOwnPages, internalPath, signedIn, withHeaders } from "./door/guard";
import { OPERATOR } from "./door/session";
import { SignInPage, signInPages } from "./door/sign-in";
import { type Asset, islands, stylesheet } from "./generated/assets";
import { mountPages } from "./page";
import { pagesOfSchools } from "./pages";
import { operatorPages } from "./pages/operator/operator";
import { ProblemPage } from "./pages/problem";
import { type AdminEnv, type Ctx, formFieldsOf, seeOther } from "./visit";
import { vocabularyRoutes } from "./words/vocabulary";

const FORM_BYTES = 1024 * 1024;
const IMPORT_BYTES = 33 * 1024 * 1024;
const IMPORT = /^\/admin\/s\/[^/]+\/import\//;
const DAY_S = 86_400;

/** What people do: events come from the LMS, and the platform and learners have their own. */
const OF_PEOPLE: readonly Scope[] = ["read", "write", "admin"];

/** A school's routes without their version: `/v1/runs` is `/runs` below SCHOOL_API. */
const ofSchools = (routes: readonly Route[]): Route[] =>
  routes
    .filter(({ path, scopes }) => path.startsWith("/v1/") && scopes.some((scope) => OF_PEOPLE.includes(scope)))
    .map((route) => ({ ...route, path: route.path.slice("/v1".length) }));

/** What is below SCHOOL_API; paths without that prefix. */
export const adminRoutes = (routes: readonly Route[]): Route[] => [...ofSchools(routes), ...vocabularyRoutes];

/** Puts the admin UI on the application: its pages under /admin, and each school's routes for who is signed in. */
export function mountAdmin(app: App, routes: readonly Route[]): void {
  app.use(outside("/*"), speaking);
  mount(app, adminRoutes(routes), { prefix: SCHOOL_API, authenticate: authenticateSession });
  app.all(`${SCHOOL_API}/*`, () => {
    throw new Problem("not_found", say("There is no such path."));
  });
  app.all(outside("/api/*"), () => {
    throw new Problem(
      "not_found",
      say("There is no such path. The page is out of date: reload it. Nothing was changed."),
    );
  });
  app.route(outside(""), adminOf(app));
  app.get("/", (c) => c.redirect(outside("")));
}

function adminOf(app: App): Hono<AdminEnv> {
  const admin = new Hono<AdminEnv>();
  admin.onError(refuse);
  admin.use(withHeaders);
  admin.get("/assets/:name", (c) => assetOf(c, c.req.param("name")));
  admin.use(fromOwnPages);
  // Before a sign-in form is shown that could not do anything.
  admin.use(async (c, next) => {
    await requireMigrated(c.env);
    return next();
  });
  admin.use(
    csrf({
      origin: (origin, c) =>
        origin === new URL(c.req.url).origin || origin === new URL(variablesOf(c.env).PUBLIC_URL).origin,
    }),
  );
  admin.use(async (c, next) => {
    const maxSize = IMPORT.test(c.req.path) ? IMPORT_BYTES : FORM_BYTES;
    const tooLarge = () => {
      throw new Problem("too_large", say("That is more than the page takes."));
    };
    return bodyLimit({ maxSize, onError: tooLarge })(c, next);
  });
  admin.post("/theme", (c) => keepChoice(c, "theme", "schoolbell-theme", ["system", "light", "dark"]));
  admin.post("/language", keepLanguage);
  admin.route("/", signInPages);
  admin.route("/", operatorPages(app));
  admin.get("/s/:school/", (c) => seeOther(c, addressIn(c.req.param("school"), "")));
  admin.route(SCHOOL.slice(outside("").length), schoolOfAddress(app));
  for (const word of FIRST_WORDS) for (const path of [`/${word}`, `/${word}/*`]) admin.all(path, leadOn);
  admin.all("/", leadOn);
  admin.all("*", noPage);
  return admin;
}

/** Keeps how somebody wants the pages to be, the first of the values where none was chosen, and goes back to the page. */
async function keepChoice(c: Ctx, field: string, cookie: string, values: readonly string[]): Promise<Response> {
  const value = await chosenOf(c, field, values);
  setCookie(c, cookie, value, { path: outside(""), sameSite: "Lax", httpOnly: true, maxAge: 400 * DAY_S });
  const from = URL.parse(c.req.header("referer") ?? "");
  return seeOther(c, internalPath(from ? from.pathname + from.search : undefined));
}

const chosenOf = async (c: Ctx, field: string, values: readonly string[]): Promise<string> => {
  const chosen = (await formFieldsOf(c)).text(field);
  return values.find((one) => one === chosen) ?? values[0] ?? "";
};

const LANGUAGES = ["en", "de"];

/** The language of pages, and of what is mailed to whoever is signed in. */
async function keepLanguage(c: Ctx): Promise<Response> {
  const session = await signedIn(c.env, c.req.raw);
  if (session && session.email !== OPERATOR)
    await noteReader(c.env, session.email, await chosenOf(c, "language", LANGUAGES));
  return keepChoice(c, "language", LANGUAGE_COOKIE, LANGUAGES);
}

const noPage = (): never => {
  throw new Problem("not_found", say("There is no such page."));
};

/** How addresses of before began, when schools did not stand in them. */
const FIRST_WORDS = new Set(
  pagesOfSchools.flatMap(({ declared }) => declared.flatMap(({ path }) => /^\/([^/]+)/.exec(path)?.[1] ?? [])),
);

/** The pages of the school in the address. */
function schoolOfAddress(app: App): Hono<AdminEnv> {
  const pages = new Hono<AdminEnv>();
  pages.use(enter(app));
  mountPages(pages, pagesOfSchools);
  pages.all("*", noPage);
  return pages;
}

async function assetOf(c: Ctx, name: string): Promise<Response> {
  const found: [Asset | undefined, string] =
    name === "styles.css"
      ? [stylesheet, "text/css; charset=utf-8"]
      : [islands.get(name.replace(/\.js$/, "")), "text/javascript; charset=utf-8"];
  const [asset, type] = found;
  if (!asset) throw new Problem("not_found", say("There is no such file."));
  const etag = `"${asset.hash}"`;
  const headers = { etag, "cache-control": "no-cache", "content-type": type };
  return c.req.header("if-none-match") === etag ? c.body(null, 304, headers) : c.body(asset.source, 200, headers);
}

/** How pages refuse: the reason, what to do, and the way back. A fault of ours is logged and says nothing of itself. */
function refuse(error: Error, c: Ctx): Response | Promise<Response> {
  const problem = problemOf(error);
  if (problem !== error) log("error", "page_failed", { method: c.req.method, route: c.req.routePath, error });
  if (problem?.kind === "unauthorized") return c.html(<SignInPage c={c} next={outside("")} />, 401);
  if (problem?.retryAfterSeconds !== undefined) c.header("retry-after", String(problem.retryAfterSeconds));
  return c.html(<ProblemPage c={c} problem={problem} />, problem?.status ?? 500);
}
