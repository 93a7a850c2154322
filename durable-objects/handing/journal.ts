import type { JournalEntry, Packed, Taken } from "../../src/calls/shape";
import type { Store } from "../store/store";
import { FIRST_PLACE, PLACES } from "../store/timeline";

/** They are handed over again for a minute or two; nobody is given so many meanwhile. */
const MAX_TAKEN = 21;

const takenAs = ({ taken = [] }: Packed, name: string): Taken | undefined => taken.find((one) => one.name === name);

/** Whether somebody was taken over: who was erased since has not, and gets no more of it. */
export const hasTaken = (packed: Packed, name: string): boolean => takenAs(packed, name) !== undefined;

/** Notes who is taken over, with a block of places for their journal. */
export function noteTaken(packed: Packed, name: string): void {
  const { taken = [] } = packed;
  packed.taken = [...taken, { name, block: (taken.at(-1)?.block ?? -1) + 1 }].slice(-MAX_TAKEN);
}

/**
 * Takes entries of a journal that was closed, the first of them at a place in it: told of, but not told again, for what
 * came of it came with the state; by which definitions stays known.
 */
export function takeEntries(
  store: Pick<Store, "load" | "addEntries" | "commit">,
  name: string,
  entries: readonly JournalEntry[],
  from: number,
): void {
  const packed = store.load();
  const taken = packed && takenAs(packed, name);
  if (!taken) return;
  const first = FIRST_PLACE + taken.block * PLACES + from;
  store.addEntries(entries.map(({ input: _, ...entry }, n) => ({ ...entry, seq: first + n })));
  store.commit();
}
