import fc from "fast-check";
import { expect, test } from "vitest";
import { idIn, listIn, userIdIn } from "./read";

const ends = fc.constantFrom("", " ", "\u200b", "\t");
const anyCase = (text: string) => fc.constantFrom(text, text.toUpperCase(), text.toLowerCase());
const SLIPS = [
  "undefined",
  "null",
  "NaN",
  "None",
  "(null)",
  "<nil>",
  "<null>",
  "[undefined]",
  "(none)",
  "#N/A",
  "#REF!",
  "<%= user.id %>",
  "[object Promise]",
  "%!s(<nil>)",
  "{{ user.id }}",
];
const MORE = [`$${"{user.id}"}`, "[]", "{}", ""];

test("what a program writes for none is no id, in any case, with blanks around it or in quotes", () => {
  fc.assert(
    fc.property(
      ends,
      fc.constantFrom(...SLIPS, ...MORE).chain(anyCase),
      ends,
      fc.constantFrom("", '"', "'"),
      (a, id, b, q) => {
        expect(idIn(a + q + id + q + b)).toBeUndefined();
      },
    ),
  );
});

test("who is nobody to a system is no user, and may be the name of something else", () => {
  for (const id of ["anonymous", "Guest", "(not set)", "0", 0, "false"]) {
    expect(userIdIn(id)).toBeUndefined();
    expect(idIn(id)).toBe(String(id));
  }
});

test("what only begins so is an id", () => {
  for (const id of [
    "nullah",
    "undefined-1",
    "guest-7",
    "{a}",
    "[1]x",
    "#1",
    "#n",
    "(nullah)",
    "<anna>",
    "[null]x",
    "o'neil",
    "$1",
    "a b",
    "-",
  ])
    expect([id, userIdIn(id)]).toEqual([id, id]);
});

test("a list is one with gaps, too, and the only item alone", () => {
  expect(listIn({ 0: "a", 2: "b" })).toEqual(["a", "b"]);
  expect(listIn({ id: "a" })).toEqual([{ id: "a" }]);
  expect([listIn({}), listIn(null), listIn("a")]).toEqual([[], [], []]);
});
