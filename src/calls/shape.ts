import type { Delivery, JournalFact, LoggedRun, UserState } from "../engine/types";

/*
 * The shape of what lies in a user's object. All of it is JSON.
 */

export interface OutboxItem {
  delivery: Delivery;
  /** Real time from which it is offered to the queue (again); null: it waits until the user's page fetches it. */
  dueAt: number | null;
  /** Real time until which one consumer has it. */
  leasedUntil: number;
  /** Real time of the first attempt. */
  firstAt: number | null;
  /** Attempts made before somebody sent it again by hand: its back-off does not count them. */
  attemptsBefore?: number;
  /** A consumer has it and has not said yet how it went. */
  isOut?: true;
  /** Its run has exited since: the attempt under way is the last. */
  isRecalled?: true;
}

/** What the directory in D1 was last told. */
export interface LastTold {
  attributes: string;
  marks: string[];
  activity: Record<string, number>;
  nextWake: number | null;
}

/** Everything that lies packed. */
export interface Packed {
  /** How many upgrades it has been through: see `durable-objects/upgrades.ts`. */
  v: number;
  /** Of a live school: its time is real time. */
  isLive: boolean;
  state: UserState | null;
  /**
   * The first value of `seq`: the real time in ms at which this user's data began. Whatever is told with a smaller one
   * belongs to a user of the same id who has been erased since.
   */
  born: number;
  outbox: Record<string, OutboxItem>;
  /**
   * Runs and deliveries that D1 has not been told of, by id, each with the `seq` of its last change. A null run is
   * live: see `state`.
   */
  runs: Record<string, { seq: number; run: LoggedRun | null }>;
  deliveries: Record<string, { seq: number; delivery: Delivery }>;
  words: [kind: string, value: string, seq: number][];
  /** The newest entries of the journal; older ones lie in rows of their own. */
  entries: JournalEntry[];
  told: LastTold;
  /** The `seq` up to which the directory has been told. */
  toldSeq: number;
  /** Counts changes. */
  seq: number;
  /** School messages, for the user to read. */
  inbox: Delivery[];
  /** The address whose own object was last told that it is this user's, and since when the user is registered. */
  toldAddress?: { email: string; registeredAt: number };
  /** The last lead this user took over, by name and `born`. */
  tookOver?: string;
  /** Those before it, the latest last. */
  tookOverBefore?: string[];
  /** Of a lead: the user it is being handed over to. Nothing happens here any more. */
  movedTo?: string;
  /** Names of the latest changes that must not be made twice: `once` in `RemoteUser.change`. */
  once?: string[];
  /** All that is here came from a lead: the next event is the user's first. */
  isFresh?: true;
  nextWake: number | null;
  /** Real time of the last look for what is too old to keep. */
  prunedAt: number;
}

export interface JournalEntry {
  seq: number;
  at: number;
  eventId: string | null;
  facts: JournalFact[];
}

/** A journal entry, with the answer that a copy of its event gets. */
export interface HistoryEntry extends JournalEntry {
  hash: string | null;
  answer: string | null;
}

export interface EventRow {
  hash: string;
  answer: string | null;
}

/** All that is held of a lead. */
export interface Lead {
  packed: Packed;
  journal: HistoryEntry[];
}
