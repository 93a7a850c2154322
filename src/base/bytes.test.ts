import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteCount, bytesOf } from "./bytes";

test("texts are counted together as they are sent, whenever it is asked", () => {
  const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 20 }));
  fc.assert(
    fc.property(texts, fc.nat(200), (all, limit) => {
      const count = new ByteCount();
      let bytes = 0;
      for (const text of all) {
        count.add(text);
        bytes += bytesOf(text);
        expect(count.isOver(limit)).toBe(bytes > limit);
      }
    }),
  );
});
