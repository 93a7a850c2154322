import type { z } from "zod";
import { traceparentOf } from "../../base/reports/trace";
import type { ChangeType, SentChange } from "../../catalogue/facts/changes";
import { readChange } from "../../catalogue/facts/changes";
import type { Connector, Parcel, SendResult, Tools } from "../ports";
import { defineConnector } from "../ports";

/*
 * What an LMS connector is: it carries changes out, says in words what is wrong with the connection, and reads what the
 * LMS has. Ids here are ours: a connector maps those of its vendor.
 */

/** How carrying out went. `unsupported`: the LMS knows no such thing, and never will. */
export type CarriedOut =
  | { status: "done"; code?: number; detail?: string }
  | { status: "unsupported"; error: string }
  | {
      status: "failed";
      error: string;
      /** Whether another attempt can do any good. */
      retry: boolean;
      code?: number;
      retryAfterMs?: number;
      /** It is the connection that is broken (token, rights, address), not this change: a condition of the school. */
      broken?: true;
      /** What people are told of that, where it is not the error. */
      advice?: string;
      /** Its turn has not come: that was no attempt. */
      notYet?: true;
    };

/** Something found out about a connection, in words for an admin. */
export interface Finding {
  ok: boolean;
  /** What was looked at: "Web services are switched on". */
  what: string;
  /** What to do, where it is not so. */
  advice?: string;
}

/** Some of what an LMS has, and where to read on; null: that was all. */
export interface LmsPage<Item> {
  items: Item[];
  next: string | null;
}
export interface LmsCourse {
  id: string;
  /** What other programs know it by, where the LMS keeps that: Moodle's ID number. Null: it has none; left out: not told. */
  otherId?: string | null;
  name: string;
  url?: string;
  imageUrl?: string;
  /** ms since 1970. */
  startsAt?: number;
  endsAt?: number;
}
export interface LmsGroup {
  id: string;
  name: string;
  course?: string;
}
export interface LmsPerson {
  id: string;
  email: string | null;
  username: string | null;
  /** ms since 1970. */
  registeredAt?: number;
}
export interface LmsEnrolment {
  user: string;
  role: string | null;
  suspended: boolean;
  /** ms since 1970; null: none; left out: the LMS does not tell. */
  expiresAt?: number | null;
}

/** What can be read of an LMS, in pages. Each call rejects with `LmsError` where it cannot. */
export interface LmsReads<Settings> {
  courses(settings: Settings, tools: Tools, after: string | null): Promise<LmsPage<LmsCourse>>;
  groups(settings: Settings, tools: Tools, after: string | null): Promise<LmsPage<LmsGroup>>;
  users(settings: Settings, tools: Tools, after: string | null): Promise<LmsPage<LmsPerson>>;
  /** Everybody who is in a course, suspended ones too, those whose time is over not. */
  enrolments(settings: Settings, tools: Tools, course: string, after: string | null): Promise<LmsPage<LmsEnrolment>>;
  /** Whether somebody who is in a course is suspended in it; left out: the LMS suspends nobody in a course. */
  isSuspended?(settings: Settings, tools: Tools, course: string, user: string): Promise<boolean>;
}

/** The LMS could not be read. */
export class LmsError extends Error {
  override readonly name = "LmsError";
  constructor(
    message: string,
    readonly failure: { retry: boolean; retryAfterMs?: number; broken?: true },
  ) {
    super(message);
  }
}

/** So many requests within a time, for a school, whoever sends. */
export interface VendorRate {
  requests: number;
  withinMs: number;
}

/** What an LMS connector has beside any other. Settings are unchecked outside. */
export interface LmsPort {
  supports(type: ChangeType): boolean;
  rate: VendorRate | null;
  /** How many changes of one user may go in one call. */
  atOnce(settings: unknown): number;
  check: ((settings: unknown, tools: Tools) => Promise<Finding[]>) | null;
  reads: LmsReads<unknown> | null;
  /** The id of the course that an address of its leads to; null: it leads to none. Secrets may be missing. */
  courseAt: ((settings: unknown, address: string) => string | null) | null;
}

export interface LmsConnector extends Connector {
  lms: LmsPort;
}

export const isLms = (connector: Connector): connector is LmsConnector => "lms" in connector;

/** What is sent to try the way itself. */
export const TEST = "test";
const OTHER = "no change: it is of a release before";

/** Declares the connector of an LMS. */
export function defineLms<S extends z.ZodObject>(definition: {
  name: string;
  label: string;
  description: string;
  settings: S;
  host: Connector["host"];
  /** Left out: it knows all. */
  supports?: readonly ChangeType[];
  rate?: VendorRate;
  atOnce?(settings: z.output<S>): number;
  /** Carries out changes of one user, in their order: one, or as many as `atOnce` says. */
  carryOut(changes: readonly SentChange[], settings: z.output<S>, tools: Tools, parcel: Parcel): Promise<CarriedOut>;
  check?(settings: z.output<S>, tools: Tools): Promise<Finding[]>;
  /** Tries the way itself; left out: by `check`. */
  test?(settings: z.output<S>, tools: Tools, parcel: Parcel): Promise<SendResult>;
  reads?: LmsReads<z.output<S>>;
  courseAt?: LmsPort["courseAt"];
}): LmsConnector {
  const { supports, rate, atOnce, carryOut, check, test, reads, courseAt, ...base } = definition;
  const { settings } = definition;
  const knows = (type: ChangeType) => !supports || supports.includes(type);
  const connector = defineConnector({
    ...base,
    channel: "lms",
    async send(parcel, chosen, tools) {
      if (parcel.content.type === TEST && test) return test(chosen, tools, parcel);
      if (parcel.content.type === TEST && check) return tested(await check(chosen, tools));
      const changes = [parcel.content, ...(parcel.content.more ?? [])].flatMap((one) => readChange(one) ?? []);
      const [first] = changes;
      if (!first) return { ok: false, error: OTHER, retry: false };
      if (changes.length === 1 && !knows(first.type)) return judged(unsupported(first.type, definition.label));
      return judged(await carryOut(changes, chosen, tracing(tools, parcel), parcel));
    },
  });
  return {
    ...connector,
    lms: {
      supports: knows,
      rate: rate ?? null,
      atOnce: (given) => atOnce?.(settings.parse(given)) ?? 1,
      check: check ? (given, tools) => check(settings.parse(given), tools) : null,
      reads: reads
        ? {
            courses: (given, tools, after) => reads.courses(settings.parse(given), tools, after),
            groups: (given, tools, after) => reads.groups(settings.parse(given), tools, after),
            users: (given, tools, after) => reads.users(settings.parse(given), tools, after),
            enrolments: (given, tools, course, after) => reads.enrolments(settings.parse(given), tools, course, after),
            ...suspensions(reads, settings),
          }
        : null,
      courseAt: courseAt ?? null,
    },
  };
}

/** Each request says which trace it belongs to. */
function tracing(tools: Tools, { trace }: Parcel): Tools {
  if (trace === undefined) return tools;
  const own = (headers: HeadersInit | undefined) => Object.fromEntries(new Headers(headers));
  return {
    ...tools,
    fetch: (url, init) =>
      tools.fetch(url, { ...init, headers: { traceparent: traceparentOf(trace), ...own(init.headers) } }),
  };
}

const suspensions = <S extends z.ZodObject>(
  { isSuspended }: LmsReads<z.output<S>>,
  settings: S,
): Pick<LmsReads<unknown>, "isSuspended"> =>
  isSuspended
    ? { isSuspended: (given, tools, course, user) => isSuspended(settings.parse(given), tools, course, user) }
    : {};

export const unsupported = (type: ChangeType, label: string): CarriedOut => ({
  status: "unsupported",
  error: `${label} knows no ${type}`,
});

function tested(findings: readonly Finding[]): SendResult {
  const fault = findings.find(({ ok }) => !ok);
  if (!fault) return { ok: true, detail: findings.map(({ what }) => what).join("; ") };
  return { ok: false, error: fault.advice ?? fault.what, retry: false, broken: true };
}

function judged(result: CarriedOut): SendResult {
  if (result.status === "done") {
    const { code, detail } = result;
    return { ok: true, ...(code === undefined ? {} : { code }), ...(detail === undefined ? {} : { detail }) };
  }
  if (result.status === "unsupported") return { ok: false, error: result.error, retry: false, unsupported: true };
  const { status: _, ...failure } = result;
  return { ok: false, ...failure };
}
