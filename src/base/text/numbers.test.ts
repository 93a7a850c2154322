import fc from "fast-check";
import { expect, test } from "vitest";
import { numberMeant, numberOfText } from "./numbers";

test("a number is read back as programs write it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })), (value) => {
      // -0 is written as 0.
      const written = String(value);
      expect(numberOfText(written)).toBe(Number(written));
      expect(numberOfText(` \u00a0${written}\u200b`)).toBe(Number(written));
    }),
  );
});

const LOCALES = ["en-US", "de-DE", "fr-FR", "de-CH", "sv-SE", "en-IN", "pl-PL", "pt-BR"];
test("of what people write in their countries nothing is read as another number", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 3 }), (whole, digits) => {
      const value = whole / 10 ** digits;
      for (const locale of LOCALES) {
        const text = value.toLocaleString(locale, { maximumFractionDigits: 3 });
        const isPoint = /^-?\d{1,3}\.\d{3}$/.test(text);
        // The one text that has always been a number here: with a point, as programs write it.
        if (!isPoint) expect([value, null], `${locale} ${text}`).toContain(numberOfText(text));
      }
    }),
  );
});

test("however long a text is, it is told in a moment that it is no number", () => {
  for (const text of [`${"1".repeat(500_000)}x`, `5${" ".repeat(500_000)}x`, `1${" 111".repeat(200_000)}x`])
    expect([numberOfText(text), numberMeant(text)]).toEqual([null, null]);
});

test.each([
  ["31,5", 31.5],
  ["0,125", 0.125],
  [",5", 0.5],
  ["1.234,50", 1234.5],
  ["1,234.50", 1234.5],
  ["1 234,5", 1234.5],
  ["1’234.5", 1234.5],
  ["1 234", 1234],
  ["1,234,567", 1_234_567],
  ["1.234.567", 1_234_567],
  ["12345,678", 12_345.678],
  ["\u22125", -5],
  ["+5", 5],
  [".5", 0.5],
  ["5.", 5],
  ["1e3", 1000],
  ["0031", 31],
])("%s is %d", (text, value) => expect(numberOfText(text)).toBe(value));

test.each([
  ...["1,234", "-1,234", "1,234,56", "1.234.56", "12,34,567", "1,2,3", "1.2.3", "1.234.567.8", "0x10", "1_000", "--1"],
  ...["Infinity", "NaN", "1e999", "", " ", "-", ",", ".", "5 a", "１２"],
])("%j is none, or two", (text) => expect(numberOfText(text)).toBeNull());
