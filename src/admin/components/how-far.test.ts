import { expect, test } from "vitest";
import { howFar } from "./how-far";

test.each([
  [0, 0, true, "just begun"],
  [0, 0, false, "nothing to do"],
  [1_200, 1_200, true, "1,200 so far"],
  [1_200, 5_000, true, "1,200 of 5,000"],
  [5_000, 5_000, false, "5,000 of 5,000"],
])("a job that did %i of %i is said to be no further than it is", (done, total, isLive, text) => {
  expect(howFar(done, total, isLive)).toBe(text);
});
