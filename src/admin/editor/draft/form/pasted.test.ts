import fc from "fast-check";
import { expect, test } from "vitest";
import { pastedValues } from "./pasted";

test.each([
  ["gold\nsilver\tbronze\r\n", false, ["gold", "silver", "bronze"]],
  ["Smith, Anna\nLee, Bo", false, ["Smith, Anna", "Lee, Bo"]],
  ["Smith, Anna", false, null],
  ["gold\r\n", false, null],
  ["b@x.com; c@x.com, d@x.com", true, ["b@x.com", "c@x.com", "d@x.com"]],
  ["Bo <b@x.com>, Cy <c@x.com>", true, ["b@x.com", "c@x.com"]],
  ["@beta.com, gamma.com", true, ["@beta.com", "gamma.com"]],
  ["a\na\nb", false, ["a", "b"]],
])("what is pasted is a value a cell, and between commas only where no value has one: %j", (text, plain, values) => {
  expect(pastedValues(text, { plain })).toEqual(values);
});

test("whatever stands between and around them, and how often each is there, the same values are pasted", () => {
  const values = fc.uniqueArray(fc.constantFrom("gold", "Été 2", "b@x.com", "@beta.com", "日本"), { minLength: 2 });
  const blank = fc.constantFrom("", " ", "\u00a0");
  fc.assert(
    fc.property(
      values,
      fc.array(fc.constantFrom("\n", "\r\n", "\t", "\n\n", ",", "; "), { minLength: 5, maxLength: 5 }),
      blank,
      fc.boolean(),
      (all, between, around, again) => {
        const cells = again ? [...all, ...all] : all;
        const of = (signs: readonly string[]) =>
          cells.map((cell, at) => around + cell + around + (signs[at % signs.length] ?? "")).join("");
        expect(pastedValues(of(between), { plain: true })).toEqual(all);
        const ofSheets = between.map((sign) => (/[,;]/.test(sign) ? "\t" : sign));
        expect(pastedValues(of(ofSheets), { plain: false })).toEqual(all);
      },
    ),
  );
});
