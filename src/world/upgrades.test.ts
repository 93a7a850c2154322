import { expect, test } from "vitest";
import { checkDefinition } from "../catalogue/checking/check";
import { DEFINITION_UPGRADES, definitionText, readDefinition } from "./upgrades";

/** Those that have landed, in their order. A new one is written below them; none is taken out, moved or renamed. */
const LANDED = ["everyOption", "limitOfStarts"];

const parts = { when: [{ type: "user.signed_in" }], then: [{ id: "s1", type: "tags.add", tags: ["a"] }] };
const { definition } = checkDefinition(parts);

test("upgrades are those that have landed, in the same order: what is stored tells their number, not their names", () => {
  expect(DEFINITION_UPGRADES.map(({ name }) => name)).toEqual(LANDED);
});

test("a definition is read as it was stored", () => {
  expect(readDefinition(definitionText(definition))).toEqual(definition);
});

test("a definition stored before versions has every option of today, each with its default", () => {
  expect(readDefinition(JSON.stringify(parts))).toEqual(definition);
});

test("what a later release has brought up is brought up once more to the same", () => {
  const busy = { ...definition, synchronous: true, reentry: "once", cooldown: "P1D" } as const;
  expect(readDefinition(JSON.stringify(busy))).toEqual(busy);
});

test("what is no definition is a fault that does not tell the text", () => {
  expect(() => readDefinition('{"secret":1}')).toThrow(/^a JSON column does not fit its schema/);
});
