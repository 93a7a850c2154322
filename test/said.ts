import type { Packed } from "../src/calls/shape";
import type { Run } from "../src/engine/types";

const texts = new WeakMap<Run, string>();

/** These runs were said to have changed. */
export function noteSaid(runs: Iterable<Run>): void {
  for (const run of runs) texts.delete(run);
}

/**
 * Makes whoever changes a live run without saying so fail: of those that no turn names nothing is made into text anew
 * (`durable-objects/store/pieces.ts`).
 */
export function requireSaid({ state }: Packed): void {
  for (const run of state?.runs ?? []) {
    const text = JSON.stringify(run);
    const was = texts.get(run);
    if (was !== undefined && was !== text) throw new Error(`nobody said that a run changed: ${was} is ${text}`);
    texts.set(run, text);
  }
}
