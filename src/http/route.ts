import type { z } from "zod";
import { once } from "../base/cache";
import type { Env } from "../base/env";
import type { Fault, ProblemKind } from "../base/errors/errors";
import type { AuditEntry } from "../db/audit";
import type { School } from "../world/snapshot";
import type {
  Credential,
  KeyCredential,
  PlatformCredential,
  Role,
  SessionCredential,
  UserCredential,
} from "./access/credentials";
import { type Deprecated, requireWarning } from "./answering/deprecation";
import type { Audits, Lenient, Sent, TakenHeader } from "./declared";
import { type BodyKind, CONTENT_TYPES, LIMIT_BYTES } from "./reading/body-kinds";
import { withOwnCursors } from "./reading/cursors";

/*
 * A route is data: who may call it, what it takes and answers, and the function that does it. Authentication,
 * validation, the OpenAPI document, the reference page and the tests of isolation all read this.
 */

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/**
 * Who may call a route: anybody, the platform token, a school's credential with this scope, or a user token.
 * Several may be named; a route without one does not compile.
 */
export type Scope = "none" | "platform" | "read" | "write" | "events" | "admin" | "user";

/**
 * Other formats that a route takes on its method and path: routes of their own, with their own scopes, limits and
 * schemas. `of` finds the one that a request's headers speak of; it is asked on every request.
 */
export interface Forms {
  routes: readonly Route[];
  of(headers: Headers): Route | undefined;
}

export interface Answer {
  status: number;
  /** What is sent as JSON; nothing when undefined. */
  body?: unknown;
  /** JSON that is text already; wins over `body`. */
  text?: string;
  /** JSON that is too long to be held at once, or as bytes already. Where the answer is to be kept it is read. */
  stream?: ReadableStream<Uint8Array>;
  headers?: Record<string, string>;
}

type Caller<S extends Scope> = S extends "none"
  ? { credential: null; school: null }
  : S extends "platform"
    ? { credential: PlatformCredential; school: null }
    : S extends "user"
      ? { credential: UserCredential; school: School }
      : { credential: KeyCredential | SessionCredential; school: School };

export type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type Output<S, Default> = S extends z.ZodType ? z.output<S> : Default;

/** What a handler is given: all of it checked. */
export interface CallBase<Params, Query, Body> {
  env: Env;
  executionContext: ExecutionContext;
  request: Request;
  headers: Headers;
  requestId: string;
  /** The trace that its caller named (W3C Trace Context); null: none. */
  trace: string | null;
  params: Params;
  query: Query;
  body: Body;
  /** Faults of a lenient body that its schema does not see, by their place; else empty. */
  bodyFaults: Fault[];
  /** The school's time, in ms; real time outside a school. */
  now: number;
  /** What the audit is to have of the call; null: nothing. For the batch that does it, where the route says so. */
  entry: AuditEntry | null;
}

export type Call<S extends Scope, Params, Query, Body> = CallBase<Params, Query, Body> & Caller<S>;

export type Answers = Readonly<Record<number, z.ZodType | null>>;

/** What may be given for a schema's input: interfaces too, which TypeScript lets stand for no open record. */
export type Givable<T> = T extends readonly (infer Item)[]
  ? readonly Givable<Item>[]
  : T extends object
    ? { [Key in keyof T as string extends Key ? never : Key]: Givable<T[Key]> }
    : T;

/** One of the declared answers, its body of the declared type. */
type AnswerOf<A extends Answers> = {
  [Status in keyof A & number]: {
    status: Status;
    headers?: Record<string, string>;
  } & (A[Status] extends z.ZodType
    ? { body: Givable<z.input<A[Status]>> } | { text: string } | { stream: ReadableStream<Uint8Array> }
    : { body?: never });
}[keyof A & number];

type BodyOf<Kind extends BodyKind, Schema> = Kind extends "csv"
  ? string
  : Kind extends "bytes"
    ? Uint8Array
    : Kind extends "pieces"
      ? AsyncIterable<Uint8Array>
      : Kind extends "none" | "unread"
        ? undefined
        : Output<Schema, undefined>;

export interface RouteSpec<
  M extends Method,
  S extends Scope,
  Path extends string,
  Params,
  Query,
  Body,
  Kind extends BodyKind,
  A extends Answers,
> extends Deprecated {
  method: M;
  /** As Hono writes it: `/v1/automations/:id`. */
  path: Path;
  scope: S | readonly S[];
  /** The least that somebody signed in to the UI has to be, where the scope alone would let in too many. */
  role?: Role;
  summary: string;
  description?: string;
  params?: Params;
  query?: Query;
  /** What its query has beside that is ignored on a write too: others make these addresses. */
  openQuery?: true;
  /** A page of the school's origins may read what a key is answered: content of courses speaks from pages, by a key. */
  fromPages?: true;
  body?: Body;
  /** `json` when there is a body, else `none`. */
  bodyKind?: Kind;
  /** Content types taken; those of the kind when left out. */
  contentTypes?: readonly string[];
  /** PUT makes what is not there: of a path at which nothing may stand it is told why. */
  makes?: true;
  /** 404 for what its path names, where another answers than the routes that read what stands before. */
  finds?(call: Beside<S, Output<Params, Record<ParamNames<Path>, string>>> & { request: Request }): Promise<unknown>;
  /** 403 for what not everybody may say who may call it; asked of what was sent as it came, before it is judged. */
  requires?(credential: Caller<S>["credential"], sent: Sent): void;
  /**
   * What else is wrong with a body that its schema does not let through, such as what it names and is not there, told by
   * the fields that fit. The handler finds the same of one that is let through.
   */
  faultsBeside?(
    call: Beside<S, Output<Params, Record<ParamNames<Path>, string>>>,
    part: Partial<Output<Body, Record<string, never>>>,
    given: Readonly<Record<string, unknown>>,
  ): Promise<Fault[]> | Fault[];
  /** Leaves faults of JSON text (not of its grammar) to the handler, see `bodyFaults`. */
  lenient?: Lenient;
  limitBytes?: number;
  /** Takes gzip too; the limit holds for what comes out. */
  inflates?: true;
  /** The answer holds a secret that is shown this once: kept answers are sealed, and only for the same credential. */
  answersSecret?: true;
  forms?: Forms;
  /** Headers that change what it does, beside `Idempotency-Key`, which every write takes. */
  takesHeaders?: readonly TakenHeader[];
  /** What it may refuse that the rest of its declaration does not tell. */
  refuses?: readonly ProblemKind[];
  /** What of it the audit log keeps; left out: nothing, or its verb does it. */
  audits?: Audits;
  /** The type of what it answers, where that is no JSON. */
  answersAs?: string;
  /**
   * By status, the schema of the body; null where there is none. Problems need no mention. Only documents ask for them: a
   * function makes its schemas when they do.
   */
  answers: A | (() => A);
  handle(
    call: Call<S, Output<Params, Record<ParamNames<Path>, string>>, Output<Query, undefined>, BodyOf<Kind, Body>>,
  ): Promise<AnswerOf<A>> | AnswerOf<A>;
}

/** What a look at a body that does not fit is given of the call. */
export type Beside<S extends Scope, Params> = Pick<
  Call<S, Params, unknown, unknown>,
  "env" | "credential" | "school" | "params" | "now"
>;

/** A route as the application, the documents and the tests see it. */
export interface Route extends Deprecated {
  method: Method;
  path: string;
  scopes: readonly Scope[];
  role?: Role;
  summary: string;
  description?: string;
  params?: z.ZodType;
  query?: z.ZodType;
  openQuery?: true;
  fromPages?: true;
  body?: z.ZodType;
  bodyKind: BodyKind;
  contentTypes: readonly string[];
  lenient?: Lenient;
  limitBytes: number;
  inflates: boolean;
  answersSecret: boolean;
  forms?: Forms;
  takesHeaders?: readonly TakenHeader[];
  refuses?: readonly ProblemKind[];
  audits?: Audits;
  answersAs?: string;
  answers: Answers;
  makes?: true;
  finds?(
    call: Pick<CallBase<unknown, unknown, unknown>, "env" | "params" | "now" | "request"> & { school: School | null },
  ): Promise<unknown>;
  requires?(credential: Credential | null, sent: Sent): void;
  faultsBeside?(
    call: Pick<CallBase<unknown, unknown, unknown>, "env" | "params" | "now"> & {
      credential: Credential | null;
      school: School | null;
    },
    part: Readonly<Record<string, unknown>>,
    given: Readonly<Record<string, unknown>>,
  ): Promise<Fault[]> | Fault[];
  handle(
    call: CallBase<unknown, unknown, unknown> & { credential: Credential | null; school: School | null },
  ): Promise<Answer> | Answer;
}

/** A route with what its declaration said kept as types; answers.ts finds by them what a route takes and answers. */
export interface DeclaredRoute<M extends Method, S extends Scope, Path extends string, Query, A extends Answers>
  extends Route {
  method: M;
  path: Path;
  scopes: readonly S[];
  query?: Extract<Query, z.ZodType>;
  answers: A;
}

/** Declares a route. The handler's types follow from the scopes, the path and the schemas. */
export function defineRoute<
  const M extends Method,
  const S extends Scope,
  const Path extends string,
  const A extends Answers,
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Kind extends BodyKind = Body extends z.ZodType ? "json" : "none",
>(spec: RouteSpec<M, S, Path, Params, Query, Body, Kind, A>): DeclaredRoute<M, S, Path, Query, A> {
  const {
    scope,
    body,
    bodyKind = body ? "json" : "none",
    handle,
    faultsBeside,
    finds,
    requires,
    params,
    query,
    answersSecret,
    ...more
  } = spec;
  const { answers, ...rest } = more;
  const made = once(() => (typeof answers === "function" ? answers() : answers));
  for (const one of [spec.deprecated, ...Object.values(spec.deprecatedQuery ?? {})])
    if (one) requireWarning(one, `${spec.method} ${spec.path}`);
  // The application hands in what these very schemas and scopes have let through.
  const checked = handle as unknown as Route["handle"];
  // And the fields that fit, by the names of the same schema.
  const beside = faultsBeside as unknown as Route["faultsBeside"];
  const found = finds as unknown as Route["finds"];
  const required = requires as unknown as Route["requires"];
  return {
    ...rest,
    // An array of scopes or one scope; Array.isArray does not narrow readonly arrays.
    scopes: (Array.isArray(scope) ? scope : [scope]) as readonly S[],
    ...(params ? { params } : {}),
    ...(query ? { query: query as Extract<Query, z.ZodType> } : {}),
    ...(body ? { body } : {}),
    ...(beside ? { faultsBeside: beside } : {}),
    ...(found ? { finds: found } : {}),
    ...(required ? { requires: required } : {}),
    bodyKind,
    contentTypes: spec.contentTypes ?? CONTENT_TYPES[bodyKind],
    limitBytes: spec.limitBytes ?? LIMIT_BYTES[bodyKind],
    inflates: spec.inflates ?? false,
    answersSecret: answersSecret ?? false,
    get answers() {
      return made();
    },
    handle: takesCursor(query) ? withOwnCursors(spec.path, checked) : checked,
  };
}

const takesCursor = (query: z.ZodType | undefined): boolean =>
  query !== undefined && "shape" in query && typeof query.shape === "object" && "cursor" in (query.shape ?? {});

// ---- Answers ----

type HeaderRecord = Record<string, string>;

export const ok = <const T>(body: T, headers?: HeaderRecord) => answer(200, body, headers);
export const created = <const T>(body: T, headers?: HeaderRecord) => answer(201, body, headers);
export const accepted = <const T>(body: T, headers?: HeaderRecord) => answer(202, body, headers);
export const noContent = (headers?: HeaderRecord) => ({ status: 204 as const, ...(headers ? { headers } : {}) });

/** JSON that is text already, such as an answer that was stored. */
export const okText = (text: string, headers?: HeaderRecord) => ({
  status: 200 as const,
  text,
  ...(headers ? { headers } : {}),
});

/** JSON as it comes. */
export const streamed = (stream: ReadableStream<Uint8Array>, headers?: HeaderRecord) => ({
  status: 200 as const,
  stream,
  ...(headers ? { headers } : {}),
});

const answer = <const S extends number, const T>(status: S, body: T, headers?: HeaderRecord) => ({
  status,
  body,
  ...(headers ? { headers } : {}),
});
