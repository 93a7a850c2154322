import type { RosterRecord } from "../catalogue/enrolment/roster";
import type { Cause, Change } from "../catalogue/facts/changes";
import type { FieldValue, Learner, OrderedFact } from "../catalogue/facts/facts";
import type { Origin } from "../catalogue/facts/givers";
import type { MailPart } from "../catalogue/messages/says-nothing";
import type { StepStatus, WaitEnd } from "../catalogue/steps/define";
import type { TakenBack } from "../catalogue/undo/things";
import type { Delivery } from "./delivery";
import type { Traced } from "./identity";

export type * from "./compile/compiled";
export type * from "./inputs/happening";

// ---- State ----

export type RunStatus = "queued" | "running" | "waiting" | "held" | "completed" | "exited" | "cancelled" | "failed";

export interface StepLog {
  step_id: string;
  type: string;
  status: StepStatus;
  at: number;
  /** Of a step in a `repeat`: which round it was, from 1. */
  round?: number;
  detail?: Record<string, unknown>;
}

export interface Waiting {
  step: string;
  since: number;
  /** Null while held. */
  wakeAt: number | null;
  /** What stood in the field whose date it waits for. */
  value?: FieldValue;
  /** How the wait ended, once that is decided and while the run has not gone on: it is queued or held. */
  way?: WaitEnd;
}

/** One user going through one automation. */
export interface Run extends Traced {
  id: string;
  automation: string;
  version: number;
  /** The automation's revision when it began. */
  revision: number;
  status: RunStatus;
  synchronous: boolean;
  trigger: OrderedFact;
  /** The event at the start of its chain. */
  eventId: string | null;
  /** What the fact is about, where re-entry is counted apart. */
  subject: string;
  startedAt: number;
  endedAt: number | null;
  reason: string | null;
  /** The operation that comes next, or that it waits at. */
  place: number;
  /** Which round of a `repeat` it is in, from 1; 0: in none. */
  round: number;
  /** Its place in the queue of runs. */
  queued?: number;
  waiting: Waiting | null;
  /** Has waited: `exit_if` is looked at before every step from then on. */
  waited: boolean;
  /**
   * The runs behind the facts it makes, itself included, since the clock last moved for it; as `linkOf` writes them.
   */
  chain: string[];
  /** The automations behind the facts it makes, through waits too. */
  lineage: string[];
  /** The `wait_for` steps that were answered before the run reached them, with the chain of the fact that did. */
  heard: { step: string; at: number; chain: string[]; lineage: string[] }[];
  steps: StepLog[];
}

/** What the log has of a run. */
export type LoggedRun = Traced &
  Pick<
    Run,
    | "id"
    | "automation"
    | "version"
    | "revision"
    | "status"
    | "reason"
    | "synchronous"
    | "trigger"
    | "eventId"
    | "startedAt"
    | "endedAt"
    | "waiting"
    | "steps"
  >;

/**
 * What keeps an automation that listens from starting; `paused`: it started, and the run is held; `not_there`: nothing was
 * decided, for there was no such automation then.
 */
export const STOPS = [
  "trigger",
  "inactive",
  "quiet",
  "before_active",
  "paused",
  "loop_stopped",
  "only_if",
  "already_running",
  "once",
  "cooldown",
  "limit",
  "not_there",
] as const;

/** Why an automation that listens did not start, or that it did: both, where the pause holds what it started. */
export interface Decision {
  automation: string;
  run?: string;
  stopped_by?: (typeof STOPS)[number];
  path?: string;
  expected?: unknown;
  seen?: unknown;
}

/** What is remembered of an automation's starts, by its id, and by id and subject where they are counted apart. */
export interface Starts {
  count: number;
  last: number;
  /** When the last ones were, oldest first, as many as a limit counts; where there is none that counts in a time: none. */
  recent?: number[];
}

/** Everything of a user that the engine reads and writes. JSON. */
export interface UserState {
  learner: Learner;
  runs: readonly Run[];
  starts: Readonly<Record<string, Readonly<Starts>>>;
  /** Stretches of inactivity that have fired, and when each began: by JSON `[automation or run, scope, course, days]`. */
  away: Readonly<Record<string, number>>;
  /**
   * The dates that triggers wait for: by JSON `[automation, what the trigger waits for, what the date is about]`, when it
   * comes. `told`: it came, or was past when it was heard of.
   */
  dates: Readonly<Record<string, { readonly at: number; readonly told?: true }>>;
  /**
   * When the rules of managed segments are to be judged anew, by the segment. `late`: in this turn the user had joined or
   * left it already; with the automations behind what would have moved them again.
   */
  again?: Record<string, { at: number; late?: string[] }>;
  /** Counts whatever was heard or made of the user. */
  order: number;
  /** The school's clock as last seen: it never goes back. */
  clock: number;
  stamp: number;
  /** The LMS said that the user was deleted there, and no event came since: nothing starts. */
  gone?: true;
  /** Enrolments by records of a roster that are to begin; left out: none. */
  ahead?: AheadRecord[];
}

/** An enrolment that is to begin. */
export interface AheadRecord extends RosterRecord {
  at: number;
  /** As loud as its import, and by which job. */
  fire: boolean;
  by: string | null;
}

// ---- Results ----

export interface JournalFact {
  type: string;
  data: Record<string, unknown>;
  at: number;
  /** What brought it about; left out where that is the event of the entry. */
  by?: Origin;
  /** The run behind it, where that is not what brought it about: a rule, a sync or a bundle followed. */
  run?: string;
  quiet?: true;
  hidden?: true;
  /** Of the automations whose triggers meant it. */
  decisions: Decision[];
}

/** Something changed that the LMS is to hear of. */
export type ChangeMade = Change &
  Traced & {
    cause: Cause;
    /** The school's clock, ms. */
    at: number;
    /** Of a run: what made it, or what followed from what it made. */
    step?: { run: string; automation: string; step: string; round: number; synchronous: boolean };
  };

/** What one turn brought about, beside the state. */
export interface Effects {
  facts: JournalFact[];
  changes: ChangeMade[];
  /** Runs begun or changed, as they stand at the end. */
  runs: Map<string, Run>;
  /** Those again, and live runs that changed in what the log does not tell: all others are as they were. */
  changed: Set<Run>;
  /** Ids of the runs begun, in order. */
  begun: string[];
  deliveries: Delivery[];
  steps: number;
  /** Something of the user goes by another id now: nothing else says so. */
  renamed?: true;
  /** Of an undo: what it took back, and what stays. */
  undone?: TakenBack;
  /** Of a mail by hand: why there is none, as a step that sends it would say, and which part of it is to blame. */
  unsent?: { reason: string; part: MailPart | "topic"; others?: { reason: string; part: MailPart | "topic" }[] };
}

export { DELIVERY_STATUSES } from "./delivery";
export type { Delivery, FieldValue, StepStatus, Traced };
