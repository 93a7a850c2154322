import { expect, test } from "vitest";
import { Cache, forgetEverything, onForget, remembering } from "./cache";

test("what was asked for longest ago goes first, and setting again is new", () => {
  const cache = new Cache<number>({ entries: 2 });
  cache.set("a", 1);
  cache.set("b", 2);
  cache.set("a", 3);
  cache.set("c", 4);
  expect(["a", "b", "c"].map((key) => cache.get(key))).toEqual([3, undefined, 4]);
  cache.get("a");
  cache.set("d", 5);
  expect(["a", "c", "d"].map((key) => cache.get(key))).toEqual([3, undefined, 5]);
});

test("values are bounded by what they take, and of two that take all of it neither drives out the other", () => {
  const cache = new Cache<number>({ entries: 100, bytes: { most: 100, of: (bytes) => bytes } });
  const held = () => ["a", "b", "c", "large", "larger"].filter((key) => cache.get(key) !== undefined);
  for (const key of ["a", "b", "c"]) cache.set(key, 40);
  expect(held()).toEqual(["b", "c"]);
  cache.set("large", 1_000);
  expect(held()).toEqual(["c", "large"]);
  cache.set("larger", 2_000);
  expect(held()).toEqual(["large", "larger"]);
  cache.delete("large");
  cache.set("a", 50);
  expect(held()).toEqual(["a", "larger"]);
});

test("what was set until a moment is not found from then on", () => {
  const cache = new Cache<string>({ entries: 2 });
  cache.set("a", "x", 100);
  expect([cache.get("a", 99), cache.get("a", 100)]).toEqual(["x", undefined]);
});

test("the keys held are bounded in length too, whatever was deleted or set again meanwhile", () => {
  const cache = new Cache<true>({ entries: 100, characters: 10 });
  const held = () => ["1234", "abcd", "wxyz", "12345678901"].filter((key) => cache.get(key));
  for (const key of ["1234", "1234", "abcd"]) cache.set(key, true);
  expect(held()).toEqual(["1234", "abcd"]);
  cache.delete("abcd");
  cache.delete("abcd");
  cache.set("wxyz", true);
  expect(held()).toEqual(["1234", "wxyz"]);
  cache.set("abcd", true);
  expect(held()).toEqual(["abcd", "wxyz"]);
  cache.set("12345678901", true);
  expect(held()).toEqual([]);
});

test("some of it can be forgotten by its value", () => {
  const cache = new Cache<number>({ entries: 5 });
  for (const n of [1, 2, 3, 4]) cache.set(String(n), n);
  cache.deleteWhere((n) => n % 2 === 0);
  expect(["1", "2", "3", "4"].map((key) => cache.get(key))).toEqual([1, undefined, 3, undefined]);
});

test("what was made is made once while its key is among those used last, and what throws is tried again", () => {
  const made: string[] = [];
  const make = remembering(
    (key) => {
      made.push(key);
      if (key === "bad") throw new RangeError(key);
      return key === "nothing" ? undefined : key;
    },
    { entries: 2 },
  );
  for (const key of ["a", "nothing", "a", "c", "a", "nothing"]) make(key);
  for (const _ of [1, 2]) expect(() => make("bad")).toThrow(RangeError);
  expect(made).toEqual(["a", "nothing", "c", "nothing", "bad", "bad"]);
});

test("all that files remember can be forgotten at once", () => {
  const cache = new Cache<number>({ entries: 2 });
  const make = remembering(() => ({}), { entries: 2 });
  let state = 1;
  onForget(() => {
    state = 0;
  });
  cache.set("a", 1);
  const before = make("a");
  forgetEverything();
  expect([cache.get("a"), state, make("a") === before]).toEqual([undefined, 0, false]);
});
