import type { SentChange } from "../catalogue/facts/changes";
import type { Delivery, LoggedRun } from "../engine/types";

/** The kind of mark that a roster's record is. */
export const RECORD = "record";

/** What one user's object has for D1: the log, and the user's line in the directory. */
export interface LogBatch {
  school: string;
  epoch: number;
  user: string;
  /** The school's zone, by which days are told apart: whoever writes the batch adds it. */
  timezone?: string;
  /** The user's `seq` up to which it tells. */
  seq: number;
  /** Runs that have ended, each told once. */
  ended: LoggedRun[];
  /** Live runs, as they stand now. */
  live: LoggedRun[];
  deliveries: Delivery[];
  /** For the school's feed, in rising `seq`: whatever of them it may not have yet. */
  changes?: readonly SentChange[];
  words: (readonly [kind: string, value: string, seq: number, name?: string])[];
  directory: {
    createdAt: number;
    email: string | null;
    username: string | null;
    registeredAt: number;
    nextWake: number | null;
    /** JSON `[kind, value]`. */
    marksAdded: string[];
    marksRemoved: string[];
    /** Since when the user is away from the school and its app, ms; null: no automation ever watched it. */
    seenAt: number;
    appSeenAt: number | null;
    /** What came and went of what has a subject, by JSON `[scope, subject]`. */
    activity: [key: string, at: number][];
    activityRemoved: string[];
  } | null;
}

/**
 * Something that D1 is to hear of, by its table, and the user's change that it has to know. `users`: the user's line;
 * `vocabulary`: a word, by its key and kind.
 */
export type UntoldItem =
  | [table: "runs" | "live_runs" | "deliveries" | "users", id: string, seq: number]
  | [table: "vocabulary", key: string, kind: string];
