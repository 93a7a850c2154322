import { expect, test } from "vitest";
import { CATEGORIES } from "../../catalogue/categories";
import { STEPS } from "../../catalogue/steps";
import { PATHS } from "./icon";

test("the icon of every category is drawn", () => {
  expect(Object.keys(PATHS)).toEqual(expect.arrayContaining(Object.values(CATEGORIES).map(({ icon }) => icon)));
});

test("so is that of every kind of step", () => {
  expect(Object.keys(PATHS)).toEqual(expect.arrayContaining([...STEPS.keys()]));
});
