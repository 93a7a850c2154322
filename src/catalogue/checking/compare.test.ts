import { describe, expect, test } from "vitest";
import { checkComparison, compileComparison, OPS, type Op } from "./compare";

const zone = "Europe/Athens";
const holds = (op: Op, value: unknown, actual: unknown) => compileComparison(op, value, zone)(actual);

type Row = [op: Op, value: unknown, holds: unknown[], not: unknown[]];
const rows: Row[] = [
  ["is", "sales", [" SALES ", "Sales"], ["Sales dept", 5]],
  ["is", 10, [10, "10.0", " 10 ", "1e1"], [11, "ten", true, "0x0a"]],
  ["is", "10", [10, "10"], ["10.0", 11]],
  ["is", "007", ["007", 7], ["7"]],
  ["is", true, [true, "true", "TRUE"], [false, "yes", 1]],
  ["is", "true", [true, "True"], [false]],
  ["is", "straße", ["STRASSE", "STRAẞE"], []],
  ["contains", "STRAẞE", ["Straße 1"], []],
  ["is", "οδος", ["ΟΔΟΣ"], []],
  ["is", "vip", [["gold", "VIP"]], [["gold"], { vip: true }]],
  ["is_not", "sales", ["Support", 5, ["Support"]], ["Sales", ["Support", "Sales"]]],
  ["is_not", 10, [11, "ten"], [10, "10.0"]],
  ["contains", "ALE", ["Sales", ["x", "Sales"]], ["Support", ["x"]]],
  ["contains", "5", [152], [16]],
  ["not_contains", "ale", ["Support", ["a", "b"]], ["Sales", ["a", "Sales"]]],
  ["starts_with", "sa", ["Sales", " sales"], ["Presales"]],
  ["ends_with", "LES", ["Presales", "sales "], ["Salesmen"]],
  ["matches", "^s(ales|upport)$", ["support", " Sales "], ["presales"]],
  ["matches", "ATH", ["New Athens"], ["London"]],
  ["matches", "^1", [10], [20]],
  ["gt", 10, [10.5, "11"], [10, 9, "large", "2026-01-01"]],
  ["gt", "5", [6, "10"], [5, "x"]],
  ["gte", 10, [10, 11], [9.5]],
  ["lt", 10, [9, -1], [10]],
  ["lte", 10, [10, "9"], [11]],
  [
    "gt",
    "2026-01-01",
    ["2026-01-02", "2026-01-01T22:00:00Z"],
    ["2026-01-01", "2025-12-31", "2026-01-01T21:59:59Z", 5, "large"],
  ],
  ["gte", "2026-01-01", ["2026-01-01", "2026-01-02", "2025-12-31T22:00:00Z"], ["2025-12-31", "2025-12-31T21:59:59Z"]],
  ["lt", "2026-01-01", ["2025-12-31", "2025-12-31T21:59:59Z"], ["2026-01-01", "2025-12-31T22:00:00Z"]],
  ["lte", "2026-01-01", ["2026-01-01", "2025-12-31", "2026-01-01T21:59:59Z"], ["2026-01-02", "2026-01-01T22:00:00Z"]],
  ["lt", "2026-01-01T12:00:00Z", ["2026-01-01T11:59:59.999Z", "2025-12-31"], ["2026-01-01T12:00:00Z", "2026-01-01"]],
  ["lte", "2026-01-01T12:00:00Z", ["2026-01-01T14:00:00+02:00"], ["2026-01-01T12:00:00.001Z"]],
  ["in", ["Sales", "Support", 10], ["support", "10.0", 10, ["x", "sales"]], ["Legal", 11]],
  ["before", "2026-01-01", ["2025-12-31", "2025-12-31T21:59:59.999Z"], ["2026-01-01", "2025-12-31T22:00:00Z", 5, "x"]],
  ["after", "2026-01-01", ["2026-01-02", "2026-01-01T22:00:00Z"], ["2026-01-01", "2026-01-01T21:59:59.999Z", 9e15]],
  ["before", "2026-01-02", ["2026-01-01"], ["2026-01-02T08:00:00.000Z"]],
  ["after", "2026-01-02", [], ["2026-01-02T08:00:00.000Z"]],
  ["after", "2026-01-02T08:00:00Z", ["2026-01-02T08:00:00.001Z", "2026-01-03"], ["2026-01-02T08:00:00Z", "2026-01-02"]],
  ["is_not_empty", undefined, ["x", 0, false, ["x"]], []],
];

test.each(rows)("%s %j", (op, value, yes, no) => {
  expect(checkComparison(op, value)).toBeNull();
  for (const actual of yes) expect(holds(op, value, actual), `holds for ${JSON.stringify(actual)}`).toBe(true);
  for (const actual of no) expect(holds(op, value, actual), `not for ${JSON.stringify(actual)}`).toBe(false);
});

test("a missing value satisfies is_empty and nothing else", () => {
  for (const missing of [null, undefined, "", "  \n", [], ["", null]]) {
    for (const [op, value] of rows)
      expect(holds(op, value, missing), `${op} of ${JSON.stringify(missing)}`).toBe(false);
    expect(holds("is_empty", undefined, missing)).toBe(true);
  }
  for (const present of ["x", 0, false, ["x"], {}]) expect(holds("is_empty", undefined, present)).toBe(false);
});

describe("what can be saved", () => {
  const bad: [string, unknown][] = [
    ["resembles", "x"],
    ["constructor", "x"],
    ["is", undefined],
    ["is", ""],
    ["is", ["x"]],
    ["is", {}],
    ["contains", null],
    ["is_empty", "x"],
    ["is_not_empty", true],
    ["in", "x"],
    ["in", []],
    ["in", [{}]],
    ["in", [""]],
    ["matches", "("],
    ["matches", 5],
    ["matches", "(?=x)y"],
    ["matches", "a".repeat(257)],
    ["gt", "large"],
    ["gt", true],
    ["lte", ["1"]],
    ["before", "someday"],
    ["before", 5],
    ["after", "2026-02-30"],
    ["after", undefined],
  ];
  test.each(bad)("not %s %j", (op, value) => {
    expect(checkComparison(op, value)).toEqual(expect.stringMatching(/./));
  });

  test("whatever comes in unchecked is false of everything, but for what only denies", () => {
    for (const op of OPS.filter(
      (op) => !["matches", "is_empty", "is_not_empty", "is_not", "not_contains"].includes(op),
    ))
      for (const value of [undefined, null, {}, [], () => 0])
        for (const actual of ["x", 5, true]) expect(holds(op, value, actual)).toBe(false);
  });
});
