import { expect, test } from "vitest";
import { chipOf } from "./chip";

const VARIABLES = [{ type: "user.username", label: "The user's name" }];
const labelOf = (code: string) => chipOf(code, VARIABLES).label;

test("a chip says what stands there without a value in words, and any other filter as it is written", () => {
  expect(labelOf("{{ user.username }}")).toBe("The user's name");
  expect(labelOf('{{ user.username | default: "there" }}')).toBe("The user's name, or “there”");
  expect(labelOf("{{ user.username | default: 'you' }}")).toBe("The user's name, or “you”");
  expect(labelOf("{{ user.username | upcase }}")).toBe("The user's name | upcase");
  expect(labelOf('{{ user.username | default: "x" | upcase }}')).toBe('The user\'s name | default: "x" | upcase');
});
