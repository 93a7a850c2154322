import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  asTyped,
  compareTexts,
  holdsSought,
  isSeen,
  oneLine,
  searchKey,
  storedKeys,
  textKey,
  trimmed,
  withoutSlashes,
} from "./text";

/** Letters that have several spellings, cases or widths, beside plain ones. */
const letters = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "a",
        "Z",
        "é",
        "e\u0301",
        "Ü",
        "ü",
        "ß",
        "ς",
        "Σ",
        "İ",
        "ı",
        "ǰ",
        "한",
        "가",
        "日",
        "👩‍👧",
        "❤️",
        " ",
        "’",
        "'",
      ),
      fc.string({ unit: "grapheme", maxLength: 1 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));
const nothing = fc
  .array(
    fc.constantFrom(
      " ",
      "\t",
      "\n",
      "\u00a0",
      "\u200b",
      "\u200d",
      "\u2060",
      "\ufeff",
      "\u00ad",
      "\u202a",
      "\u3164",
      "\u2800",
    ),
  )
  .map((parts) => parts.join(""));
const form = fc.constantFrom("NFC", "NFD");

describe("a text", () => {
  test("is compared alike in whatever form and case it is written", () => {
    fc.assert(
      fc.property(letters, form, (text, form) => {
        const key = textKey(text);
        expect(textKey(text.normalize(form))).toBe(key);
        expect(textKey(key)).toBe(key);
        expect(textKey(text.toLowerCase())).toBe(key);
      }),
    );
  });

  test("is found by the keys of before, by which it was stored in either form", () => {
    fc.assert(
      fc.property(letters, form, form, (text, stored, asked) => {
        expect(storedKeys(text.normalize(asked))).toContain(textKey(text));
        expect(storedKeys(text.normalize(asked))).toContain(text.normalize(stored).toLowerCase());
      }),
    );
  });

  test("keeps what is seen at its ends, emoji with their selectors, and loses what is not", () => {
    fc.assert(
      fc.property(nothing, letters, nothing, (before, text, after) => {
        const core = trimmed(text);
        expect(trimmed(before + text + after)).toBe(core);
        expect(trimmed(core)).toBe(core);
      }),
    );
    expect(["❤️", "🏴\u{e0067}\u{e0062}\u{e007f}", "e\u0301"].map(trimmed)).toEqual([
      "❤️",
      "🏴\u{e0067}\u{e0062}\u{e007f}",
      "e\u0301",
    ]);
  });

  test("however long it is, loses its ends in a moment, and slashes too", () => {
    const long = `a${" \u200b".repeat(500_000)}b`;
    expect(trimmed(` ${long} `)).toBe(long);
    const path = `http://a${"/".repeat(500_000)}b`;
    expect(withoutSlashes(`${path}//`)).toBe(path);
  });

  test("is typed on another keyboard with the same meaning, and otherwise left as it is", () => {
    expect(asTyped("ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ")).toBe("anna@example.com");
    expect(["１２", "٣١", "۳۱", "३१", "๓๑"].map(asTyped)).toEqual(["12", "31", "31", "31", "31"]);
    expect(asTyped("\u200f31\u3000é 5² ½")).toBe("31 é 5² ½");
  });

  test("of which nothing is seen is none", () => {
    fc.assert(fc.property(nothing, (text) => !isSeen(text)));
    expect(["", "\ufe0f", "\0"].map(isSeen)).toEqual([false, false, false]);
    expect(["a", "❤️", " \u200bx", "\u0301"].every(isSeen)).toBe(true);
  });

  test("is one line, with a blank where it broke", () => {
    expect(oneLine("Anna\r\nLee\t")).toBe("Anna Lee");
  });

  test("stands where SQLite has it among others", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "\uffff", "🔔", "🔕", "𝄞") });
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(Math.sign(compareTexts(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
      }),
    );
  });

  test("is searched as people type it", () => {
    expect(searchKey("\u200b O’Neil   CAFE\u0301 ")).toBe("o'neil café");
  });

  test("is found by letters that case takes apart, and keeps them in its key", () => {
    const pairs = [
      ["ΣΟΦΌΣΤΕΡΟΣ", "ΣΟΦΌΣ"],
      ["Σοφός", "σοφόσ"],
      ["İstanbul", "istanbul"],
      ["YILDIZ", "yıldız"],
    ] as const;
    for (const [text, sought] of pairs) expect(holdsSought(text, sought), text).toBe(true);
    expect(holdsSought("Σοφός", "σοφού")).toBe(false);
    expect(["Σοφός", "İ", "ı"].map(textKey)).toEqual(["σοφός", "i\u0307", "ı"]);
  });
});
