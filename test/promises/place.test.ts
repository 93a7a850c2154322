import { describe, expect, test } from "vitest";
import { ROWS } from "./inside/rows.mjs";
import { FAULTS } from "./object/faults.mjs";
import { requirePlace } from "./place.mjs";

// They are planted by a run of their own, long after a change was made: what they replace must not go unnoticed till then.
const faults = [...Object.values(ROWS).flatMap((row) => row.faults), ...FAULTS];

describe("a fault that the promises plant has its place in the source", () => {
  test.each(faults)("$name", (fault) => {
    expect(() => requirePlace(fault)).not.toThrow();
  });
});
