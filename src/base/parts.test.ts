import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyOf, lengthOf, type Part, partOf, textOf } from "./parts";

const LONG = "a text that is long, кириллицей too. ".repeat(500);

test("parts are the text that they were made of, put together as bytes or read", async () => {
  const texts = fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constant(LONG)));
  await fc.assert(
    fc.asyncProperty(texts, async (all) => {
      const parts = all.map(partOf);
      expect(textOf(parts)).toBe(all.join(""));
      expect(await new Response(bodyOf(parts)).text()).toBe(all.join(""));
    }),
  );
});

test("what is long is kept as bytes, and only then is the whole made of bytes", () => {
  expect([partOf("short"), bodyOf(["sh", "ort"]), bodyOf([])]).toEqual(["short", "short", ""]);
  const part: Part = partOf(LONG);
  expect(part).toBeInstanceOf(Uint8Array);
  const body = bodyOf(["[", part, "]"]);
  expect(body instanceof Blob && body.size).toBe(lengthOf(["[", part, "]"]));
});
