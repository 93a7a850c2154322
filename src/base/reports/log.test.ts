import { expect, test, vi } from "vitest";
import { log, logSeldom } from "./log";

const written = (act: () => void): string => {
  const spy = vi.spyOn(console, "error").mockImplementation(() => {});
  act();
  return String(spy.mock.calls.at(-1)?.[0]);
};

test("a record is one line, whatever its fields hold, and bounded", () => {
  const line = written(() => log("error", "odd", { user: "a\nb\u202e\u2028c\0", school: "x".repeat(10_000) }));
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  expect(line.length).toBeLessThan(400);
  expect(JSON.parse(line).user).toBe("a\\u000ab\\u202e\\u2028c\\u0000");
});

test("of an error its root is told, without the words of those that wrap it", () => {
  const error = new Error("Failed query: … params: anna@example.com", { cause: new TypeError("no such column") });
  const line = written(() => log("error", "failed", { error }));
  expect(line).not.toContain("anna@example.com");
  expect(JSON.parse(line).error).toMatchObject({ name: "TypeError", message: "no such column" });
  expect(JSON.parse(written(() => log("error", "failed", { error: "text" }))).error).toEqual({
    name: "string",
    message: "",
    stack: "",
  });
});

test("what comes in thousands is said at once, and then once a minute with how many it were", () => {
  vi.useFakeTimers();
  const spy = vi.spyOn(console, "error").mockImplementation(() => {});
  spy.mockClear();
  const counts = () => spy.mock.calls.map(([line]) => JSON.parse(String(line)).count);
  for (let n = 0; n < 1_000; n++) logSeldom("error", "in_thousands", { school: "s" });
  expect(counts()).toEqual([1]);
  vi.advanceTimersByTime(60_000);
  logSeldom("error", "in_thousands", { school: "s", count: 3 });
  logSeldom("error", "another", { school: "s" });
  expect(counts()).toEqual([1, 1_002, 1]);
  vi.useRealTimers();
});
