import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newState } from "../../src/engine/step";
import { emptyPacked } from "../packed";
import { cut, joined, type Pieced } from "./pieces";
import { slicesOf } from "./slices";

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

/** What lies packed of somebody with so many tags and live runs. */
function packedWith(tags: readonly string[], more: Record<string, unknown> = {}) {
  const state = newState("anna", 1);
  state.learner.tags = [...tags];
  Object.assign(state.learner.fields, more);
  return { ...emptyPacked("live", 1), state };
}

const tags = (count: number) => Array.from({ length: count }, (_, n) => `a tag of some length, number ${n}`);
const none: Pieced["pieces"] = new Map();

const written = (before: Pieced, after: Pieced): string[] =>
  [...after.pieces].flatMap(([id, text]) => (before.pieces.get(id) === text ? [] : [text]));

describe("what lies packed, cut into pieces,", () => {
  test("is the same when it is put together, whatever it holds and was before", () => {
    const texts = fc.array(fc.string({ maxLength: 60 }), { maxLength: 300 });
    const records = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("__proto__", "rest", "cuts", "1")),
      fc.string({ maxLength: 200 }),
      { maxKeys: 60 },
    );
    fc.assert(
      fc.property(texts, texts, records, (one, other, fields) => {
        const before = cut(packedWith(one), none);
        const now = JSON.parse(JSON.stringify(packedWith(other, fields)));
        const { spine, pieces } = cut(now, before.pieces);
        expect(joined(spine, pieces)).toEqual(now);
      }),
    );
  });

  test("is not taken for one text, nor one text for it", () => {
    expect(joined(JSON.stringify(packedWith(["a"])), none)).toBeNull();
  });

  test.each([
    ["is added at the end", (list: string[]) => [...list, "one more"]],
    ["goes from the middle", (list: string[]) => list.filter((_, n) => n !== 500)],
    ["comes at the beginning", (list: string[]) => ["one more", ...list]],
  ])("has but a piece or two written when one of a thousand %s", (_, change) => {
    const list = tags(1_000);
    const before = cut(packedWith(list), none);
    const after = cut(packedWith(change(list)), before.pieces);
    expect(before.pieces.size).toBeGreaterThan(10);
    const now = written(before, after);
    expect(now.length).toBeLessThanOrEqual(2);
    expect(now.join("").length + after.spine.length).toBeLessThan(20_000);
  });

  test("has no piece longer than a few thousand characters, but for one long item", () => {
    const { pieces } = cut(packedWith([...tags(1_000), "x".repeat(50_000)]), none);
    const lengths = [...pieces.values()].map((text) => text.length).sort((one, other) => one - other);
    expect(lengths.pop()).toBeGreaterThan(50_000);
    expect(lengths.pop()).toBeLessThan(10_000);
  });
});
