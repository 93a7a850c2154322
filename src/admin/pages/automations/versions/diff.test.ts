import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Draft, Step } from "../../../../definition/types";
import { catalogue } from "../../../words/names";
import { plain, wordsOf } from "../../../words/sentences/sentence";
import { changes } from "./diff";
import { pairWays } from "./ways";

const words = wordsOf(catalogue());
const draft = (...then: Step[]): Draft => ({
  ...{ name: "A", description: "", active: true, labels: [], note: "", goal: null, synchronous: false },
  ...{ when: [{ type: "user.signed_up" }], only_if: null, then, exit_when: [], exit_if: null },
  ...{ reentry: "always", reentry_per: "user", cooldown: null, limit: null },
});
const said = (before: Step, after: Step): string[] =>
  changes(draft(before), draft(after), words).map(({ kind, what }) => `${kind}: ${plain(what)}`);

describe("of a match that changed it is said which case did:", () => {
  const tag = (id: string): Step => ({ id, type: "tags.add", tags: [id] });
  const gold = { is: ["gold"], steps: [tag("g")] };
  const silver = { is: ["silver", "grey"], steps: [tag("s")] };
  const bronze = { is: ["bronze"], steps: [tag("b")] };
  const match = (on: string, ...cases: object[]): Step => ({ id: "m", type: "match", on, cases, else: [] });
  const level = (...cases: object[]) => match("fields.level", ...cases);

  test.each<[string, object[], object[], string[]]>([
    ["one at the end", [gold], [gold, bronze], ["added: go by level: case bronze", "added: add the tag b"]],
    ["one before", [gold], [bronze, gold], ["added: go by level: case bronze", "added: add the tag b"]],
    ["one gone", [gold, silver], [silver], ["removed: add the tag g", "removed: go by level: case gold"]],
    [
      "other values",
      [gold, silver],
      [gold, { ...silver, is: ["silver"] }],
      ["changed: go by level: case silver / grey → silver"],
    ],
    [
      "another value in its place, its steps as they were",
      [gold, silver],
      [{ ...gold, is: ["platinum"] }, silver],
      ["changed: go by level: case gold → platinum"],
    ],
    ["another order", [gold, silver, bronze], [bronze, gold, silver], ["moved: go by level: case bronze"]],
    ["the same", [gold, silver], [gold, silver], []],
  ])("%s", (_, before, after, meant) => {
    expect(said(level(...before), level(...after))).toEqual(meant);
  });

  test("also where it goes by something else", () => {
    expect(said(level(gold, bronze), match("source", gold))).toEqual([
      "removed: add the tag b",
      "changed: go by level → go by source",
      "removed: go by source: case bronze",
    ]);
  });

  test("a step put into another case has moved", () => {
    const both = level({ ...gold, steps: [] }, { ...bronze, steps: [tag("b"), tag("g")] });
    expect(said(level(gold, bronze), both)).toEqual(["moved: add the tag g"]);
  });
});

test("a split says its ways in its sentence", () => {
  const split = (...percents: number[]): Step => ({
    ...{ id: "x", type: "split" },
    paths: percents.map((percent) => ({ percent, steps: [] })),
  });
  expect(said(split(50, 50), split(60, 40))).toEqual(["changed: split 50 % / 50 % → split 60 % / 40 %"]);
  expect(said(split(50, 50), split(50, 50))).toEqual([]);
});

test("every way is paired, gone or new, once; the same are all paired with themselves", () => {
  const ways = fc
    .array(fc.subarray(["a", "b", "c", "d"], { minLength: 1 }), { maxLength: 5 })
    .map((all) => all.map((values, at) => ({ name: values.join(" / "), at })));
  fc.assert(
    fc.property(ways, ways, (before, after) => {
      const { both, removed, added } = pairWays(before, after);
      expect([...both.map(([was]) => was), ...removed].map(({ at }) => at).sort()).toEqual(before.map(({ at }) => at));
      expect([...both.map(([, is]) => is), ...added].map(({ at }) => at).sort()).toEqual(after.map(({ at }) => at));
      const same = pairWays(before, structuredClone(before));
      expect(same).toEqual({ both: before.map((way) => [way, way]), removed: [], added: [] });
    }),
  );
});
