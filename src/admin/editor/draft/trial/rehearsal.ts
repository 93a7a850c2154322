import { isRecord } from "../../../../definition/types";
import { later, say } from "../../../../language/say";

/** One step of a rehearsal. */
export interface Rehearsed {
  stepId: string;
  type: string;
  /** done, skipped, failed, waiting, exited (contract §13). */
  status: string;
  atMs: number;
  would: Record<string, unknown>;
}

/** What `POST /automations/simulate` answered (contract §6), for the panel and the drawing. */
export interface Rehearsal {
  matched: boolean;
  steps: Rehearsed[];
  ends: { atMs: number | null; status: string; reason: string } | null;
  /** Why it does not start. */
  reasons: Reason[];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads the answer; what is not as the contract says is left out. */
export function rehearsalOf(body: unknown): Rehearsal {
  const found = isRecord(body) ? body : {};
  const steps = Array.isArray(found.steps) ? found.steps.filter(isRecord) : [];
  const ends = isRecord(found.ends) ? found.ends : null;
  const trace = Array.isArray(found.trace) ? found.trace : [];
  const endMs = Date.parse(text(ends?.at));
  return {
    matched: found.matched === true,
    steps: steps.flatMap((step) => {
      const atMs = Date.parse(text(step.at));
      if (Number.isNaN(atMs)) return [];
      return [
        {
          stepId: text(step.step_id),
          type: text(step.type),
          status: text(step.status) || "done",
          atMs,
          would: isRecord(step.would) ? step.would : {},
        },
      ];
    }),
    ends: ends
      ? { atMs: Number.isNaN(endMs) ? null : endMs, status: text(ends.status), reason: text(ends.reason) }
      : null,
    reasons: trace.filter(isRecord).flatMap(reasonOf),
  };
}

/** Why a fact did not start it: the first thing that stopped it, and for a condition where it stands and what was seen. */
export interface Reason {
  stoppedBy: string;
  path: string;
  seen: unknown;
}

const reasonOf = (entry: Readonly<Record<string, unknown>>): Reason[] =>
  entry.matched === true || text(entry.stopped_by) === ""
    ? []
    : [{ stoppedBy: text(entry.stopped_by), path: text(entry.path), seen: entry.seen }];

/** The moments at which the clock may stand still, each once. */
export const momentsOf = (rehearsal: Rehearsal): number[] =>
  [
    ...new Set([...rehearsal.steps.map((step) => step.atMs), ...(rehearsal.ends?.atMs ? [rehearsal.ends.atMs] : [])]),
  ].sort((a, b) => a - b);

/** The steps reached up to a moment. */
export const reachedBy = (rehearsal: Rehearsal, atMs: number): Rehearsed[] =>
  rehearsal.steps.filter((step) => step.atMs <= atMs);

/** A message among what a step would do: rendered, for showing. */
export function messageIn(
  would: Readonly<Record<string, unknown>>,
): { subject: string; body: string; html: boolean } | undefined {
  const content = isRecord(would.content) ? would.content : would;
  const subject = text(content.subject) || text(content.title);
  const html = text(content.html);
  const body = html || text(content.body) || text(content.text);
  return subject || body ? { subject, body, html: html !== "" || /<\w+[^>]*>/.test(body) } : undefined;
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

const spoken = (value: unknown, momentOf: (at: string) => string): string => {
  if (Array.isArray(value)) return value.map((item) => spoken(item, momentOf)).join(", ");
  if (typeof value === "string") return MOMENT.test(value) ? momentOf(value) : value;
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

/** What a step tells of itself: `{ added: ["vip"] }`. */
const TOLD = {
  added: later("added"),
  removed: later("removed"),
  changed: later("changed"),
  enrolled: later("enrolled"),
  extended: later("extended"),
  payments: later("payments"),
  unenrolled: later("unenrolled"),
  held: later("held@enrolment"),
  not_enrolled: later("not enrolled"),
  suspended: later("suspended"),
  resumed: later("resumed"),
  joined: later("joined"),
  left: later("left"),
  completed: later("completed"),
  reset: later("reset"),
  value: later("value"),
  to: later("to@recipient"),
  channel: later("channel"),
  content: later("content"),
  until: later("until"),
  branch: later("branch"),
  case: later("case"),
  path: later("path@split"),
  rounds: later("rounds"),
  answered: later("answered"),
  fact: later("fact"),
} as const;

const isTold = (key: string): key is keyof typeof TOLD => Object.hasOwn(TOLD, key);

/** What of it is from a list of ours, and no name of the school's. */
const VALUES: Readonly<Record<string, () => string>> = {
  "branch yes": () => say("yes"),
  "branch no": () => say("no"),
  "case else": () => say("else"),
  "channel email": () => say("email@channel"),
  "channel message": () => say("message@channel"),
};

const keyText = (key: string): string => (isTold(key) ? say(TOLD[key]) : key.replaceAll("_", " "));

/** The rest of what a step would do, in short ("added: vip"); moments are told by `momentOf`. */
export const shortOf = (would: Readonly<Record<string, unknown>>, momentOf: (at: string) => string): string =>
  Object.entries(would)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([key, value]) => `${keyText(key)}: ${VALUES[`${key} ${value}`]?.() ?? spoken(value, momentOf)}`)
    .join(" · ");
