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
