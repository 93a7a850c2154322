import type { Delivery } from "../engine/types";

/*
 * What a user's object is asked when D1 was brought back to a moment, or the object itself was. JSON, as it crosses
 * between isolates.
 */

/** What stands here as it stood not in D1. */
export interface Retelling {
  /** Ids of live runs: D1 has others of a time that is no more. */
  live: string[];
  /** Enrolment methods by which the user holds a place. */
  methods: string[];
}

export interface RemoteRetelling {
  /**
   * D1 went back: it is to hear anew of the user, and of what happened since. Null: nobody is here, or all of it is
   * another's. @param since by the user's clock, ms; null: of all that is kept
   */
  tellAnew(since: number | null): Promise<Retelling | null>;
  /**
   * This object went back, and D1 did not: what D1 knows to have left does not leave again, and what is told from now on is
   * newer than what was told before.
   */
  learnFromLog(known: readonly Delivery[]): Promise<void>;
  /** Goes back to a moment, real time, ms, by the next call. Answers by which bookmark it comes forward again. */
  goBack(to: number): Promise<string>;
}
