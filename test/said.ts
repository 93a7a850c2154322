import { textOf } from "../durable-objects/store/texts";
import type { Packed } from "../src/calls/shape";
import type { Run } from "../src/engine/types";

/** Tests count what else is made into text. */
const { stringify } = JSON;

const texts = new WeakMap<Run, string>();

/** These runs were said to have changed. */
export function noteSaid(runs: Iterable<Run>): void {
  for (const run of runs) texts.delete(run);
}

/**
 * Makes whoever changes a live run without saying so fail: of those that no turn names nothing is made into text anew
 * (`durable-objects/store/pieces.ts`). What has happened and what has ended never changes, and is made into text once.
 */
export function requireSaid({ state, entries, ended }: Packed): void {
  for (const run of state?.runs ?? []) {
    const text = JSON.stringify(run);
    const was = texts.get(run);
    if (was !== undefined && was !== text) throw new Error(`nobody said that a run changed: ${was} is ${text}`);
    texts.set(run, text);
  }
  for (const item of [...entries, ...ended]) {
    const text = stringify(item);
    if (textOf(item) !== text) throw new Error(`what lies there for good has changed: ${textOf(item)} is ${text}`);
  }
}
