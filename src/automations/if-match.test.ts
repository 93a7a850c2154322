import fc from "fast-check";
import { expect, test } from "vitest";
import { isNamedIn } from "./document";

test("If-Match names our tag, strong or made weak on its way, anywhere in a list, and no other", () => {
  const tag = fc.nat({ max: 12 }).map((revision) => `"${revision}"`);
  const listed = fc.tuple(fc.constantFrom("", "W/"), tag, fc.constantFrom("", " ", "\t"));
  fc.assert(
    fc.property(fc.array(listed, { minLength: 1, maxLength: 4 }), tag, (tags, ours) => {
      const header = tags.map(([weak, one, blank]) => blank + weak + one + blank).join(",");
      expect(isNamedIn(header, ours)).toBe(tags.some(([, one]) => one === ours));
      expect(isNamedIn(`${header}, *`, ours)).toBe(true);
    }),
  );
});
