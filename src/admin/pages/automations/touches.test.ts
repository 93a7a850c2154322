import { describe, expect, test } from "vitest";
import { catalogue } from "../../words/names";
import { wordsOf } from "../../words/sentences/sentence";
import { matches, narrowing, readSearch } from "./touches";

const words = wordsOf(catalogue());

const automation = {
  name: "VIP welcome",
  when: [{ type: "tag.added", tags: ["VIP"] }],
  only_if: { not: { type: "course.is_enrolled", courses: ["js-101"] } },
  then: [
    {
      id: "s1",
      type: "branch",
      if: { type: "user.is_paying" },
      yes: [{ id: "s2", type: "tags.add", tags: ["done"] }],
      no: [],
    },
  ],
  exit_when: [],
  exit_if: null,
};

const finds = (typed: string): boolean => matches(automation, readSearch(typed), words);

describe("the search of automations", () => {
  test("looks in the name, whatever the case", () => {
    expect(finds("vip wel")).toBe(true);
    expect(finds("goodbye")).toBe(false);
  });

  test("finds what a trigger, a condition or a step within a branch touches", () => {
    expect(finds("touches:tag:vip")).toBe(true);
    expect(finds("touches:tag:done touches:course:js-101")).toBe(true);
    expect(finds("touches:tag:js-101")).toBe(false);
    expect(finds("touches:course:js")).toBe(false);
  });

  test("takes values with blanks in quotes, beside words", () => {
    expect(readSearch('hello touches:tag:"very vip" there')).toEqual({
      text: "hello there",
      touches: [{ kind: "tag", value: "very vip" }],
    });
  });
});

test.each([
  ["vip wel", "vip wel"],
  ["touches:tag:done touches:course:js-101", "js-101"],
  ["wel touches:tag:Done", "done"],
  ["über", ""],
  ['touches:tag:"a\\b"', ""],
  ["a touches:tag:größe", "a"],
])("the database is asked beforehand for no more than it can tell as we do: %s", (typed, asked) => {
  expect(narrowing(readSearch(typed))).toBe(asked);
});
