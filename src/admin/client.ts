import { type Env, variablesOf } from "../base/env";
import { type Fault, PROBLEMS, Problem, type ProblemKind } from "../base/errors";
import type { App } from "../http/app";
import type { Caller } from "../http/credentials";
import type { Method } from "../http/route";

/*
 * The pages' way to the routes of the contract: the same routes, called within the process. A page can do nothing
 * that a caller from outside with the same role could not.
 */

type Query = Readonly<Record<string, string | number | undefined>>;

export interface Api {
  get<T>(path: string, query?: Query): Promise<T>;
  /** Null where the thing is not there. */
  find<T>(path: string, query?: Query): Promise<T | null>;
  /** Every row of a list, up to `most`. */
  all<T>(path: string, query?: Query, most?: number): Promise<T[]>;
  send<T>(method: Method, path: string, body?: unknown, type?: string): Promise<T>;
  /** A call with headers, and those of the answer. `body`: what becomes JSON, or a text or bytes as they are. */
  answer<T>(
    method: Method,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ body: T; headers: Headers }>;
}

export interface Listed<T> {
  data: T[];
  next_cursor: string | null;
}

/** Requests that we made ourselves, and for whom: nothing from outside is in it. */
const callers = new WeakMap<Request, Caller>();

export const callerOf = (request: Request): Caller | undefined => callers.get(request);

const isKind = (text: string): text is ProblemKind => Object.hasOwn(PROBLEMS, text);

function problemOf(status: number, body: { type?: string; detail?: string; errors?: Fault[] }): Problem {
  const kind = body.type?.split("/").at(-1) ?? "";
  if (!isKind(kind)) throw new Error(`A route answered ${status}: ${body.detail ?? ""}`);
  return new Problem(kind, body.detail ?? "", body.errors);
}

const withQuery = (path: string, query: Query): string => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
};

interface Door {
  app: Pick<App, "fetch">;
  env: Env;
  context: ExecutionContext;
}

/** The routes below `/admin/api`, called for somebody; refusals are thrown as the Problems they are. */
export const apiFor = (door: Door, caller: Caller): Api =>
  apiOf(door, "/admin/api", (request) => void callers.set(request, caller));

/** The platform's routes: `/schools`. Only for who has shown that they hold the platform token. */
export const platformApi = (door: Door): Api =>
  apiOf(door, "/v1", (request) => request.headers.set("authorization", `Bearer ${variablesOf(door.env).ADMIN_TOKEN}`));

function apiOf({ app, env, context }: Door, prefix: string, prepare: (request: Request) => void): Api {
  const call: Api["answer"] = async <T>(
    method: Method,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const request = new Request(`https://schoolbell.internal${prefix}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined
        ? {}
        : { body: body instanceof ArrayBuffer || typeof body === "string" ? body : JSON.stringify(body) }),
    });
    prepare(request);
    const response = await app.fetch(request, env, context);
    const text = await response.text();
    const answer = text === "" ? null : JSON.parse(text);
    if (!response.ok) throw problemOf(response.status, answer);
    // Our own route has made it: its form is held by the route's declared answer.
    return { body: answer as T, headers: response.headers };
  };
  const api: Api = {
    answer: call,
    get: async <T>(path: string, query: Query = {}) => (await call<T>("GET", withQuery(path, query))).body,
    find: async (path, query) => {
      try {
        return await api.get(path, query);
      } catch (error) {
        if (error instanceof Problem && error.kind === "not_found") return null;
        throw error;
      }
    },
    all: async <T>(path: string, query: Query = {}, most = 1_000) => {
      const rows: T[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.get<Listed<T>>(path, { ...query, limit: 100, cursor });
        rows.push(...page.data);
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined && rows.length < most);
      return rows;
    },
    send: async <T>(method: Method, path: string, body?: unknown, type = "application/json") =>
      (await call<T>(method, path, body, { "content-type": type })).body,
  };
  return api;
}

/**
 * Rows of a list that `keep` wants, `most` of them, asking on while a page brings too few; `asks` bounds how often. What
 * the cursor of the answer leads to may still hold some, also where there are fewer than `most`.
 */
export async function gather<T>(
  api: Api,
  path: string,
  query: Query,
  { most, asks, keep = () => true }: { most: number; asks: number; keep?: (row: T) => boolean },
): Promise<Listed<T>> {
  const data: T[] = [];
  let cursor = String(query.cursor ?? "");
  for (let n = 0; n < asks; n++) {
    // No more than are wanted, so that the cursor stands behind the last one shown.
    const page = await api.get<Listed<T>>(path, { ...query, cursor, limit: most - data.length });
    data.push(...page.data.filter(keep));
    if (page.next_cursor === null || data.length === most) return { data, next_cursor: page.next_cursor };
    cursor = page.next_cursor;
  }
  return { data, next_cursor: cursor };
}
