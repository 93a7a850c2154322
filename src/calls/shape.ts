import type { Delivery, JournalFact, LoggedRun, UserState } from "../engine/types";

/*
 * The shape of what lies in a user's object. All of it is JSON.
 */

export interface OutboxItem {
  delivery: Delivery;
  /** Real time from which it is offered to the queue (again); null: it waits for the page. */
  dueAt: number | null;
  /** Real time until which one consumer has it. */
  leasedUntil: number;
  /** Real time of the first attempt. */
  firstAt: number | null;
  /** Attempts of before it was sent again by hand: its back-off begins anew. */
  attemptsBefore?: number;
  /** A consumer has it and has not said yet how it went. */
  isOut?: true;
  /** Its run has exited since: no attempt more. */
  isRecalled?: true;
}

/** What the directory in D1 was last told. */
export interface Told {
  attributes: string;
  marks: string[];
  activity: Record<string, number>;
  nextWake: number | null;
}

/** Everything that lies packed. */
export interface Packed {
  /** Of a live school: its time is real time. */
  isLive: boolean;
  state: UserState | null;
  /** Where `seq` began: real time, ms. What is told of an earlier change is of somebody erased since. */
  born: number;
  outbox: Record<string, OutboxItem>;
  /** Not yet written to D1: runs (null: live, see the state) and deliveries, by id, with the change they are of. */
  runs: Record<string, { seq: number; run: LoggedRun | null }>;
  deliveries: Record<string, { seq: number; delivery: Delivery }>;
  words: [kind: string, value: string, seq: number][];
  /** The youngest of the journal. */
  entries: JournalEntry[];
  told: Told;
  /** The change up to which it was told. */
  toldSeq: number;
  /** Counts changes. */
  seq: number;
  /** School messages, for the user to read. */
  inbox: Delivery[];
  /** The last lead this user took over, by name and `born`. */
  tookOver?: string;
  /** Of a lead: the user it is being handed over to. Nothing happens here any more. */
  movedTo?: string;
  /** Names of the last changes that must not be made twice. */
  once?: string[];
  /** Known through a lead only: the event at hand makes the user. */
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

/** An entry with what a copy of its event is answered by. */
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
