import type { Delivery, LoggedRun } from "../engine/types";

/** What one user's object has for D1: the log, and the user's line in the directory. */
export interface LogBatch {
  school: string;
  epoch: number;
  user: string;
  /** The user's `seq` up to which it tells. */
  seq: number;
  runs: LoggedRun[];
  deliveries: Delivery[];
  words: [kind: string, value: string, seq: number][];
  directory: {
    createdAt: number;
    email: string | null;
    username: string | null;
    registeredAt: number;
    nextWake: number | null;
    /** JSON `[kind, value]`. */
    marksAdded: string[];
    marksRemoved: string[];
    /** By JSON `[scope, subject]`. */
    activity: [key: string, at: number][];
    activityRemoved: string[];
  } | null;
}
