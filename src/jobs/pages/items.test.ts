import { expect, test } from "vitest";
import { LANES } from "../ranges/store";
import { PAGE_ITEMS, paceOf } from "./items";

const rateOf = (isLocal: boolean, chains: number) => (chains * PAGE_ITEMS * 1_000) / paceOf(isLocal, chains);

test("a job in one part goes at the pace of one in ranges, which is what the platform is trusted with", () => {
  expect([rateOf(false, 1), rateOf(false, LANES)]).toEqual([2_000, 2_000]);
});

test("locally a page keeps the pace of one chain, whose page alone is done at a time", () => {
  expect(paceOf(true, LANES)).toBe(paceOf(true, 1));
});
