import { describe, expect, test } from "vitest";
import { newState } from "../../src/engine/step";
import { emptyPacked } from "../packed";
import { SLOTS, slicesOf, slotParts, unpacked } from "./packing";

describe("slices of a text", () => {
  test.each(["", "a", "ab", "abc"])("never go through a character, wherever the cuts fall: behind %j", (ahead) => {
    const text = `${ahead}${"🔔".repeat(20)}`;
    for (let length = 2; length < 10; length++) {
      const slices = slicesOf(text, length);
      expect(slices.join("")).toBe(text);
      expect(slices.filter((slice) => !slice.isWellFormed())).toEqual([]);
      expect(Math.max(...slices.map((slice) => slice.length))).toBeLessThanOrEqual(length);
    }
  });

  test("are one of a text that fits, and one of none", () => {
    expect(slicesOf("abcd", 4)).toEqual(["abcd"]);
    expect(slicesOf("", 4)).toEqual([""]);
  });
});

describe("what lies packed", () => {
  const packed = { ...emptyPacked("live", 1), state: newState("anna", 1), tookOver: "lead" };

  test("is the same from one row, from its parts, and from slices of them", () => {
    const one = new Map<number, string>([[SLOTS.all, JSON.stringify(packed)]]);
    const parts = slotParts(packed, packed.runs);
    const sliced = parts.flatMap(([slot, body]) => slicesOf(body, 50).map((slice, n) => [slot + n, slice] as const));
    for (const rows of [one, new Map(parts), new Map(sliced)]) expect(unpacked(rows)).toEqual(packed);
  });

  test("is nothing where there is no row", () => {
    expect(unpacked(new Map())).toBeNull();
  });
});
