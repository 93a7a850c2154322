import fc from "fast-check";
import { expect, test } from "vitest";
import { atPath, setAtPath } from "./data";

const name = fc.constantFrom("a", "b", "utm", "0", "with space", "\u00e9");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("."));

test("what was put at a path is found there", () => {
  fc.assert(
    fc.property(path, (at) => {
      const data = {};
      setAtPath(data, at, 1);
      expect(atPath(data, at)).toBe(1);
    }),
  );
});

test("a name that has dots itself is found by it, and before what lies on the path", () => {
  fc.assert(
    fc.property(path, (at) => {
      const data: Record<string, unknown> = {};
      setAtPath(data, at, "on the path");
      data[at] = "by name";
      expect(atPath(data, at)).toBe("by name");
    }),
  );
});

test("nothing is found that the data does not have itself", () => {
  for (const at of ["constructor", "a.toString", "__proto__", "a.length.x"])
    expect(atPath({ a: "" }, at)).toBeUndefined();
});
