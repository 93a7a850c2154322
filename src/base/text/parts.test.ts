import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyOf, type Part, partOf, textOf } from "./parts";

const LONG = "a text that is long, кириллицей too. ".repeat(500);
const decoded = (body: string | Uint8Array) => (typeof body === "string" ? body : new TextDecoder().decode(body));

test("parts are the text that they were made of, put together as bytes or read", () => {
  const texts = fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constant(LONG)));
  fc.assert(
    fc.property(texts, (all) => {
      const parts = all.map(partOf);
      expect(textOf(parts)).toBe(all.join(""));
      expect(decoded(bodyOf(parts))).toBe(all.join(""));
    }),
  );
});

test("what is long is kept as bytes, and only then is the whole made of bytes", () => {
  expect([partOf("short"), bodyOf(["sh", "ort"]), bodyOf([])]).toEqual(["short", "short", ""]);
  const part: Part = partOf(LONG);
  expect(part).toBeInstanceOf(Uint8Array);
  expect(bodyOf(["[", part, "]"])).toBeInstanceOf(Uint8Array);
  expect(bodyOf([part])).toEqual(part);
});
