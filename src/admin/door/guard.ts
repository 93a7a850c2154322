import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import { parse } from "hono/utils/cookie";
import { type Env, variablesOf } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import type { Caller } from "../../http/access/credentials";
import { lookFor } from "../../http/access/strangers";
import type { Authenticate } from "../../http/app";
import { say } from "../../language/say";
import { findSession, type Session } from "../../schools/sign-in/sessions";
import { outside } from "../address";
import { callerOf } from "../client";
import type { AdminEnv } from "../visit";
import { identityOf } from "./access";
import { credentialOf, OPERATOR, schoolFor } from "./session";

/*
 * What stands between the world and the UI: where a request comes from, who sends it, and what a browser may do with
 * the answer.
 */

// ---- Cookies ----

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export const isLoopback = (request: Request): boolean => LOOPBACK.has(new URL(request.url).hostname);

/** The session cookie's name: bound to the host over TLS; plain on a developer's own machine; else there is none. */
function cookieName(request: Request): string {
  const { protocol } = new URL(request.url);
  if (protocol === "https:") return "__Host-schoolbell";
  if (isLoopback(request)) return "schoolbell";
  throw new Problem("forbidden", say("Use https: a session does not travel in clear."));
}

export const sessionToken = (request: Request): string | null => {
  const name = cookieName(request);
  return parse(request.headers.get("cookie") ?? "", name)[name] ?? null;
};

const COOKIE = { path: "/", httpOnly: true, sameSite: "Lax" } as const;

export const keepSession = (c: Context, token: string): void =>
  setCookie(c, cookieName(c.req.raw), token, { ...COOKIE, secure: new URL(c.req.url).protocol === "https:" });

export const dropSession = (c: Context): void => {
  deleteCookie(c, cookieName(c.req.raw), { path: "/", secure: new URL(c.req.url).protocol === "https:" });
};

// ---- Where from ----

const isSafe = (method: string): boolean => method === "GET" || method === "HEAD";

/** 403 for what would change something and does not come from a page of ours: browsers say where from, and truly. */
export function requireOwnOrigin(env: Env, request: Request): void {
  if (isSafe(request.method)) return;
  const origin = request.headers.get("origin");
  const own = [new URL(request.url).origin, new URL(variablesOf(env).PUBLIC_URL).origin];
  if (origin === null || !own.includes(origin)) {
    throw new Problem("forbidden", say("This comes from another site. Open the page here and try again."));
  }
}

/** Where to go after signing in: a page of ours, whatever was asked for. */
export function internalPath(asked: string | undefined): string {
  if (asked === undefined || !/^\/admin(?:\/[^\\]*)?$/.test(asked) || /[\p{Cc}]/u.test(asked)) return outside("");
  const url = URL.parse(asked, "https://schoolbell.internal");
  return url?.origin === "https://schoolbell.internal" &&
    url.pathname.startsWith(outside("")) &&
    !url.pathname.startsWith(outside("/sign-"))
    ? url.pathname + url.search
    : outside("");
}

// ---- Who ----

/** Who is signed in; null: nobody. 403 for who comes around Cloudflare Access, where that is configured. */
export async function signedIn(env: Env, request: Request): Promise<Session | null> {
  const identity = await identityOf(env, request);
  if (identity.kind === "nobody") throw new Problem("forbidden", say("Come in through Cloudflare Access."));
  const token = sessionToken(request);
  const session = token === null ? null : await lookFor(env, request, token, () => findSession(env, token));
  if (!session || identity.kind === "off" || session.email === OPERATOR) return session;
  return session.email === identity.email ? session : null;
}

/** Whose session a call of a school's routes comes with, or for whom a page of ours makes it. */
export const authenticateSession: Authenticate = async (c) =>
  callerOf(c.req.raw) ?? (await callerFrom(c.env, c.req.raw, c.req.param("school") ?? ""));

/** `id`: of the school in the address, as the router read it. */
async function callerFrom(env: Env, request: Request, id: string): Promise<Caller> {
  requireOwnOrigin(env, request);
  const session = await signedIn(env, request);
  if (!session) throw new Problem("unauthorized", say("Sign in first."));
  const { school, role } = await schoolFor(env, session.email, id);
  return { credential: credentialOf(school.id, session.email, role), school };
}

// ---- Answers ----

/** @param images where pictures may come from, beside ourselves */
const policyOf = (images: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data:${images}`,
    "connect-src 'self'",
    "font-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // The editor's frames, see editor/stage/frame.tsx.
    "trusted-types schoolbell-preview",
  ].join("; ");

/** Of the page where mails are written: their pictures are shown there. */
export const WITH_PICTURES = { "content-security-policy": policyOf(" https:") };

const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": policyOf(""),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // "no-referrer" would make browsers hide the origin of our own forms.
  "referrer-policy": "same-origin",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
};

/** Puts the headers of the UI on every answer that brings no such header of its own. */
export const withHeaders: MiddlewareHandler<AdminEnv> = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
};

export const fromOwnPages: MiddlewareHandler<AdminEnv> = async (c, next) => {
  requireOwnOrigin(c.env, c.req.raw);
  await next();
};
