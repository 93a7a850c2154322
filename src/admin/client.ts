import { type Env, variablesOf } from "../base/env";
import { type Fault, PROBLEMS, Problem, type ProblemKind } from "../base/errors/errors";
import type { Caller } from "../http/access/credentials";
import type { AnswerTo, ListName, ParamsOf, QueryOf, RouteName, RowOf } from "../http/answering/answers";
import type { App } from "../http/app";
import type { Scope } from "../http/route";
import { say } from "../language/say";
import type { School } from "../world/snapshot";
import { addressIn } from "./address";

/*
 * The pages' way to the routes of the contract: the same routes, called within the process by their names. A page can
 * do nothing that a caller from outside with the same role could not.
 */

/** What a route is called with. A body is what a form was sent with: the route itself tells what is wrong with it. */
export type Asked<Name extends RouteName> = {
  query?: QueryOf<Name>;
  /** What becomes JSON; a text or bytes go as they are. */
  body?: unknown;
  /** JSON where it is left out. */
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
} & (keyof ParamsOf<Name> extends never ? unknown : { params: ParamsOf<Name> });

/** Left out where nothing has to be said. */
type Asking<Name extends RouteName> =
  Record<never, never> extends Asked<Name> ? [asked?: Asked<Name>] : [asked: Asked<Name>];

export interface Page<Item> {
  data: Item[];
  next_cursor: string | null;
}

/** How far a list is gathered: `most` rows that `keep` wants, asking `asks` times at most. */
export interface Gathering<Item> {
  most: number;
  asks: number;
  keep?: (row: Item) => boolean;
}

/** Routes of some scopes, by their names; refusals are thrown as the Problems they are. */
export interface Api<S extends Scope> {
  call<Name extends RouteName<S>>(name: Name, ...asked: Asking<Name>): Promise<AnswerTo<Name>>;
  /** The same with the headers of the answer. */
  answer<Name extends RouteName<S>>(
    name: Name,
    ...asked: Asking<Name>
  ): Promise<{ body: AnswerTo<Name>; headers: Headers }>;
  /** Null where the thing is not there. */
  find<Name extends RouteName<S>>(name: Name, ...asked: Asking<Name>): Promise<AnswerTo<Name> | null>;
  /** Every row of a list, up to `most` or a few more; 1,000 when left out. */
  all<Name extends ListName<S>>(name: Name, ...asked: [...Asking<Name>, most?: number]): Promise<RowOf<Name>[]>;
  /**
   * Some rows of a list, asking on while a page brings too few. What the cursor of the answer leads to may still hold
   * some, also where there are fewer than `most`.
   */
  gather<Name extends ListName<S>>(
    name: Name,
    asked: Asked<Name>,
    gathering: Gathering<RowOf<Name>>,
  ): Promise<Page<RowOf<Name>>>;
}

export type SchoolApi = Api<"read" | "write" | "admin">;
export type PlatformApi = Api<"platform">;

/** Requests that we made ourselves, and for whom: nothing from outside is in it. */
const callers = new WeakMap<Request, Caller>();

export const callerOf = (request: Request): Caller | undefined => callers.get(request);

const isKind = (text: string): text is ProblemKind => Object.hasOwn(PROBLEMS, text);

function problemOf({ status, headers }: Response, body: { type?: string; detail?: string; errors?: Fault[] }): Problem {
  const kind = body.type?.split("/").at(-1) ?? "";
  if (!isKind(kind)) throw new Error(`A route answered ${status}: ${body.detail ?? ""}`);
  const after = headers.get("retry-after");
  return new Problem(kind, body.detail ?? "", body.errors, after === null ? undefined : Number(after));
}

interface Door {
  app: Pick<App, "fetch">;
  env: Env;
  context: ExecutionContext;
}

/** A school's routes, called for somebody. */
export const apiFor = (door: Door, caller: Caller & { school: School }): SchoolApi =>
  apiOf(
    door,
    (path) => addressIn(caller.school.id, path.replace(/^\/v1/, "/api")),
    (request) => void callers.set(request, caller),
  );

/** The platform's routes. Only for who has shown that they hold the platform token. */
export const platformApi = (door: Door): PlatformApi =>
  apiOf(
    door,
    (path) => path,
    (request) => request.headers.set("authorization", `Bearer ${variablesOf(door.env).ADMIN_TOKEN}`),
  );

/** What all names are called with, as far as calling goes. */
interface AnyAsked {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: unknown;
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
}

/** A path with its parameters written in; 404 for what no address can hold: a dot is a step, whatever its spelling. */
const pathOf = (path: string, params: NonNullable<AnyAsked["params"]>): string =>
  path.replaceAll(/:([^/]+)/g, (_, name: string) => {
    const value = params[name] ?? "";
    if (value === "" || value === "." || value === "..") throw new Problem("not_found", say("There is no such thing."));
    return encodeURIComponent(value);
  });

const queryOf = (query: NonNullable<AnyAsked["query"]>): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
};

const bodyOf = (body: unknown): BodyInit =>
  body instanceof ArrayBuffer || typeof body === "string" ? body : JSON.stringify(body);

function apiOf<S extends Scope>(
  { app, env, context }: Door,
  addressOf: (path: string) => string,
  prepare: (request: Request) => void,
): Api<S> {
  const answer = async (name: string, asked: AnyAsked = {}): Promise<{ body: unknown; headers: Headers }> => {
    const { params = {}, query = {}, body, contentType = "application/json", headers } = asked;
    const [method = "", path = ""] = name.split(" ");
    const address = addressOf(pathOf(path, params)) + queryOf(query);
    const request = new Request(`https://schoolbell.internal${address}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": contentType }), ...headers },
      ...(body === undefined ? {} : { body: bodyOf(body) }),
    });
    prepare(request);
    const response = await app.fetch(request, env, context);
    const text = await response.text();
    const said = text === "" ? null : JSON.parse(text);
    if (!response.ok) throw problemOf(response, said);
    return { body: said, headers: response.headers };
  };
  const call = async (name: string, asked?: AnyAsked): Promise<unknown> => (await answer(name, asked)).body;
  const pageOf = async (name: string, asked: AnyAsked, limit: number, cursor: unknown): Promise<Page<unknown>> =>
    // Only names of lists come here: each answers a page.
    (await call(name, { ...asked, query: { ...asked.query, limit, cursor: String(cursor ?? "") } })) as Page<unknown>;

  const untyped = {
    answer,
    call,
    find: async (name: string, asked?: AnyAsked) => {
      try {
        return await call(name, asked);
      } catch (error) {
        if (error instanceof Problem && error.kind === "not_found") return null;
        throw error;
      }
    },
    all: async (name: string, asked: AnyAsked = {}, most = 1_000) => {
      const rows: unknown[] = [];
      let cursor: string | null = null;
      do {
        const page = await pageOf(name, asked, 100, cursor);
        rows.push(...page.data);
        cursor = page.next_cursor;
      } while (cursor !== null && rows.length < most);
      return rows;
    },
    gather: async (name: string, asked: AnyAsked, { most, asks, keep = () => true }: Gathering<unknown>) => {
      const data: unknown[] = [];
      let cursor: unknown = asked.query?.cursor;
      for (let n = 0; n < asks; n++) {
        // No more than are wanted, so that the cursor stands behind the last one shown.
        const page = await pageOf(name, asked, most - data.length, cursor);
        data.push(...page.data.filter(keep));
        if (page.next_cursor === null || data.length === most) return { data, next_cursor: page.next_cursor };
        cursor = page.next_cursor;
      }
      return { data, next_cursor: cursor };
    },
  };
  // A route sends what its handler gives, and a handler gives what its declaration says: what the names stand for.
  return untyped as Api<S>;
}
