import { expect, test, vi } from "vitest";
import type { Ended, JournalEntry } from "../../src/calls/shape";
import { newState } from "../../src/engine/step";
import { emptyPacked } from "../packed/packed";
import { textOfAll, textOfPacked } from "./texts";

const entry = (seq: number): JournalEntry => ({ seq, at: seq, eventId: `evt_${seq}`, facts: [] });
const ended = (seq: number): Ended => ({
  ...{ seq, at: seq },
  run: {
    ...{ id: `run_${seq}`, automation: "aut_1", version: 1, revision: 1, status: "completed", reason: null },
    ...{ synchronous: true, trigger: { type: "custom.go", data: {}, at: 1, order: 1 }, eventId: null },
    ...{ startedAt: 1, endedAt: 1, waiting: null, steps: [] },
  },
});

const packedOf = (entries: JournalEntry[], endedOnes: Ended[]) => ({
  ...emptyPacked("live", 1),
  state: newState("anna", 1),
  entries,
  ended: endedOnes,
});

test.each([
  ["nothing", [], []],
  ["some of each", [entry(1), entry(2)], [ended(1)]],
])("what lies packed reads as it was: %s", (_, entries, endedOnes) => {
  const packed = packedOf(entries, endedOnes);
  expect(JSON.parse(textOfPacked(packed))).toEqual(JSON.parse(JSON.stringify(packed)));
});

test("what has happened and what has ended is made into text once", () => {
  const entries = [entry(1), entry(2)];
  const packed = packedOf(entries, [ended(1)]);
  textOfPacked(packed);
  const stringify = vi.spyOn(JSON, "stringify");
  packed.entries.push(entry(3));
  textOfPacked(packed);
  textOfAll(packed.entries);
  const made = stringify.mock.calls.map(([value]) => value);
  stringify.mockRestore();
  expect(made).toEqual([expect.objectContaining({ state: packed.state }), entry(3)]);
});
