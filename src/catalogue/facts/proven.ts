import type { Origin } from "./givers";

/** What facts prove to who asks, years later, what became of learners: their cards say it. */
export const PROVEN = [
  "enrolled",
  "unenrolled",
  "suspended",
  "resumed",
  "completed",
  "certified",
  "reset",
  "joined",
  "left",
] as const;
export type Proven = (typeof PROVEN)[number];

/*
 * What is kept of a user to prove what happened, also once the log is gone: ids and times, nothing that was written to
 * anybody. JSON.
 */

export interface Proof {
  /** Of a run or a delivery its own; of a fact its place: what is there twice counts once. */
  id: string;
  /** The school's clock, ms. */
  at: number;
  /** `ran`: a run, from its start; `sent`: a message to the user, whatever became of it. */
  what: Proven | "ran" | "sent";
  /** Of a run: of the fact that started it. */
  course?: string;
  segment?: string;
  certificate?: string;
  expires_at?: string;
  by?: Origin;
  run?: string;
  automation?: string;
  version?: number;
  step?: string;
  channel?: string;
  status?: string;
  reason?: string;
  endedAt?: number;
}
