import { expect, test } from "vitest";
import { subjectOf, triggerValue, WORDS } from "./kinds";

test("what a fact is about is written in the order that stored starts are counted by", () => {
  const data = Object.fromEntries(
    ["coupon", "exam", "tag", "segment", "product", "product_type", "course", "space", "amount"].map((name) => [
      name,
      "x",
    ]),
  );
  expect(subjectOf({ type: "any", data, at: 0 })).toBe(
    '[["course","x"],["product_type","x"],["product","x"],["tag","x"],["segment","x"],["exam","x"],["coupon","x"]]',
  );
});

test("the vocabulary is of what facts name, not of what has a name elsewhere", () => {
  expect([...WORDS].sort()).toEqual(
    "activity assessment bundle certificate coupon course exam form group seat subscription tag".split(" "),
  );
});

test("a payment speaks of the product by its kind", () => {
  expect(triggerValue("bundle", { product: "b", product_type: "bundle" })).toBe("b");
  expect(triggerValue("course", { product: "b", product_type: "bundle" })).toBeUndefined();
  expect(triggerValue("product", { course: "js" })).toBe("js");
});
