import type { MiddlewareHandler } from "hono";
import { KIB } from "../../base/bytes";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { decodeText, MIB, readBytes } from "./body";

/*
 * How xAPI is spoken under /xapi, whatever is asked there: every answer names the version, a refusal too, and a request
 * may be a form that is posted (xAPI 1.0.3, alternate request syntax). Storyline, Captivate and TinCan.js fall back on
 * that where a page can send no headers and no method but POST, or where an address would be too long.
 */

const VERSION = "x-experience-api-version";

/** The versions that are spoken, the newest first. */
export const XAPI_VERSIONS = ["1.0.3", "1.0.2", "1.0.1", "1.0.0"] as const;

export function requireVersion(headers: Headers): void {
  const version = headers.get(VERSION);
  if (version === null || !/^1\.0(\.\d{1,3})?$/.test(version))
    throw new Problem("malformed", `Send X-Experience-API-Version: ${XAPI_VERSIONS[0]}; any 1.0.x is taken.`);
}

/** Names the version on whatever is answered. */
export const tellVersion: MiddlewareHandler = async (c, next) => {
  await next();
  c.header(VERSION, XAPI_VERSIONS[0]);
};

interface Handler {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response>;
}

/** Has a form answered as the request that is written in it. */
export const takeForms =
  (app: Handler): MiddlewareHandler<{ Bindings: Env }> =>
  async (c, next) => {
    const meant = await requestInForm(c.req.raw);
    if (!meant) return next();
    // Hono's type of it is narrower than the platform's.
    return app.fetch(meant, c.env, c.executionCtx as ExecutionContext);
  };

/** Form fields that are headers; all others but `content` are of the query. */
const HEADERS = new Set(["authorization", VERSION, "content-type", "content-length", "if-match", "if-none-match"]);
/** They speak of the form. */
const OF_THE_FORM = ["content-type", "content-length", "content-encoding", "transfer-encoding"];

const METHODS = ["GET", "PUT", "POST", "DELETE"];
/** Of a megabyte of JSON, each byte written as three. */
const FORM_BYTES = 3 * MIB + 64 * KIB;

/** The request that a posted form stands for, or null where a request stands for itself. */
async function requestInForm(request: Request): Promise<Request | null> {
  if (request.method !== "POST") return null;
  const url = new URL(request.url);
  const method = url.searchParams.get("method")?.toUpperCase();
  if (method === undefined) return null;
  if (!METHODS.includes(method)) throw new Problem("malformed", `?method= is one of ${METHODS.join(", ")}.`);
  const form = new URLSearchParams(decodeText(await readBytes(request, FORM_BYTES)));

  const headers = new Headers(request.headers);
  for (const name of OF_THE_FORM) headers.delete(name);
  headers.set("content-type", "application/json");
  url.searchParams.delete("method");
  for (const [name, value] of form) {
    if (HEADERS.has(name.toLowerCase())) setHeader(headers, name, value);
    else if (name !== "content") url.searchParams.set(name, value);
  }
  headers.delete("content-length");
  const content = method === "GET" ? null : form.get("content");
  return new Request(url, { method, headers, ...(content === null ? {} : { body: content }) });
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    throw new Problem("malformed", `The form's ${name} cannot be a header.`);
  }
}
