/* What a route says of itself, in parts. */

/** A JSON body of which one bad part must not refuse the others: its faults are left to the handler. */
export interface Lenient {
  maxDepth: number;
}

/** A header that some routes honour, see `TAKEN_HEADERS` in openapi.ts for what it says. */
export type TakenHeader = "If-Match" | "Prefer";

/** What of a call is recorded once it has succeeded. */
export interface Audits {
  /** `<thing>.<verb>`. */
  what: string;
  /** The parameter of the path that names what it was done to; `id` when left out. */
  subject?: string;
  /** Only what somebody does who is signed in: a key says the same for an LMS, all the time. */
  byHand?: true;
  /** A parameter of the path to be told as what changed, in place of the names in the body. */
  changed?: string;
  /** The handler puts the entry into the batch that does it: what an object does is recorded once it has. */
  inBatch?: true;
  /** The status of what was done: a repeat, which did nothing, answers another. */
  onlyAs?: number;
}

/** What was sent, before it is judged. */
export interface Sent {
  query: Readonly<Record<string, unknown>>;
  body: unknown;
}
