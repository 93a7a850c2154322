import type { Fault } from "../../../base/errors/errors";
import { isRecord } from "../../../definition/types";
import { heard } from "../../../language/heard";
import { later, say } from "../../../language/say";
import { faultText } from "../../words/sentences/faults";

/** What the server said. `status` 0: it was not reached. */
export interface ServerAnswer {
  status: number;
  body: unknown;
  etag: string | null;
}

/** A refusal, for people: what is wrong, and where. */
export interface Refusal {
  message: string;
  faults: Fault[];
}

/** Where the routes of the page's school are: the page says it, so that a tab calls no school but its own. */
const apiAddress = (): string => document.body.dataset.api ?? "";

/** Calls a route of the school, with the session as credential. `path` begins after `/v1`. */
export async function callServer(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ServerAnswer> {
  try {
    const response = await fetch(apiAddress() + path, {
      method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get("content-type") ?? "") && text !== "";
    return { status: response.status, body: json ? JSON.parse(text) : null, etag: response.headers.get("etag") };
  } catch (error) {
    // A fetch that cannot connect and an answer cut short are both told to the user as an unreachable server.
    return { status: 0, body: { detail: error instanceof Error ? error.message : String(error) }, etag: null };
  }
}

export const isOk = (answer: ServerAnswer): boolean => answer.status >= 200 && answer.status < 300;

const SAID: Readonly<Record<number, string>> = {
  0: later("The server cannot be reached. Nothing is lost here; try again."),
  401: later("You are signed out. Sign in in another tab, then try again."),
  403: later("Your role does not allow this."),
};

/** What a refusal says; `prefix` is taken from the start of its faults' pointers ("/automation"). */
export function refusalOf(answer: ServerAnswer, prefix = ""): Refusal {
  const body = isRecord(answer.body) ? answer.body : {};
  const errors = Array.isArray(body.errors) ? body.errors.filter(isRecord) : [];
  const faults = errors.map((error) => {
    const path = String(error.path ?? "");
    return {
      path: path.startsWith(prefix) ? path.slice(prefix.length) : path,
      message: faultText(String(error.message ?? say("Not valid"))),
    };
  });
  const detail =
    typeof body.detail === "string" && body.detail
      ? body.detail
      : String(body.title ?? say("Error {status}", { status: String(answer.status) }));
  return { message: heard(SAID[answer.status] ?? detail), faults };
}

/** One thing to pick, and what it is called. */
export interface Choice {
  value: string;
  label: string;
}

const kept = new Map<string, Choice[]>();

/** Ids known of a vocabulary that match what is typed; none when it cannot be had, for any id may be typed. */
export async function fetchVocabulary(kind: string, q: string): Promise<Choice[]> {
  const key = `${kind}?${q}`;
  const found = kept.get(key);
  if (found) return found;
  const answer = await callServer("GET", `/vocabulary?kind=${encodeURIComponent(kind)}&q=${encodeURIComponent(q)}`);
  if (!isOk(answer)) return [];
  const choices = rowsOf(answer).flatMap((row) =>
    typeof row.value === "string"
      ? [{ value: row.value, label: typeof row.label === "string" && row.label ? row.label : row.value }]
      : [],
  );
  kept.set(key, choices);
  return choices;
}

/** Learners whose id, name or email match what is typed. */
export async function learners(q: string): Promise<Choice[]> {
  const answer = await callServer("GET", `/users?limit=20&q=${encodeURIComponent(q)}`);
  return rowsOf(answer).flatMap((row) => {
    if (typeof row.id !== "string") return [];
    const name = [row.username, row.email].find((value) => typeof value === "string" && value !== "");
    return [{ value: row.id, label: typeof name === "string" ? name : row.id }];
  });
}

/** The rows of a list's answer; none of what is no list. */
export function rowsOf(answer: ServerAnswer): Record<string, unknown>[] {
  const data = isRecord(answer.body) ? answer.body.data : undefined;
  return isOk(answer) && Array.isArray(data) ? data.filter(isRecord) : [];
}
