import { remembering } from "../cache";

/** What a log record may say: never an email, a body, a key. */
export interface LogFields {
  requestId?: string;
  /** 32 hex digits (W3C Trace Context). */
  trace?: string;
  method?: string;
  /** The route's pattern, not the address: that may hold anything. */
  route?: string;
  school?: string;
  user?: string;
  subject?: string;
  error?: unknown;
  count?: number;
  durationMs?: number;
}

const MAX_FIELD = 256;

/** Controls, line separators and marks that turn text around would let a value forge or hide a record. */
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

const plain = (text: string): string =>
  text.slice(0, MAX_FIELD).replace(UNSAFE, (mark) => `\\u${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);

/** What failed at the root. Wrappers' messages are left out: a database layer's repeats its parameters. */
function rootOf(error: unknown): { name: string; message: string; stack: string } {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  if (!(root instanceof Error)) return { name: typeof root, message: "", stack: "" };
  const frames = (root.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { name: root.name, message: plain(root.message), stack: plain(frames.slice(0, 3).join(" ").trim()) };
}

/** What an error says of itself in a line, for people: as in a record, without wrappers' messages. */
export function reasonOf(error: unknown): string {
  const { name, message } = rootOf(error);
  return message === "" ? name : `${name}: ${message}`;
}

const SELDOM_MS = 60_000;
const seldom = remembering(() => ({ at: Number.NEGATIVE_INFINITY, count: 0 }), { entries: 100 });

/**
 * The same of what may come in thousands for one cause: at once, and then at most once a minute, with how many it were.
 * What is said belongs to the words of the code, so that they are few.
 */
export function logSeldom(level: "info" | "warn" | "error", what: string, fields: LogFields = {}): void {
  const now = Date.now();
  const last = seldom(what);
  last.count += fields.count ?? 1;
  if (now - last.at < SELDOM_MS) return;
  log(level, what, { ...fields, count: last.count });
  Object.assign(last, { at: now, count: 0 });
}

/** Writes one record as one JSON line. */
export function log(level: "info" | "warn" | "error", what: string, fields: LogFields = {}): void {
  const { error, ...rest } = fields;
  const record: Record<string, unknown> = { level, what: plain(what) };
  for (const [name, value] of Object.entries(rest)) record[name] = typeof value === "string" ? plain(value) : value;
  if (error !== undefined) record.error = rootOf(error);
  console[level](JSON.stringify(record));
}
