import type { Firing } from "../engine/trying/backtest";
import type { Decision, MissedFact } from "../engine/types";

/* What a user's object is asked of a past with an automation that is tried, and says. */

export interface TriedCall {
  id: string;
  /** As it is kept: JSON. */
  definition: string;
  version: number;
  /** From when on it is there, and taken to be active: ms, by the school's clock. */
  since: number;
  activeSince: number;
}

export interface Backtested {
  /** When each start would have been, ms. */
  starts: number[];
  /** The last of them. */
  last: Firing[];
  /** From when on that holds, ms: before, nothing of the user is kept. */
  since: number;
  /** Somebody else was taken over in this time: what that one lived before is not told again. */
  tookOver: boolean;
}

/** The last fact from which it should have started and did not, where it would now. */
export interface MissedStart {
  fact: MissedFact;
  /** When it would have started, ms. */
  at: number;
  /** What kept it from starting then. */
  why: Omit<Decision, "automation" | "run">;
}

export interface Missed extends Pick<Backtested, "since" | "tookOver"> {
  /** Null: there is none. */
  missed: MissedStart | null;
}

export interface RemoteWhatIf<Reference> {
  /** Tells the past again with an automation that is tried: its starts. Null: the user is not known. */
  backtest(reference: Reference, tried: TriedCall): Promise<Backtested | null>;
  /** The same of one that did not start; null: the user is not known. */
  missed(reference: Reference, tried: TriedCall): Promise<Missed | null>;
}
