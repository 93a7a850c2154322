import type { Packed } from "../../src/calls/shape";
import type { LoggedRun } from "../../src/engine/types";
import type { Store } from "../store/store";

/* Runs that have ended, as long as they are kept here. */

/** @param packed of somebody new nothing lies in the store yet */
export function endedRun(store: Pick<Store, "ended">, packed: Packed, id: string): LoggedRun | null {
  for (const one of packed.ended.toReversed()) if ("run" in one && one.run.id === id) return one.run;
  for (let before: number | undefined; ; ) {
    const { items, next } = store.ended({ before, newestFirst: true });
    for (const one of items) if ("run" in one && one.run.id === id) return one.run;
    if (next === null) return null;
    before = next;
  }
}

/** Changes what is told of a run that has ended: D1 hears of it anew. */
export function writeEndedAnew(packed: Packed, run: LoggedRun, change: (again: LoggedRun) => void): void {
  const again = structuredClone(run);
  change(again);
  packed.logSeq = ++packed.seq;
  packed.ended.push({ seq: packed.seq, at: run.endedAt ?? run.startedAt, run: again });
}
