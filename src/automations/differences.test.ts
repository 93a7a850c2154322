import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "../base/json";
import { differencesOf } from "./differences";

const step = (id: string, subject: string) => ({ id, type: "email.user", subject, body: "Hi" });

test("a field that changed is named with what it was and what it will be", () => {
  expect(differencesOf({ name: "A", active: true }, { name: "B", active: true })).toEqual([
    { path: "/name", before: "A", after: "B" },
  ]);
});

test("a step before others changes nothing of them", () => {
  const before = { then: [step("s1", "One"), step("s2", "Two")] };
  const after = { then: [step("s3", "Zero"), step("s1", "One"), step("s2", "Deux")] };
  expect(differencesOf(before, after)).toEqual([
    { path: "/then/s2/subject", before: "Two", after: "Deux" },
    { path: "/then/s3", after: step("s3", "Zero") },
  ]);
});

test("steps in another order are said by their ids", () => {
  const [one, two] = [step("s1", "One"), step("s2", "Two")];
  expect(differencesOf({ then: [one, two] }, { then: [two, one] })).toEqual([
    { path: "/then", before: ["s1", "s2"], after: ["s2", "s1"] },
  ]);
});

test("another kind of step under the same id is another step whole", () => {
  const exit = { id: "s1", type: "exit" };
  expect(differencesOf([step("s1", "One")], [exit])).toEqual([{ path: "/s1", before: step("s1", "One"), after: exit }]);
});

test("a list of texts is one value", () => {
  expect(differencesOf({ tags: ["a"] }, { tags: ["a", "b"] })).toEqual([
    { path: "/tags", before: ["a"], after: ["a", "b"] },
  ]);
});

test("of a long value the beginning is shown", () => {
  const [one] = differencesOf({ body: "a".repeat(100_000) }, { body: "b".repeat(100_000) });
  expect(JSON.stringify(one).length).toBeLessThan(9_000);
});

test("there is a difference exactly where two values are not the same", () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(differencesOf(a, b).length > 0).toBe(canonical(a) !== canonical(b));
      expect(differencesOf(a, structuredClone(a))).toEqual([]);
    }),
  );
});
