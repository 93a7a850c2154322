import { expect, test } from "vitest";
import type { Condition } from "../../../definition/types";
import { add, at, depth, drop, grouped, negate, rejoin, view } from "./conditions";

const vip: Condition = { type: "tags.has", tags: ["vip"] };
const paying: Condition = { type: "user.is_paying" };
const ads: Condition = { type: "user.source_is", sources: ["ads"] };
const nested: Condition = { all: [vip, { not: paying }, { not: { any: [ads, paying] } }] };

test("a not is part of what it stands around", () => {
  const shown = view(nested);
  expect(shown).toMatchObject({ kind: "group", join: "all" });
  expect(at(nested, ["all", 1])).toMatchObject({ kind: "leaf", negated: true, cardPath: ["all", 1, "not"] });
  expect(at(nested, ["all", 2])).toMatchObject({ kind: "group", join: "none", listPath: ["all", 2, "not", "any"] });
});

test("a doubled not is none", () => {
  expect(view({ not: { not: paying } })).toMatchObject({ kind: "leaf", negated: false });
});

test("adding to one condition makes a group of all, adding to a group goes to its end", () => {
  expect(add(null, [], vip)).toEqual(vip);
  expect(add(vip, [], ads)).toEqual({ all: [vip, ads] });
  expect(add(nested, ["all", 2], vip)).toEqual({ all: [vip, { not: paying }, { not: { any: [ads, paying, vip] } }] });
});

test("a group left empty goes with its last condition", () => {
  expect(drop({ all: [vip, { any: [ads] }] }, ["all", 1, "any", 0])).toEqual({ all: [vip] });
  expect(drop({ all: [vip] }, ["all", 0])).toBeNull();
  expect(drop({ not: { any: [ads] } }, ["not", "any", 0])).toBeNull();
  expect(drop(nested, [])).toBeNull();
});

test("a leaf is said the other way round and back", () => {
  const turned = negate(nested, ["all", 0]);
  expect(turned).toMatchObject({ all: [{ not: vip }, { not: paying }, {}] });
  expect(negate(turned, ["all", 0])).toEqual(nested);
  expect(negate(paying, [])).toEqual({ not: paying });
});

test("a group is joined otherwise with its parts kept", () => {
  expect(rejoin(nested, ["all", 2], "all")).toMatchObject({ all: [vip, { not: paying }, { all: [ads, paying] }] });
  expect(rejoin(nested, [], "not_all")).toMatchObject({ not: { all: [vip, {}, {}] } });
  expect(grouped("none", [vip])).toEqual({ not: { any: [vip] } });
});

test("depth counts all, any and not", () => {
  expect([depth(vip), depth({ not: vip }), depth(nested)]).toEqual([0, 1, 3]);
});
