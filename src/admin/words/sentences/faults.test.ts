import { expect, test } from "vitest";
import * as z from "zod";
import { faultsOf } from "../../../base/errors/faults";
import { checkTemplate } from "../../../catalogue/text/template";
import { faultText, manyText, placeText } from "./faults";

/** What a schema says of a value. */
const saysOf = (schema: z.ZodType, value: unknown): string => {
  const { error } = schema.safeParse(value);
  return error ? faultText(faultsOf(error)[0]?.message ?? "", "course") : "";
};

test.each([
  [z.array(z.string()), undefined, "Choose at least one course"],
  [z.array(z.string()).min(1), [], "Choose at least one course"],
  [z.array(z.string()).min(2), ["a"], "At least 2 of them"],
  [z.string(), undefined, "Fill this in"],
  [z.string().min(1), "", "Fill this in"],
  [z.string().max(3), "abcd", "At most 3 characters"],
  [z.string().min(1).max(3), "", "Fill this in"],
  [z.string().min(1).max(3), "abcd", "At most 3 characters"],
  [z.string().min(2).max(3), "abcd", "2 to 3 characters"],
  [z.string().length(3), "abcd", "Exactly 3 characters"],
  [z.array(z.string()).min(1).max(9), [], "Choose at least one course"],
  [z.array(z.string()).min(2).max(3), ["a"], "2 to 3 of them"],
  [z.int(), 1.5, "Write a whole number"],
  [z.number(), "many", "Write a number"],
  [z.number().min(1), 0, "At least 1"],
  [z.int().max(730), 1000, "At most 730"],
  [z.boolean(), "maybe", "Choose yes or no"],
  [z.enum(["end", "erase_all"]), "x", "Choose one of end, erase all"],
  [z.email(), "anna", "This is not an email address"],
  [z.url(), "school", "This is not a web address: one begins with https://"],
  [z.iso.date(), "tomorrow", "Write a date, such as 2026-01-31"],
] as const)("what a check of the library says is said to people: %#", (schema, value, said) => {
  expect(saysOf(schema, value)).toBe(said);
});

const saysOfLiquid = (text: string): string => faultText(checkTemplate(text) ?? "");

test("a fault of a template names what is written, and what ends it", () => {
  expect(saysOfLiquid("Hello {{ user.username ")).toBe("“{{ user.username” has no end: close it with }}");
  expect(saysOfLiquid("{% if user.username %}Hello")).toBe(
    "“{% if user.username %}” has no end: close it with {% endif %}",
  );
  for (const text of ["{% nothing %}", "{{ a | nothing }}", "a\nb {{ }", "{% for a in b %}{% endfor %}"])
    expect(saysOfLiquid(text)).not.toMatch(/line: ?\d|col: ?\d/);
});

test("a fault of a template quotes neither the markup around it nor the words of a library", () => {
  expect(saysOfLiquid("<p>Hi {{ user.username</p><p>and <b>you</b></p>")).toBe(
    "“{{ user.username” has no end: close it with }}",
  );
  expect(saysOfLiquid(`<p>{% if user.fields.${"long".repeat(30)} %}</p>`)).toMatch(/^“\{% if .{40,60}…” has no end/);
  const wrong = "What stands in {{ … }} or in {% … %} is not written as it should be";
  for (const text of ["<p>{{ user..x | }}</p>", "<p>{% if %}a{% endif %}</p>", "a {% -%} b"])
    expect(saysOfLiquid(text)).toBe(wrong);
  expect(saysOfLiquid("{{ user[ }}")).toBe("“[” has no end: close it with ]");
  expect(saysOfLiquid("a\n{{ user..x | }}")).toBe(`${wrong} (in line 2)`);
});

test("a place is said without a pointer", () => {
  expect(placeText("/where/0/value")).toBe("Where 1, value");
  expect(placeText("/settings/connectors/email/from")).toBe("Email, from");
  expect(placeText("/params/courses")).toBe("Courses");
  expect(placeText("/0/only_if")).toBe("No. 1, only if");
  expect(placeText("")).toBe("");
});

test("what is said already for people stays, with a capital", () => {
  expect(faultText("a choice needs its choices")).toBe("A choice needs its choices");
  expect(manyText(1)).toBe("One thing needs correcting");
});
