import { expect, test } from "vitest";
import { Unbroken } from "./words";

test.each([
  ["registriert sich → 1 E-Mail, In Kurse einschreiben", "1 E-Mail"],
  ["bounces → 2 follow-ups", "2 follow-ups"],
  ["meldet sich an → E-Mail-Adresse setzen", "E-Mail-Adresse"],
])("what a hyphen holds together, and its count, stays on one line: %s", (text, whole) => {
  expect(String(Unbroken({ text }))).toBe(text.replace(whole, `<span class="is-unbroken">${whole}</span>`));
});

test("what holds no hyphen is as it is", () => {
  expect(String(Unbroken({ text: "tagged new → 1 mail – now" }))).toBe("tagged new → 1 mail – now");
});
