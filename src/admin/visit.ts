import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import type { Role } from "../http/access/credentials";
import type { App } from "../http/app";
import { say } from "../language/say";
import { inTrouble } from "../schools/health/in-trouble";
import type { Session } from "../schools/sign-in/sessions";
import { nowOf, type School } from "../world/snapshot";
import { addressIn } from "./address";
import { apiFor, type SchoolApi } from "./client";
import type { Theme, Viewer } from "./components/frame/layout";
import { credentialOf, OPERATOR } from "./door/session";
import { faultText } from "./words/sentences/faults";

/** Somebody at a page of a school: what every page is given. */
export interface Visit {
  school: School;
  role: Role;
  viewer: Viewer;
  api: SchoolApi;
  /** The address of something in the school: `/runs/run_1` is where that run's page is, "" the school's home. */
  path(within: string): string;
  /** Whether they may change definitions; owners may change settings too. */
  mayEdit: boolean;
  mayOwn: boolean;
  /** The school's time, in ms. */
  nowMs: number;
  timezone: string;
}

export interface AdminEnv {
  Bindings: Env;
  Variables: { session: Session; visit: Visit };
}

export type Ctx = Context<AdminEnv>;

/** What a page is written as. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export const themeOf = (c: Context): Theme => {
  const kept = getCookie(c, "schoolbell-theme");
  return kept === "light" || kept === "dark" ? kept : "system";
};

/** The head of a page says so many at most. */
export const MOST_IN_TROUBLE = 100;

/** `app`: the one that schools' routes are mounted on. */
export function visitOf(c: Ctx, app: Pick<App, "fetch">, session: Session, school: School, role: Role): Visit {
  const nowMs = nowOf(school);
  const { timezone } = school.settings;
  const path = (within: string) => addressIn(school.id, within);
  return {
    school,
    role,
    path,
    viewer: {
      path,
      school: { name: school.name, mode: school.mode, paused: school.paused, nowMs, timezone },
      email: session.email === OPERATOR ? say("Platform operator") : session.email,
      role,
      theme: themeOf(c),
      trouble: () => inTrouble(c.env, school, MOST_IN_TROUBLE),
    },
    // Hono's type of it is narrower than the platform's.
    api: apiFor(
      { app, env: c.env, context: c.executionCtx as ExecutionContext },
      { credential: credentialOf(school.id, session.email, role), school },
    ),
    mayEdit: role !== "viewer",
    mayOwn: role === "owner",
    nowMs,
    timezone,
  };
}

// ---- Forms ----

/** What a form was sent with. */
export interface FormFields {
  /** Trimmed; empty when it was not sent. */
  text(name: string): string;
  /** As it was sent. */
  raw(name: string): string;
  /** Every value of a name that is not empty. */
  list(name: string): string[];
  has(name: string): boolean;
  file(name: string): File | null;
  names(): string[];
}

export async function formFieldsOf(c: Context): Promise<FormFields> {
  const form = await c.req.formData().catch(() => {
    throw new Problem("malformed", say("The form cannot be read."));
  });
  // The platform's types know of text alone; a file comes as a File.
  const values = (name: string) => form.getAll(name) as unknown as (string | File)[];
  const raw = (name: string): string => {
    const [first] = values(name);
    return typeof first === "string" ? first : "";
  };
  return {
    raw,
    text: (name) => raw(name).trim(),
    list: (name) => values(name).flatMap((one) => (typeof one === "string" && one.trim() !== "" ? [one.trim()] : [])),
    has: (name) => form.has(name),
    file: (name) => {
      const [first] = values(name);
      return first instanceof File ? first : null;
    },
    names: () => [...new Set(form.keys())],
  };
}

/** The refusal that work ends in, or its result: for pages that show a form again with what is wrong. */
export async function attempt<T>(
  work: () => Promise<T>,
): Promise<{ value: T; refused: null } | { value: null; refused: Problem }> {
  try {
    return { value: await work(), refused: null };
  } catch (error) {
    if (error instanceof Problem && error.kind !== "unauthorized") return { value: null, refused: error };
    throw error;
  }
}

/**
 * What is wrong at a place of a body ("/name"), or below it, in words.
 * @param noun what is chosen there ("course"), where something is
 */
export const faultAt = (refused: Problem | null | undefined, path: string, noun = ""): string | undefined => {
  const found = refused?.faults?.find((fault) => fault.path === path || fault.path.startsWith(`${path}/`));
  return found && faultText(found.message, noun);
};

/** Where a form that stands in a list leads back to: the list as it was filtered; what is no address of it counts for nothing. */
export const backTo = (back: string, list: string, otherwise = list): string =>
  back.startsWith(list) && /^[a-z0-9_/?&=%.:+*-]*$/i.test(back) ? back : otherwise;

/** After a change: to the page that shows it, which says what was done. */
export const seeOther = (c: Context, path: string, notice: Readonly<Record<string, string>> = {}): Response => {
  const [before, fragment] = path.split("#");
  const query = new URLSearchParams(notice).toString();
  const joined = query === "" ? before : `${before}${before?.includes("?") ? "&" : "?"}${query}`;
  return c.redirect(fragment === undefined ? `${joined}` : `${joined}#${fragment}`, 303);
};

/** After a write that a job may follow: to the job, else to the page that shows what was written. */
export const afterWrite = (c: Ctx, answer: object, otherwise: string): Response =>
  "job_id" in answer && typeof answer.job_id === "string"
    ? seeOther(c, c.var.visit.path(`/jobs/${encodeURIComponent(answer.job_id)}`), { done: "started" })
    : seeOther(c, otherwise, { done: "saved" });
