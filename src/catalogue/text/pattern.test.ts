import { describe, expect, test } from "vitest";
import { processorMs } from "../../../test/cpu";
import { checkPattern, compilePattern } from "./pattern";

const found = (pattern: string, text: string, ignoreCase = true) => compilePattern(pattern, { ignoreCase })(text);

describe("what can be saved", () => {
  test.each([
    "^(a+)+$",
    "(.*)*=",
    "^kate@gmail\\.com$",
    "a".repeat(256),
    "\\p{Greek}+",
    "(?P<name>x)",
    "",
    "/",
    "//",
    "/courses",
    "a/b/",
    "# 1",
  ])("%s", (pattern) => {
    expect(checkPattern(pattern)).toBeNull();
  });

  test.each([
    "(a{1000}){1000}",
    "a".repeat(257),
    "[",
    "(",
    "(?!x)",
    "(?=x)y",
    "(a)\\1",
    "(?<=a)b",
    "(?<!a)b",
    "a{2,1}",
    "*",
    "(.{0,50}){20}z",
    "((a{10}){15}){15}",
    "/kate/",
    "/^kate$/i",
    " #kate#gi ",
    "~(a|b)~",
  ])("not %s", (pattern) => {
    expect(checkPattern(pattern)).toEqual(expect.stringMatching(/./));
  });

  test("whatever is given, the answer comes soon", () => {
    const hostile = ["(", "[", "(?:", "a{1000}", "(\\pL{1,30})", "[^a]", "(|", "(?i)", "\\pL", "x*"].map((part) =>
      part.repeat(256).slice(0, 256),
    );
    for (const pattern of hostile)
      expect(
        processorMs(() => checkPattern(pattern)),
        pattern,
      ).toBeLessThan(2_000);
  });
});

describe("matching", () => {
  test("anywhere in the text, in any case when told so", () => {
    expect(found("ATH", "New Athens")).toBe(true);
    expect(found("ATH", "New Athens", false)).toBe(false);
    expect(found("αθ", "ΑΘΗΝΑ")).toBe(true);
    expect(found(".*", "")).toBe(true);
  });

  test("what looks alike is not the same", () => {
    const kate = "^kate@gmail\\.com$";
    expect(found(kate, "Kate@Gmail.com")).toBe(true);
    for (const other of ["kаte@gmail.com", "kate@gmail.com.evil.org", "kate@gmail.com\n"])
      expect(found(kate, other), other).toBe(false);
  });

  test("patterns that take others for ever", () => {
    for (const [pattern, text] of [
      ["^(a+)+$", `${"a".repeat(319)}!`],
      ["(.*)*=", "a".repeat(320)],
      ["(x+x+)+y", "x".repeat(320)],
      ["((a|b)*a(a|b){12}){20}$", "abbab".repeat(64)],
    ] as const) {
      const test = compilePattern(pattern, { ignoreCase: true });
      test(text);
      const took = processorMs(() => {
        for (let i = 0; i < 20; i++) test(text);
      });
      expect(took / 20, pattern).toBeLessThan(50);
    }
  });

  test("of a long text the first 320 characters are looked at", () => {
    expect(found("b", `${"a".repeat(319)}b`)).toBe(true);
    expect(found("b", `${"a".repeat(320)}b`)).toBe(false);
  });

  test("a pattern used for long goes on saying the same", () => {
    const test = compilePattern("^(a|b)+c$", { ignoreCase: true });
    for (let i = 0; i < 500; i++) {
      expect(test(`${"ab".repeat(150)}c`)).toBe(true);
      expect(test(`${"ab".repeat(150)}d`)).toBe(false);
    }
  });
});
