import fc from "fast-check";
import { expect, test } from "vitest";
import { difference } from "../../test/model/compare";
import * as engine from "../../test/model/engine";
import { history } from "../../test/model/arbitrary";

const SEED = Number(process.env.SEED ?? 20260327);
const HISTORIES = Number(process.env.HISTORIES ?? 2000);

test("the engine does to any history what the model does", () => {
  fc.assert(
    fc.property(history, (one) => {
      const found = difference(engine, one);
      if (found) expect({ after: found.after, seen: found.engine }).toEqual({ after: found.after, seen: found.model });
    }),
    { seed: SEED, numRuns: HISTORIES, unbiased: true },
  );
}, 300_000);
