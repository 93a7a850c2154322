import type { Problem } from "../types/problem.ts";

/** Refused by Schoolbell (`status`, `problem`), or not to be reached (`status` 0). */
export class SchoolbellError extends Error {
  override readonly name = "SchoolbellError";
  readonly status: number;
  readonly problem: Problem | null;
  constructor(status: number, problem: Problem | null, { at = "", ...options }: ErrorOptions & { at?: string } = {}) {
    const where = at && ` at ${at}`;
    super(
      problem
        ? sentenceOf(problem)
        : status
          ? `Schoolbell answered ${status}${where}`
          : `Schoolbell cannot be reached${where}`,
      options,
    );
    this.status = status;
    this.problem = problem;
  }
}

const sentenceOf = ({ title, detail, errors = [] }: Problem): string =>
  [`${title}: ${detail}`, ...errors.map(({ path, message }) => `  ${path || "/"}: ${message}`)].join("\n");

export interface Connection {
  /** Where Schoolbell is: `https://bell.school.com`. */
  url: string;
  /** A secret key, `sb_live_…` or `sb_test_…`. */
  key: string;
  /** How often a call is tried that got no answer, or a 429 or 5xx; 4 when left out. */
  tries?: number;
  fetch?: typeof fetch;
}

export interface Asked {
  query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  body?: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
}

export interface Answered {
  status: number;
  headers: Headers;
  /** JSON, or null where there is none. */
  body: unknown;
}

export type Request = (method: string, path: string, asked?: Asked) => Promise<Answered>;

const FIRST_PAUSE_MS = 250;

/**
 * Calls the API. A write has an Idempotency-Key, so that a second try is answered by the first one's answer.
 * @throws SchoolbellError
 */
export function requestsOf({ url, key, tries = 4, fetch: ask = fetch }: Connection): Request {
  const base = url.replace(/\/+$/, "");
  const once = async (method: string, path: string, { query = {}, body }: Asked, headers: Record<string, string>) => {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const search = given.length ? `?${new URLSearchParams(given)}` : "";
    const response = await ask(base + path + search, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
    const answer: unknown = isJson ? JSON.parse(text) : null;
    // Refusals are problems (RFC 9457).
    if (!response.ok) {
      const waitMs = Number(response.headers.get("retry-after")) * 1_000;
      throw Object.assign(new SchoolbellError(response.status, answer as Problem | null, { at: base }), { waitMs });
    }
    return { status: response.status, headers: response.headers, body: answer };
  };
  return async (method, path, asked = {}) => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(asked.body === undefined ? {} : { "content-type": "application/json" }),
      ...(method === "GET" || asked.query?.dry_run ? {} : { "idempotency-key": crypto.randomUUID() }),
      ...asked.headers,
    };
    for (let n = 1; ; n++) {
      try {
        return await once(method, path, asked, headers);
      } catch (error) {
        const { status = 0, waitMs = 0 } = error as { status?: number; waitMs?: number };
        if (n >= tries || (status !== 0 && status !== 429 && status < 500))
          throw error instanceof SchoolbellError ? error : new SchoolbellError(0, null, { cause: error, at: base });
        await new Promise((done) => setTimeout(done, Math.max(waitMs, FIRST_PAUSE_MS * 2 ** (n - 1))));
      }
    }
  };
}
