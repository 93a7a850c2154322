import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env as workerEnv } from "cloudflare:workers";
import type { Env } from "../base/env";
import { type App, createApp } from "./app";
import type { Route } from "./route";
import { schoolsRoutes } from "./routes/platform/schools";
import { apiKeysRoutes } from "./routes/school/api-keys";
import { healthRoutes } from "./routes/school/health";
import { schoolRoutes } from "./routes/school/school";
import { signingSecretRoutes } from "./routes/school/signing-secret";

/* For tests: an application of the schools' routes and some more, and ways to call it. */

// The Worker's bindings are an Env by wrangler.toml; the generated type has no index signature.
export const env = workerEnv as unknown as Cloudflare.Env & Record<string, unknown>;

export const PLATFORM = "dev-admin-token";

export interface CallOptions {
  token?: string | undefined;
  headers?: Record<string, string>;
  env?: Env;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any form
export type Answered = { status: number; headers: Headers; text: string; body: any };

export const testApp = (routes: readonly Route[] = []): App =>
  createApp([...healthRoutes, ...schoolsRoutes, ...schoolRoutes, ...apiKeysRoutes, ...signingSecretRoutes, ...routes]);

/** Calls an application, or the whole Worker; an object is sent as JSON, text and bytes as they are. */
export async function call(
  app: { fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response> },
  method: string,
  path: string,
  body?: unknown,
  options: CallOptions = {},
): Promise<Answered> {
  const raw =
    body === undefined || typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream;
  const context = createExecutionContext();
  const response = await app.fetch(
    new Request(`https://schoolbell.test${path}`, {
      method,
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(raw ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
    }),
    options.env ?? env,
    context,
  );
  await waitOnExecutionContext(context);
  const text = await response.text();
  const json = text !== "" && response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : null;
  return { status: response.status, headers: response.headers, text, body: json };
}

/** A new school in test mode: its id and a key with every scope. */
export async function newSchool(
  app: App,
  settings: Record<string, unknown> = {},
): Promise<{ id: string; key: string }> {
  const made = await call(app, "POST", "/v1/schools", { name: "S", mode: "test", settings }, { token: PLATFORM });
  if (made.status !== 201) throw new Error(made.text);
  return { id: made.body.school.id, key: made.body.api_key };
}
