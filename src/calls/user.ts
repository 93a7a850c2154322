import type { Attributes } from "../catalogue/account/attributes";
import type { Proof } from "../catalogue/facts/proven";
import type { ToldName } from "../catalogue/facts/told-names";
import type { Marked } from "../catalogue/shown/present-givers";
import type { SendResult } from "../connectors/ports";
import type { Refusal } from "../engine/inputs/input";
import type { Change, HeldCourses } from "../engine/play";
import type { Delivery, LoggedRun, Run, Traced, UserState } from "../engine/types";
import type { AddressHolder, UserAddresses } from "./addresses";
import type { LogBatch } from "./batch";
import type { LmsAnswer, LmsAsked } from "./lms";
import type { MailLook, MailReport, WriteCall, WrittenTo } from "./mail";
import type { DeliverMessage } from "./messages";
import type { OwnDeliveries, OwnRuns } from "./own";
import type { RemoteRetelling } from "./retelling";
import type { Beginning, Ended, Handed, JournalEntry, Page, ReceiptStatus } from "./shape";
import type { UndoAsked, Undone } from "./undo";
import type { RemoteWhatIf } from "./what-if";

/*
 * What a user's object is called with and answers: JSON, as it crosses between isolates.
 */

/** A school. One made anew under the id of a deleted one is another, of the next epoch. */
export interface SchoolEpoch {
  id: string;
  epoch: number;
}

/** Whose object it is. */
export interface UserPlace {
  school: string;
  epoch: number;
  user: string;
}

/** Which school, and how new the caller knows it to be: the object reads nothing older than `stamp`. */
export interface SchoolReference {
  id: string;
  stamp: number;
  /** Where a test school's clock stands, ms; null: real time. */
  now: number | null;
}

/** An event that has passed its schema. */
export interface EventCall extends Traced {
  id: string;
  /**
   * The same for equal bodies: tells a copy from another event of the same id. Null: we made the id, so no copy comes.
   */
  hash: string | null;
  type: string;
  data: Record<string, unknown>;
  attributes: Attributes;
  /** `occurred_at`, ms; null: now. `fire`: it starts automations, however long it happened before they were active. */
  at: number | null;
  fire?: true;
  /** `learner`: the user sent it in person; `here`, by an enrolment method, and by `hand`: the LMS knows nothing of it. */
  from?: "learner" | "here" | "hand";
  method?: string;
  hand?: string | null;
  /** What it calls products, where that is to be learned. */
  names?: ToldName[];
  /** What the bundle that it names holds for it, where the rest of its batch has told the school otherwise. */
  held?: HeldCourses;
}

/** Why an event was not taken: its id was used with another body, or the user would hold more than one may. */
export type EventRefusal = { kind: "other_body" } | ({ kind: "limit" } & Refusal);

/** It happened, or some of its tags did, before we told the LMS the reverse: that is ignored, and answered all the same. */
export interface Overtaken<Text> {
  kind: "overtaken";
  text: Text;
}

export type EventAnswer<Text = string> = Text | Overtaken<Text> | EventRefusal;

export interface EventsAnswer<Text = string> {
  answers: EventAnswer<Text>[];
  /** This is the object of an address that is a user's, or of a merged user: it took no events, which are for that user. */
  movedTo?: string;
  /** What was here is still being handed over. */
  holdsState?: true;
  /** The lead of an address that is the user's since these events. */
  lead?: string;
  /** There is something to tell D1: the caller is to announce the user. */
  hasNews: boolean;
  /** There are runs to go on with: the caller is to have the user woken, and then D1 told. */
  wakes?: true;
  /** Changes that the caller is to carry out before it answers, in this order, and to say what came of. */
  calls?: Claim[];
  /** By delivery, what is settled of the answers' receipts since they were made. */
  statuses?: Record<string, ReceiptStatus>;
}

/** How an attempt at a delivery went. */
export interface Attempted {
  delivery: string;
  sending: SendResult;
}

/** What a caller did of the changes it was given. */
export interface CarriedOut {
  attempted: readonly Attempted[];
  /** Not tried: others take them up. */
  left: readonly string[];
}

/** Why somebody else's state was not taken: nobody is there, all went to another, or it would be too much for one. */
export interface NotTaken {
  isUnknown?: true;
  movedTo?: string;
  refused?: Refusal;
}

/** What D1 is to hear of a user. */
export interface Untold {
  /** What it has not heard yet; null: nothing. */
  batch: LogBatch | null;
  /** The user was erased meanwhile: what D1 now has of changes below this `seq` must be deleted again. */
  erasedBelow: number | null;
}

/** What to read of something long: all after a `seq`, or all before one, the newest first. */
export interface Range {
  after?: number | undefined;
  before?: number | undefined;
  newestFirst?: boolean | undefined;
  /** So many entries, or a few more, are enough. */
  most?: number | undefined;
}

/** What to read of what happened, in the order of time: from the entry of that moment and place on, itself too. */
export interface TimelineRange {
  from: { at: number; seq: number } | null;
  newestFirst: boolean;
  most: number;
}

/** Ids of what D1 was, or will be, told of a user. */
export interface LoggedIds {
  runs: string[];
  deliveries: string[];
}

/** What became of one. */
export interface Changed {
  /** The user as the contract shows one; null but for a PUT. */
  user: unknown;
  created: boolean;
  /** Why nothing was changed; one who was not known is not made. */
  refused?: Refusal;
  /** What D1 has not heard yet; null: nothing. Only for a caller who has it hear of it. */
  untold?: LogBatch | null;
}

export interface EventOptions {
  /** How long the caller has, in ms, to carry out what synchronous runs changed, before it answers. */
  budgetMs: number;
  /** Answers are to leave the user out. */
  isMinimal?: boolean;
}

/**
 * `under_way`: it was on its way already; `overtaken`: a later change of the same thing is told, or is to be; `undone`: its
 * run was undone since.
 */
export type Resent = "again" | "under_way" | "overtaken" | "undone";

export interface SettleOptions {
  /** Further changes that went in the same call. */
  more?: readonly string[];
  /** The caller takes the user's next change up at once. */
  goesOn?: true;
}

export interface SettledOne {
  isKnown: boolean;
  hasNews: boolean;
  /** The user's next change, given to the caller. */
  next?: Claim;
}

/** By delivery, how the receipt of a change names what became of it. */
export interface Settled {
  statuses: Record<string, ReceiptStatus>;
  /** There is something to tell D1: the caller is to announce the user. */
  hasNews: boolean;
}

/** What the caller sees to. */
export interface AdvanceOptions {
  /** Has D1 hear of it. */
  tells?: true;
  /** Takes up the deliveries that are due then, in place of a message for each. */
  delivers?: true;
  /** Is given the first message of them with the answer, claimed: a call and a row less than to come for it. */
  claims?: boolean;
}

/** How far a user got in time. */
export interface Advance {
  now: number;
  steps: number;
  finished: boolean;
  nextWake: number | null;
  /** The school is suspended: nothing was looked at. */
  isHeld?: true;
  /** What the caller is to take up. */
  deliveries?: DeliverMessage[];
  /** What it has claimed already. */
  claimed?: ClaimedOne;
}

/** A delivery as it would be brought, and what it needs to leave. */
export interface ClaimedOne {
  body: DeliverMessage;
  claim: Claim;
}

/** What a delivery needs to leave, given to one consumer at a time. */
export interface Claim {
  delivery: Delivery;
  user: { id: string; email: string | null; pushTokens: readonly string[] };
  /** Further changes of the user, that go in the same call and are settled with it. */
  more?: Delivery[];
}

/** What may be called on a user's object. Each call that takes a reference is one turn; the class `UserObject` fulfils it. */
export interface RemoteUser extends RemoteRetelling, RemoteWhatIf<SchoolReference> {
  /** Takes events in the order given. Each is judged once; one that is sent again gets its first answer again. */
  events(reference: SchoolReference, calls: EventCall[], options?: EventOptions): Promise<EventsAnswer>;
  /** Takes one event whose answer shows all of the user: see `calls/whole.ts`, which alone calls it. */
  fetch(asked: RequestInfo, how?: RequestInit): Promise<Response>;
  /** Takes what came of the changes that `events` gave its caller; answers with what is to be said of each. */
  carriedOut(reference: SchoolReference, carried: CarriedOut): Promise<Settled>;
  /**
   * A change that is no event; answers with the user, or null where there is none to change.
   * `once` names a change that must not be made twice, as a job may do a page again after a crash; `tells`: the caller
   * has D1 hear of it, and is given what that has not heard; `lists`: so soon that a new address's object, which asks the
   * directory, need not be told.
   */
  change(
    reference: SchoolReference,
    input: Change,
    options: { creates: boolean; once?: string; tells?: boolean; lists?: boolean },
  ): Promise<Changed | null>;
  /** Compares an enrolment with what the LMS said of it, and makes both equal where that is asked for. */
  compareWithLms(reference: SchoolReference, asked: LmsAsked): Promise<LmsAnswer>;
  /** Lets time pass: to the school's present, or, for a test school, up to a moment, in steps. */
  advance(
    reference: SchoolReference,
    until: number | null,
    maxSteps: number,
    options?: AdvanceOptions,
  ): Promise<Advance>;
  /** Cancels or skips a live run, or lets a failed one go on; false where it is not in a state for it. */
  control(reference: SchoolReference, run: string, what: "cancel" | "skip"): Promise<boolean>;
  retryRun(reference: SchoolReference, run: Run): Promise<boolean>;
  /** Undoes runs, or tells what that would do; twice is as once. */
  undo(reference: SchoolReference, asked: UndoAsked): Promise<Undone>;

  /** The user as the contract shows one, with who gave what is held, or what of it is named; null when not known. */
  read(reference: SchoolReference, options: { givers: boolean | Marked }): Promise<unknown>;
  /** The state itself, for what only looks: simulate, backtest, why. */
  state(): Promise<UserState | null>;
  /** A page of the journal. */
  journal(range: Range): Promise<Page<JournalEntry>>;
  /** A page of it in the order of time: of who was merged too. None: there are no more. */
  timeline(range: TimelineRange): Promise<JournalEntry[]>;
  /** A page of the runs and deliveries that have ended; one that was begun again is there more than once. */
  ended(range: Range): Promise<Page<Ended>>;
  /** The user's runs, live and ended. */
  ownRuns(query: OwnRuns): Promise<LoggedRun[]>;
  ownDeliveries(query: OwnDeliveries): Promise<Delivery[]>;
  proofs(): Promise<Proof[]>;
  loggedIds(): Promise<LoggedIds>;
  /** The state where the journal begins; null: nothing was known of the user. */
  beginning(): Promise<Beginning | null>;
  /** Null: the user is not known. */
  inbox(): Promise<Delivery[] | null>;
  /** @param once that of a `change` which may have started it already: then it would have */
  wouldStart(reference: SchoolReference, automation: string, once?: string): Promise<boolean>;
  /**
   * The user's addresses; null when not known.
   * @param askedBy the object of an address that is to know whose it is: if it is the user's, it is told when it no longer is
   */
  addresses(askedBy?: string): Promise<UserAddresses | null>;
  /** Whether events would be judged: none of them is a copy, nor another of a known id. */
  areNew(events: readonly Pick<EventCall, "id" | "hash">[]): Promise<boolean>;
  /** All that is held here, for the export: the members of a JSON object, as text. */
  everything(): Promise<ReadableStream<Uint8Array> | null>;

  /** Of an address: the user who has it, and whether there is a lead of it. Of a user who was merged: into whom. */
  holder(): Promise<AddressHolder>;
  /** A user has the address, or all that was here. Answers whether there is a lead of it. */
  hold(user: string, registeredAt: number): Promise<boolean>;
  /** A user has it no more. Answers with who now has it. */
  release(user: string): Promise<AddressHolder>;
  /**
   * Gives everything of a lead away, to who has the address, or of a user who is merged; to the first that it was given to.
   * Twice is as once. It answers by the name that releases know which had only leads.
   */
  handOver(user: string): Promise<{ lead: Handed; to: string } | null>;
  /** What was handed over to somebody was not taken: it stays. */
  takeBack(from: string): Promise<void>;
  /** Takes over what was somebody else's: state and log. Doing it twice is doing it once. Null: it is taken. */
  takeOver(reference: SchoolReference, handed: Handed, id: string): Promise<NotTaken | null>;
  /**
   * Takes entries of the journal of who was taken over, by `handedName`, before the rest of it; nothing where the user has
   * been erased since. Doing it twice is doing it once. @param from the place of the first among all of them
   */
  takeEntries(name: string, entries: readonly JournalEntry[], from?: number): Promise<void>;
  /** Takes what of them has ended and is not here, the newest first; the same. */
  takeEnded(reference: SchoolReference, name: string, ended: readonly Ended[]): Promise<void>;
  /**
   * Erases everything but the hashes of event ids; answers with what D1 was told of; null: the user was not known.
   * @param to to whom everything went: whatever comes here is theirs from now on
   */
  erase(to?: string): Promise<LoggedIds | null>;
  /** Forgets what the school wants kept no longer. */
  forgetOld(): Promise<void>;
  /** Leaves nothing at all: the school was deleted. */
  leaveSchool(): Promise<void>;

  /** Gives a delivery to one consumer, after a last look; null: settled, recalled, held, or in another's hands. */
  claim(reference: SchoolReference, id: string): Promise<Claim | null>;
  /** Notes that a delivery nobody has claimed is still on its way: not offered again before `until`, real time, ms. */
  postpone(reference: SchoolReference, id: string, until: number): Promise<void>;
  /**
   * Notes how an attempt went. `isKnown`: the delivery was on its way here, and is no lead's that was handed over.
   * `hasNews`: the caller is to announce the user.
   */
  settle(reference: SchoolReference, id: string, sending: SendResult, options?: SettleOptions): Promise<SettledOne>;
  /** Sends a delivery that ended `failed` or `not_sent`, or waits for its next attempt, now, with its key. */
  resend(reference: SchoolReference, delivery: Delivery): Promise<Resent>;
  /** Takes a mail by hand; null: the user is not known. */
  writeTo(reference: SchoolReference, call: WriteCall): Promise<WrittenTo | null>;
  /** Hears what is said of an address that may be the user's, and of a mail that has left for it; what was heard before changes nothing. */
  hearOfMail(reference: SchoolReference, report: MailReport | MailLook): Promise<void>;
  /** Hands the GTM events that wait for the page over to it. */
  dataLayer(reference: SchoolReference): Promise<Record<string, unknown>[] | null>;

  /**
   * What D1 has not heard yet. `heard`: it has heard everything up to this change, null: nothing new; who says so and is
   * still given a batch is to announce the user. `exact`: activity to the millisecond, not to the day.
   */
  untold(options: { heard: number | null; exact: boolean }): Promise<Untold>;
}
