import { zValidator } from "@hono/zod-validator";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import * as z from "zod";
import type { Env } from "../base/env";
import { Problem, type ProblemDocument } from "../base/errors/errors";
import { log } from "../base/reports/log";
import { traceIn, traceparentOf } from "../base/reports/trace";
import { asDeed, type Deed } from "../calls/reaching/deed";
import { patientEnv } from "../calls/reaching/patient";
import type { Made } from "../db/answers";
import { recordDone } from "../schools/audit/audit";
import { nowOf } from "../world/snapshot";
import { requireAccess } from "./access/access";
import { corsHeaders, preflightHeaders, strangersHeaders } from "./access/cors";
import { authenticate, type Caller } from "./access/credentials";
import { limitHeaders, requireRate } from "./access/rate";
import { deprecationHeaders } from "./answering/deprecation";
import { bodyHash, digestOf, type KeptAnswer, once, type SentAnswer } from "./answering/idempotency";
import { answerMade } from "./answering/made";
import { problemOf } from "./answering/problems";
import { EMPTY, JSON_TEXT } from "./answering/sent-headers";
import { entryOf } from "./audited";
import { byPath } from "./by-path";
import { onlyLooks, streamWithoutLinks, withoutLinks } from "./learner-pages/own-links";
import { noteAnswer } from "./measured";
import { readBytes } from "./reading/body";
import { isDryRun, onlyReading } from "./reading/options";
import { pathMeant } from "./reading/path";
import { readBody, streamBody } from "./reading/read-body";
import { afterPath, type Given, readCall } from "./reading/read-call";
import { takeForms, tellVersion } from "./reading/xapi-dialect";
import { RememberingRouter } from "./remembering-router";
import { type Answer, METHODS, type Route } from "./route";
import { faultsOfSetUp, refuseSetUp } from "./set-up";

export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    route: Route;
    /** The routes that read, mounted beside it, by their path. */
    reads: ReadonlyMap<string, Route>;
    caller: Caller | null;
    cors: Record<string, string>;
    /** What it has done so far. */
    deed: Deed;
    /** That the call uses what is on its way out. */
    deprecation: Record<string, string> | null;
  };
}

export type App = Hono<AppEnv>;
type Ctx = Context<AppEnv>;

/** Finds who sends a request; throws 401. The admin UI brings its own, for sessions; its addresses name the school. */
export type Authenticate = (c: Context<AppEnv>) => Promise<Caller>;

export interface MountOptions {
  /** In front of every path; its parameters are for `authenticate`. */
  prefix?: string;
  authenticate?: Authenticate;
}

/** The application of some routes; more may be mounted on it, pages too. `app.fetch` is what the Worker exports. */
export function createApp(routes: readonly Route[]): App {
  const app: App = new Hono<AppEnv>({ getPath: pathMeant, router: new RememberingRouter() });
  app.onError((error, c) => send(c, keptProblem(c, error)));
  app.notFound((c) => send(c, keptProblem(c, new Problem("not_found", "There is no such path."))));
  app.use(async (c, next) => {
    const began = Date.now();
    await next();
    noteAnswer(c.env, began, c.get("route"), c.get("caller"), c.res.status);
  });
  app.use("/xapi/*", tellVersion, takeForms(app));
  app.use((c, next) => (faultsOfSetUp(c.env).length ? refuseSetUp(c.env) : next()));
  mount(app, routes);
  return app;
}

/** Puts routes on an application: who may call them, what they take, and 405 for other methods of their paths. */
export function mount(app: App, routes: readonly Route[], options: MountOptions = {}): void {
  const prefix = options.prefix ?? "";
  const methods = new Map<string, Set<string>>();
  const reads = new Map(routes.filter(({ method }) => method === "GET").map((route) => [route.path, route]));
  for (const route of routes.toSorted(byPath)) {
    const path = prefix + route.path;
    const taken = methods.get(path) ?? new Set<string>();
    if (taken.has(route.method)) throw new Error(`${route.method} ${path} is declared twice`);
    methods.set(path, taken.add(route.method));
    app.on(
      route.method,
      path,
      guard(route, reads, options.authenticate ?? byCredential),
      ...look(route, "param", ({ params }) => params),
      ...look(route, "query", ({ query }) => query),
      answerCall,
    );
  }
  for (const [path, taken] of methods)
    app.all(path, (c) =>
      answerOtherMethod(
        c,
        METHODS.filter((m) => taken.has(m)),
      ),
    );
}

/** 405 for other methods of what is served beside routes: called once all of it stands. */
export function refuseOtherMethods(app: App): void {
  const taken = Map.groupBy(app.routes, ({ path }) => path);
  for (const [path, served] of taken) {
    const methods = served.map(({ method }) => method);
    // Middleware, and paths of routes, answer all of them.
    if (!methods.includes("ALL")) app.all(path, (c) => answerOtherMethod(c, methods));
  }
}

// ---- Before the handler ----

const byCredential: Authenticate = (c) => authenticate(c.env, c.req.raw);

/** Lets through who may call a route. Every route passes here: one without a scope cannot be declared. */
function guard(
  declared: Route,
  reads: ReadonlyMap<string, Route>,
  authenticate: Authenticate,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    // Each look at a request is a call of the platform.
    const { headers, url } = c.req.raw;
    const route = declared.forms?.of(headers) ?? declared;
    c.set("route", route);
    c.set("reads", reads);
    c.set("deprecation", deprecationHeaders(c.env, route, url));
    const origin = headers.get("origin");
    if (route.scopes.includes("none")) {
      c.set("caller", null);
      if (route.fromPages) c.set("cors", await strangersHeaders(c.env, origin));
      return next();
    }
    const caller = await authenticate(c).catch(async (error: unknown) => {
      c.set("cors", await strangersHeaders(c.env, origin));
      throw error;
    });
    c.set("cors", corsHeaders(caller, origin, route));
    requireAccess(isDryRun(route, url) ? onlyReading(route) : route, caller.credential);
    if (caller.school?.suspended) throw new Problem("forbidden", "The school is suspended.");
    await requireRate(c.env, caller.credential, caller.school);
    c.set("caller", caller);
    return next();
  };
}

/** A validator that lets through what its schema found: all that is wrong with a call is told at once (read-call.ts). */
const validator = (target: "param" | "query", schema: z.ZodType) =>
  zValidator(
    target,
    z.unknown().transform((given) => schema.safeParse(given)),
  ) as MiddlewareHandler<AppEnv>;

/** Has a part of a call looked at by the schema of the route that its headers speak of, where that has one. */
function look(
  declared: Route,
  target: "param" | "query",
  schemaOf: (route: Route) => z.ZodType | undefined,
): MiddlewareHandler<AppEnv>[] {
  const validators = new Map(
    [declared, ...(declared.forms?.routes ?? [])].flatMap((route) => {
      const schema = schemaOf(route);
      return schema ? [[route, validator(target, schema)] as const] : [];
    }),
  );
  return validators.size ? [(c, next) => validators.get(c.get("route"))?.(c, next) ?? next()] : [];
}

// ---- The handler ----

const NO_BYTES = new Uint8Array();

/** Reads the body, calls the handler and answers; with an Idempotency-Key, once. */
const answerCall = async (c: Ctx): Promise<Response> => {
  const route = c.get("route");
  const caller = c.get("caller");
  const request = c.req.raw;
  const key = route.method === "GET" ? null : request.headers.get("idempotency-key");
  // With a key it is held after all: its digest tells whether another body was sent with it before.
  const isStreamed = route.bodyKind === "pieces" && (key === null || caller === null);
  const isLeft = isStreamed || route.bodyKind === "unread" || (route.bodyKind === "none" && route.method === "GET");
  const bytes = isLeft ? NO_BYTES : await readBytes(request, route.limitBytes, route.inflates);
  const deed: Deed = { isDone: false };
  c.set("deed", deed);
  // Events are refused one by one, and have ids by which they may come again.
  const isPatient = route.method !== "GET" && !route.scopes.includes("events");
  const env = isPatient ? patientEnv(c.env) : c.env;
  const asked = {
    env,
    // Hono's type of it is narrower than the platform's.
    executionContext: c.executionCtx as ExecutionContext,
    request,
    headers: request.headers,
    requestId: requestIdOf(c),
    trace: traceIn(request.headers.get("traceparent")),
    now: caller?.school ? nowOf(caller.school) : Date.now(),
    credential: caller?.credential ?? null,
    school: caller?.school ?? null,
  };
  // The validators have put there what the route's schemas found.
  const given: Given = {
    params: c.req.param(),
    ofParams: route.params && c.req.valid("param" as never),
    ofQuery: route.query && c.req.valid("query" as never),
  };
  const perform = () => afterPath(route, c.get("reads"), asked, given, performed);
  const work = (): Promise<SentAnswer> => (isPatient ? asDeed(deed, perform) : perform());
  const performed = async (): Promise<SentAnswer> => {
    const contentType = request.headers.get("content-type");
    const come = () => (isStreamed ? streamBody(route, contentType, request) : readBody(route, contentType, bytes));
    const read = await readCall(route, asked, given, come);
    const entry = entryOf(route, caller, read);
    const answer = await route.handle({ ...asked, ...read, entry });
    const isDone = (route.audits?.onlyAs ?? answer.status) === answer.status;
    if (entry && isDone && !route.audits?.inBatch) await recordDone(env, entry);
    return { ...keptAnswer(answer), ...(answer.stream ? { stream: answer.stream } : {}) };
  };
  const workMade = async (made: Made): Promise<KeptAnswer> => {
    const nothing = { query: undefined, body: undefined, bodyFaults: [], entry: null };
    const ask = (params: Record<string, string>) => ({ ...asked, params, ...nothing });
    return keptAnswer(await answerMade(made, route, c.get("reads"), ask));
  };

  const shown = (answer: SentAnswer): SentAnswer => (onlyLooks(asked.credential) ? forLooking(answer) : answer);
  if (key === null || caller === null) return send(c, shown(await work()));
  const url = new URL(request.url);
  const answer = await once(
    env,
    {
      school: caller.school?.id ?? "",
      key,
      method: request.method,
      path: url.pathname + url.search,
      owner: ownerOf(route, caller),
      bodyHash: await (route.bodyKind === "pieces" ? digestOf(bytes) : bodyHash(bytes)),
      secret: route.answersSecret,
    },
    // A refusal is an answer too, and kept.
    () => work().catch((error: unknown) => keptProblem(c, error)),
    (made) => workMade(made).catch((error: unknown) => keptProblem(c, error)),
    deed,
  );
  return send(c, shown(answer));
};

/** Whose a kept answer is: a user's answers are not another user's, nor is a key that one maker was shown another's. */
function ownerOf(route: Route, { credential }: Caller): string | null {
  if (credential.kind === "user") return `user:${credential.user}`;
  if (!route.answersSecret) return null;
  return credential.kind === "key" ? credential.id : credential.kind === "session" ? credential.email : null;
}

// ---- Answers ----

const forLooking = ({ text, stream, ...answer }: SentAnswer): SentAnswer => ({
  ...answer,
  text: text === null ? null : withoutLinks(text),
  ...(stream ? { stream: streamWithoutLinks(stream) } : {}),
});

const keptAnswer = ({ status, body, text, headers = {} }: Answer): KeptAnswer => ({
  status,
  headers,
  text: text ?? (body === undefined ? null : JSON.stringify(body)),
});

/** How a refusal or a fault of ours is answered; the latter is logged and says nothing of itself. */
function keptProblem(c: Ctx, error: unknown): KeptAnswer {
  const problem = problemOf(error, c.get("deed")?.isDone);
  if (problem !== error) {
    const route = c.get("route");
    const school = c.get("caller")?.school;
    log("error", "request_failed", {
      requestId: requestIdOf(c),
      trace: traceOf(c),
      method: c.req.method,
      ...(route ? { route: route.path } : {}),
      ...(school ? { school: school.id } : {}),
      error,
    });
  }
  const document: ProblemDocument = problem?.toDocument() ?? {
    type: "https://schoolbell.dev/problems/internal",
    title: "A fault of ours",
    status: 500,
    detail: `It is logged as ${requestIdOf(c)}. Nothing was half done: try again.`,
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (problem?.kind === "unauthorized") headers["www-authenticate"] = "Bearer";
  if (problem?.retryAfterSeconds !== undefined) headers["retry-after"] = String(problem.retryAfterSeconds);
  if (problem?.limit) Object.assign(headers, limitHeaders(problem.limit, problem.retryAfterSeconds ?? 0));
  return { status: document.status, headers, text: JSON.stringify(document) };
}

/** Another method on a known path: a preflight, a question for the methods, or a 405. */
async function answerOtherMethod(c: Ctx, methods: readonly string[]): Promise<Response> {
  const origin = c.req.header("origin");
  if (c.req.method !== "OPTIONS") {
    const refused = keptProblem(c, new Problem("method_not_allowed", `Here: ${methods.join(", ")}.`));
    return send(c, { ...refused, headers: { ...refused.headers, allow: methods.join(", ") } });
  }
  if (origin === undefined || c.req.header("access-control-request-method") === undefined) {
    return send(c, { status: 204, headers: { allow: methods.join(", ") }, text: null });
  }
  return send(c, { status: 204, headers: await preflightHeaders(c.env, origin, methods), text: null });
}

function send(c: Ctx, { status, headers, text, stream }: SentAnswer): Response {
  const body = stream ?? text;
  const response = new Response(body, { status, headers: body === null ? EMPTY : JSON_TEXT });
  const own: Record<string, string> = { ...c.get("cors"), ...c.get("deprecation"), ...headers };
  own.traceresponse ??= traceparentOf(traceOf(c));
  own["x-request-id"] = requestIdOf(c);
  const sent = response.headers;
  for (const name in own) sent.set(name, own[name] ?? "");
  return response;
}

function requestIdOf(c: Ctx): string {
  let id = c.get("requestId");
  if (!id) {
    id = crypto.randomUUID();
    c.set("requestId", id);
  }
  return id;
}

/** The trace that the caller named; else the request is one of its own. */
const traceOf = (c: Ctx): string => traceIn(c.req.raw.headers.get("traceparent")) ?? requestIdOf(c).replaceAll("-", "");
