import type { Watch } from "../catalogue/define";
import type { ChangeType, SentChange } from "../catalogue/facts/changes";
import type { OrderedFact } from "../catalogue/facts/facts";
import type { ProductKind } from "../catalogue/facts/products";
import type { Proof } from "../catalogue/facts/proven";
import type { SuppressionReason } from "../catalogue/messages/suppression";
import type { Played } from "../engine/play";
import type { Delivery, JournalFact, LoggedRun, RunStatus, UserState } from "../engine/types";

/*
 * The shape of what lies in a user's object. All of it is JSON.
 */

export interface OutboxItem {
  delivery: Delivery;
  /** The `seq` of the last change that D1 is to hear of. */
  seq: number;
  /** Real time from which it is offered to the queue (again); null: it waits until the user's page fetches it, or is held in a test school. */
  dueAt: number | null;
  /** Real time until which one consumer has it. */
  leasedUntil: number;
  /** Real time of the first attempt. */
  firstAt: number | null;
  /** Attempts made before somebody sent it again by hand: its back-off does not count them. */
  attemptsBefore?: number;
  /** How often it asked for a turn at a vendor's rate in vain. */
  turns?: number;
  /** A consumer has it and has not said yet how it went. */
  isOut?: true;
  /** A mail that waits for quiet hours or the cap: since when, and until when, by the school's clock. */
  held?: { since: number; until: number };
  /** Its run has exited since: the attempt under way is the last. */
  isRecalled?: true;
  /** It is recalled as its run was undone. */
  isUndone?: true;
}

/** What the directory in D1 was last told. */
export interface LastTold {
  attributes: string;
  marks: string[];
  activity: Record<string, number>;
  nextWake: number | null;
}

/** A run or a delivery that has ended, with the `seq` of its end. One that was begun again is there more than once. */
export type Ended = {
  seq: number;
  at: number;
  /** D1 hears nothing of it: it is kept here alone. */
  isOwn?: true;
} & ({ run: LoggedRun } | { delivery: Delivery });

/** Everything that lies packed. */
export interface Packed {
  /** How many upgrades it has been through: see `durable-objects/packed/upgrades.ts`. */
  v: number;
  /** The least number of upgrades that a release has to know to open it; left out: any may. */
  least?: number;
  /** Of a live school: its time is real time. */
  isLive: boolean;
  state: UserState | null;
  /**
   * The first value of `seq`: the real time in ms at which this user's data began. Whatever is told with a smaller one
   * belongs to a user of the same id who has been erased since.
   */
  born: number;
  /** Counts changes. */
  seq: number;
  outbox: Record<string, OutboxItem>;
  /** The newest of what has ended; older lies in rows of its own. */
  ended: Ended[];
  /** Live runs, by id, each with the `seq` of its last change; changes by `setEntry` and `removeEntry`. */
  live: Readonly<Record<string, number>>;
  /** `name`: what an event called it. */
  words: readonly (readonly [kind: string, value: string, seq: number, name?: string])[];
  /** The `seq` of the last change of a run or a delivery. */
  logSeq: number;
  /** The `seq` up to which D1 has heard of runs, deliveries and words. */
  heardSeq: number;
  told: LastTold;
  /** Of which activity the directory hears, as some automation watched it at the last turn; left out: of all there is. */
  watched?: readonly Watch["scope"][];
  /** Changes that the school's feed has not heard of. */
  changes: readonly Readonly<SentChange>[];
  /**
   * Marks (`m` before them) and activity (`a`) that changed since D1 was known for certain, each with the `seq` of that:
   * they are told as they are now, whatever `told` says. What D1 has heard is kept in memory, and that goes: of what came
   * and went meanwhile nobody else knows. Changes by `setEntry` and `removeEntry`.
   */
  touched: Readonly<Record<string, number>>;
  /** The `seq` at which the user's line in the directory was last seen to differ from what it was told. */
  lineSeq: number;
  /** The `seq` up to which the directory has been told. */
  toldSeq: number;
  /** The newest entries of the journal; older ones lie in rows of their own. */
  entries: JournalEntry[];
  /** School messages, for the user to read. */
  inbox: Delivery[];
  /** The address whose own object was last told that it is this user's, and since when the user is registered. */
  toldAddress?: { email: string; registeredAt: number };
  /** An address by which the directory lists the user: its own object asks that, and was told nothing. */
  listedAddress?: string;
  /** Of whom everything was taken over: leads, and users who were merged into this one; the latest last. */
  taken?: Taken[];
  /** The users who were merged into this one, those too who had been merged into them before. */
  merged?: Merged[];
  /** Keys of what has left, as D1 knew when this object had gone back to before that: none of it leaves again. */
  left?: string[];
  /** To whom all of it is being handed over. Nothing happens here any more. */
  movedTo?: string;
  /** Names of the latest changes that must not be made twice: `once` in `RemoteUser.change`. */
  once?: string[];
  /** All that is here came from a lead: the next event is the user's first. */
  isFresh?: true;
  /** By automation, the run whose goal has not been reached, as long as it counts. */
  goals?: Record<string, Pursuit>;
  /** What mail to the user goes by. */
  mail: MailMemory;
  nextWake: number | null;
  /** Real time of the last look for what is too old to keep. */
  prunedAt: number;
}

export interface MailMemory {
  /** Whether the user's address is suppressed, as last heard, by its `addressKey`; null: nobody has asked. */
  known: { key: string; reason: SuppressionReason | null } | null;
  /** The mails that count towards the school's cap, and when each left, by the school's clock. */
  left: { id: string; at: number }[];
}

/** By id and `born`; `block`: its places in the journal. */
export interface Taken {
  name: string;
  block: number;
}

/** A run, when it began, and of the fact that started it what `"$trigger"` may stand for. */
export interface Pursuit {
  run: string;
  since: number;
  about: OrderedFact;
}

/** `emails`: the addresses that something may name them by. */
export interface Merged {
  id: string;
  emails: string[];
}

/** What happened, and what came of it. */
export interface JournalEntry {
  seq: number;
  /** The school's clock, ms. */
  at: number;
  eventId: string | null;
  facts: JournalFact[];
  /**
   * Left out: time brought the facts about, on the way to the input of the next entry; or a release wrote it that kept
   * none, or it is of somebody who was taken over.
   */
  input?: Played;
  /** The school's stamp then: which world it was played in. */
  stamp?: number;
  /** What products were called then, where that was asked for. */
  names?: UsedName[];
  /** Of an event that may be sent again: a digest of its body. */
  hash?: string;
  /** The runs that an event began, as they stood when it was answered. */
  runs?: BegunRun[];
  /** Of those that were synchronous, what became of their changes by then. */
  receipts?: Receipt[];
}

/** What a product was called: of what, its name and where it is. */
export type UsedName = [kind: ProductKind, id: string, name: string | null, url: string | null];

export type BegunRun = [id: string, automation: string, synchronous: boolean, status: RunStatus];

/** What the LMS has of a change that a synchronous run made. */
export interface Receipt {
  run: string;
  step_id: string;
  change: ChangeType;
  change_id: string;
  status: ReceiptStatus;
  delivery_id: string;
}
export type ReceiptStatus = "done" | "late" | "failed" | "unsupported" | "captured";

/** The state before the first entry that has an input and a greater `seq`. */
export interface Beginning {
  seq: number;
  state: UserState | null;
}

/** What is read of something long: some of it, and where to read on; null: that was all. */
export interface Page<Item> {
  items: Item[];
  next: number | null;
}

/** All that is held of somebody who is handed over, but for what follows in pages. */
export interface Handed {
  packed: Packed;
  /** What was kept of them as proof; left out: nothing. */
  proofs?: Proof[];
}

/** Whose it was, and when they began: an id can be somebody's again. */
export const handedName = (id: string, { packed }: Handed): string => `${id} ${packed.born}`;
export const idOfHanded = (name: string): string => name.slice(0, name.lastIndexOf(" "));

/** The first place that an entry of the user's own has in the journal. */
export const FIRST_OWN = 0;
/** Whether an entry is of another who was taken over: told of, and not told again. */
export const isTakenOver = ({ seq }: Pick<JournalEntry, "seq">): boolean => seq < FIRST_OWN;
