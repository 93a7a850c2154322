import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { history } from "../../test/model/arbitrary";
import { difference } from "../../test/model/compare";
import * as engine from "../../test/model/engine";
import { FIXTURES } from "../../test/model/fixtures";
import type { History } from "../../test/model/history";
import type { Options } from "../../test/model/subject";

/*
 * The engine against the model of test/model, which another hand wrote from the contract alone. More, or others:
 * `HISTORIES=50000 SEED=7 npx vitest run src/engine/properties.test.ts`. What fails there is shrunk, and goes into the
 * table of test/model/fixtures.ts.
 */
const SEED = Number(process.env.SEED ?? 20260327);
const HISTORIES = Number(process.env.HISTORIES ?? 2_000);

function expectTheSame(one: History, options: Options = {}): void {
  const found = difference(engine, one, options);
  if (found) expect({ after: found.after, seen: found.engine }).toEqual({ after: found.after, seen: found.model });
}

const always = (numRuns: number, options: Options): void =>
  fc.assert(
    fc.property(history, (one) => expectTheSame(one, options)),
    { seed: SEED, numRuns, unbiased: true },
  );

const DOUBTS: [string, Options][] = [
  ["the state is written down and read again in between, and every answer asked for twice", { doubts: true }],
  ["time passes in many small parts, whether or not something is due", { parts: 7 }],
  ["the clock stops after every step, to be moved again", { maxSteps: 1 }],
];

describe.each(Object.entries(FIXTURES))("%s", (_, one) => {
  test("the engine does what the model does", () => expectTheSame(one));
  test.each(DOUBTS)("and when %s", (_, options) => expectTheSame(one, options));
});

test(`the engine does to ${HISTORIES} random histories what the model does`, () => always(HISTORIES, {}), 300_000);

test.each(DOUBTS)("the same when %s", (_, options) => always(Math.ceil(HISTORIES / 8), options), 300_000);
