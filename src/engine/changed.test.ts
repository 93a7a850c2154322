import fc from "fast-check";
import { expect, test } from "vitest";
import { history } from "../../test/model/arbitrary";
import * as engine from "../../test/model/engine";
import { EngineSubject } from "../../test/model/subject";
import { newState } from "./step";
import type { Effects, Run, UserState } from "./types";

/*
 * Runs are changed in place, and what lies stored of those that a turn does not name is left as it is: a change that is
 * not said would be lost.
 */

let looked = { runs: 0, changed: 0, unsaid: [] as string[] };

/** Compares the live runs, as text, with what they were before, and what differs with what is said to. */
function saying<T extends { effects: Effects; before?: Effects }>(state: UserState, act: () => T): T {
  const were = new Map<Run, string>(state.runs.map((run) => [run, JSON.stringify(run)]));
  const done = act();
  for (const run of state.runs) {
    const was = were.get(run);
    if (was === undefined) continue;
    looked.runs++;
    if (was === JSON.stringify(run)) continue;
    looked.changed++;
    if (!done.effects.changed.has(run) && !done.before?.changed.has(run)) looked.unsaid.push(run.id);
  }
  return done;
}

const listening: typeof engine = {
  ...engine,
  newState,
  step: (state, ...rest) => saying(state, () => engine.step(state, ...rest)),
  advance: (state, ...rest) => saying(state, () => engine.advance(state, ...rest)),
  control: (state, ...rest) => saying(state, () => engine.control(state, ...rest)),
};

test("no live run is another than it was without being said to be, in whatever happens", () => {
  looked = { runs: 0, changed: 0, unsaid: [] };
  fc.assert(
    fc.property(history, ({ zone, automations, happenings }) => {
      const subject = new EngineSubject(listening, automations, zone, {});
      for (const happening of happenings) subject.happen(happening);
      expect(looked.unsaid).toEqual([]);
    }),
    { seed: 20261128, numRuns: 1_000, unbiased: true },
  );
  // Else it would say nothing.
  expect(looked.changed).toBeGreaterThan(500);
  expect(looked.runs).toBeGreaterThan(2 * looked.changed);
});
