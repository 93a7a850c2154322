import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "./json";

test("equal JSON is one text, whatever the order of its keys", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const turned = (one: unknown): unknown =>
        Array.isArray(one)
          ? one.map(turned)
          : typeof one === "object" && one !== null
            ? Object.fromEntries(
                Object.entries(one)
                  .reverse()
                  .map(([key, item]) => [key, turned(item)]),
              )
            : one;
      expect(canonical(turned(value))).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

// Hashes of what was sent are kept and compared: another text for the same JSON would make every copy a conflict.
test("the text stays what it was when hashes of it were stored", () => {
  const text =
    '{"b":[1.0,-0,1e21,1e-7,0.1,1E400,null,true],"a":{"__proto__":1,"\\ud800":"\\udfff \\u2028é","10":1,"9":2,"\\ud83d\\ude00":3,"\\uffff":4,"":[],"Z":{}}}';
  expect(canonical(JSON.parse(text))).toBe(
    '{"a":{"":[],"10":1,"9":2,"Z":{},"__proto__":1,"\\ud800":"\\udfff \u2028é","\u{1f600}":3,"\uffff":4},"b":[1,0,1e+21,1e-7,0.1,null,null,true]}',
  );
});
