import { describe, expect, test } from "vitest";
import { speakingIn } from "../../../language/speaking";
import { shiftMeant, shiftSaid } from "./moments";

describe("days counted from now", () => {
  test.each([
    ["30 days ago", "-P30D"],
    ["1 day ago", "-P1D"],
    ["in 2 weeks", "P2W"],
    ["3 Months ago", "-P3M"],
    ["vor 30 Tagen", "-P30D"],
    ["in 1 Jahr", "P1Y"],
  ])("“%s” is %s, and is said so again", async (typed, meant) => {
    expect(shiftMeant(typed)).toBe(meant);
    expect(shiftMeant(shiftSaid(meant))).toBe(meant);
    expect(shiftMeant(await speakingIn("de", () => shiftSaid(meant)))).toBe(meant);
  });

  test.each(["2026-01-31", "-P30D", "30 days", "Paris", "30 apples ago", "in 2 weeks ago", ""])(
    "“%s” stays as it is",
    (typed) => expect(shiftMeant(typed)).toBe(typed),
  );

  test("they are said in words", () => {
    expect([shiftSaid("-P30D"), shiftSaid("P2W"), shiftSaid("Paris")]).toEqual(["30 days ago", "in 2 weeks", "Paris"]);
  });
});
