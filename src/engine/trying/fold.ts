import { type Outcome, type Played, play } from "../play";
import type { UserState, World } from "../types";

/** What of an entry of the journal the past is told again by; without an input nothing happened by it. */
export interface Recorded {
  seq: number;
  at: number;
  eventId: string | null;
  input?: Played;
}

/** A state, and the entry that it is the state after. */
export interface Folded {
  seq: number;
  state: UserState | null;
}

/**
 * Tells the past again by an entry: what the state before it became. Null: the entry says nothing that was not there.
 * @param before changed in place
 * @param world that of the entry's time
 */
export function fold(before: Folded, user: string, entry: Recorded, world: World): Outcome | null {
  const { seq, input, eventId, at } = entry;
  if (seq <= before.seq) return null;
  before.seq = seq;
  if (!input) return null;
  const outcome = play(before.state, user, structuredClone({ input, eventId, at }), world);
  before.state = outcome.state;
  return outcome;
}
