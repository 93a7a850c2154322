import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileComparison, compileListComparison, OPS } from "../checking/compare";
import type { FieldType, FieldValue, FieldView } from "../facts/facts";
import { isRelative } from "../segments/relative";
import { bareField, comparisonMeant, datedField, isMeantFault } from "./meant";

const CHOICES = ["Red", "dark blue", "Zoë"];
const field = (key: FieldType): FieldView => ({ key, type: key, choices: key === "choice" ? CHOICES : [] });
const declared = new Map(
  (["text", "number", "date", "boolean", "choice", "list"] as const).map((one) => [one, field(one)]),
);
const meant = (name: string, op: (typeof OPS)[number], value?: unknown) =>
  comparisonMeant({ field: name, op, ...(value === undefined ? {} : { value }) }, declared, false);
const valueIn = (name: string, op: (typeof OPS)[number], value: unknown) => {
  const one = meant(name, op, value);
  return isMeantFault(one) ? one : one.value;
};

test("a field may be written as templates write it", () => {
  for (const name of ["fields.team", "user.fields.team", "team"]) expect(bareField(name)).toBe("team");
  for (const name of ["fields.", "fields", "user.team", "myfields.team"]) expect(bareField(name)).toBe(name);
  for (const name of ["user.team", "user.fields.team", "fields.team", "team"]) expect(datedField(name)).toBe("team");
  expect(meant("fields.boolean", "is", "ja")).toEqual({ field: "boolean", op: "is", value: true });
  // Of an undeclared one nothing else is known.
  expect(meant("fields.shoe", "is", "yes")).toEqual({ field: "shoe", op: "is", value: "yes" });
});

describe("a value is taken as its field can have it", () => {
  test.each<[FieldType, unknown, unknown]>([
    ...["yes", " YES ", "True", "ja", "oui", "1", 1].map((one): [FieldType, unknown, unknown] => [
      "boolean",
      one,
      true,
    ]),
    ...["no", "FALSE", "nein", "0", 0].map((one): [FieldType, unknown, unknown] => ["boolean", one, false]),
    ["number", "12", 12],
    ["number", "31,5", 31.5],
    ["number", "1.234,5", 1234.5],
    ["number", "€ 20", 20],
    ["date", "2026-01-31", "2026-01-31"],
    ["date", 1769817600, "2026-01-31T00:00:00.000Z"],
    ["date", "1769817600", "2026-01-31T00:00:00.000Z"],
    ["choice", "red", "red"],
    ["choice", "ZOË", "ZOË"],
    ["choice", "Zoe\u0308", "Zoe\u0308"],
    ["text", "yes", "yes"],
    ["list", "anything", "anything"],
  ])("%s %j", (type, value, as) => {
    expect(valueIn(type, "is", value)).toEqual(as);
    expect(valueIn(type, "is_not", value)).toEqual(as);
    expect(valueIn(type, "in", [value, value])).toEqual([as, as]);
  });
});

describe("what nobody can have is told, with what would be right", () => {
  test.each<[FieldType, unknown, RegExp]>([
    ["boolean", "maybe", /^true or false$/],
    ["number", "abc", /^a number, such as 12/],
    // That may be two.
    ["number", "1,234", /^a number/],
    ["date", "soon", /^a date, such as "2026-01-31"/],
    ["date", true, /^a date/],
    ["choice", "green", /^one of "Red", "dark blue", "Zoë"$/],
  ])("%s is %j", (type, value, message) => {
    expect(meant(type, "is", value)).toEqual({ path: ["value"], message: expect.stringMatching(message) });
    expect(meant(type, "in", ["", value].slice(1))).toEqual({
      path: ["value", 0],
      message: expect.stringMatching(message),
    });
    expect(meant(type, "is_not", value)).toEqual({ field: type, op: "is_not", value });
  });

  test("in orders too", () => {
    expect(meant("number", "gt", "2026-01-31")).toMatchObject({ path: ["value"] });
    expect(meant("number", "gt", "-P30D")).toMatchObject({ path: ["value"] });
    expect(meant("number", "before", "2026-01-31")).not.toHaveProperty("message");
    expect(meant("date", "gt", 1769817600)).toMatchObject({ value: "2026-01-31T00:00:00.000Z" });
    expect(meant("date", "before", "-P30D")).toMatchObject({ value: "-P30D" });
    expect(meant("boolean", "gt", 1)).toMatchObject({ path: ["op"] });
    expect(meant("text", "gt", 1)).not.toHaveProperty("message");
  });

  test("of a moment that every user has", () => {
    const of = (value: unknown) => comparisonMeant({ field: "registered_at", op: "is", value }, declared, true);
    expect(of("2026-01-31")).toMatchObject({ path: ["value"], message: expect.stringContaining("after and before") });
    expect(of("2026-01-31T10:30:00+01:00")).toMatchObject({ value: "2026-01-31T09:30:00.000Z" });
    expect(meant("registered_at", "is", "2026-01-31")).not.toHaveProperty("message");
  });

  test("of many choices the first are named", () => {
    const choices = Array.from({ length: 25 }, (_, n) => `choice ${n}`);
    const many = comparisonMeant(
      { field: "f", op: "is", value: "x" },
      new Map([["f", { ...field("choice"), choices }]]),
      false,
    );
    expect(many).toMatchObject({ message: expect.stringMatching(/"choice 9" or 15 more$/) });
  });
});

const held: fc.Arbitrary<[FieldType, FieldValue]> = fc.oneof(
  fc.tuple(fc.constant("boolean" as const), fc.boolean()),
  fc.tuple(
    fc.constant("number" as const),
    fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })),
  ),
  fc.tuple(
    fc.constant("date" as const),
    fc
      .date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true })
      .chain((at) => fc.constantFrom(at.toISOString(), at.toISOString().slice(0, 10))),
  ),
  fc.tuple(fc.constant("choice" as const), fc.constantFrom(...CHOICES)),
  fc.tuple(
    fc.constant("text" as const),
    fc.string({ minLength: 1 }).filter((text) => text.trim() !== ""),
  ),
);

test("whatever a field can have may be asked for, and is found as before", () => {
  fc.assert(
    fc.property(held, fc.boolean(), ([type, value], asText) => {
      const asked = asText && type !== "text" ? String(value) : value;
      const one = meant(type, "is", asked);
      expect(one).not.toHaveProperty("message");
      expect(compileComparison("is", valueIn(type, "is", asked), "UTC")(value)).toBe(true);
    }),
  );
});

test("what is refused never held, and what is taken holds for all that it held for", () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>("yes", "abc", "2026-01-31", "-P30D", "12", "1,5", "red", "soon", "1769817600"),
    fc.integer(),
    fc.boolean(),
  );
  fc.assert(
    fc.property(held, fc.constantFrom(...OPS), value, ([type, actual], op, given) => {
      const asked = op === "in" ? [given] : given;
      // What the schema refuses by itself never comes so far.
      if (op === "matches" || op === "is_empty" || op === "is_not_empty" || isRelative(op, asked)) return;
      const compile = type === "list" ? compileListComparison : compileComparison;
      const held = compile(op, asked, "UTC")(actual);
      const one = meant(type, op, asked);
      if (isMeantFault(one)) expect(held).toBe(false);
      else if (held && op !== "is_not") expect(compile(op, one.value, "UTC")(actual)).toBe(true);
    }),
  );
});
