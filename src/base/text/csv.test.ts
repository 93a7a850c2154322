import { expect, test } from "vitest";
import { csv } from "./csv";

test("what a spreadsheet would calculate is text, and quotes and line breaks stay within their cell", () => {
  expect(csv(["name"], [["=cmd|'/c calc'!A1"], ["+1"], ["-1"], ["@x"], ["\tx"], ['a "b"\nc'], ["plain"]])).toBe(
    ["name", "'=cmd|'/c calc'!A1", "'+1", "'-1", "'@x", "'\tx", '"a ""b""\nc"', "plain", ""].join("\r\n"),
  );
});
