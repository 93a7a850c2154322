import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DayOrder, noteOrder, sheetDate } from "./day-order";

const days = fc
  .date({ min: new Date("1900-01-01T00:00:00Z"), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const orders = fc.constantFrom<DayOrder>("day_first", "month_first");
const padded = fc.boolean();

/** A day as a sheet writes it. */
function inSheet(iso: string, order: DayOrder, isPadded: boolean, sign = "/"): string {
  const [year = "", ...rest] = iso.split("-");
  const [month = "", day = ""] = isPadded ? rest : rest.map((part) => String(Number(part)));
  return (order === "day_first" ? [day, month, year] : [month, day, year]).join(sign);
}

const told = (texts: readonly string[]): DayOrder | undefined => {
  const found = new Map<string, DayOrder>();
  for (const text of texts) noteOrder(found, "born", text);
  return found.get("born");
};

describe("a column of dates as sheets write them", () => {
  test("is read back as the days that were written, as soon as one of them tells the order", () => {
    fc.assert(
      fc.property(fc.array(days), orders, padded, (some, order, isPadded) => {
        const all = [...some, "2026-01-31"];
        const written = all.map((day) => inSheet(day, order, isPadded));
        expect(told(written)).toBe(order);
        expect(written.map((text) => sheetDate(text, told(written)))).toEqual(all.map((value) => ({ value })));
      }),
    );
  });

  test("whatever the order of the lines, tells the same", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(days, orders)), (some) => {
        const written = some.map(([day, order]) => inSheet(day, order, true));
        expect(told(written.toReversed())).toBe(told(written));
      }),
    );
  });

  test("never yields a day by guessing: without an order only what reads alike both ways, in a mixed one nothing", () => {
    fc.assert(
      fc.property(days, orders, (day, order) => {
        const text = inSheet(day, order, true);
        const [, month, date] = day.split("-");
        if (month === date) expect(sheetDate(text, undefined)).toEqual({ value: day });
        else expect(sheetDate(text, undefined)).toHaveProperty("fault");
        expect(sheetDate(text, "mixed")).toHaveProperty("fault");
      }),
    );
  });

  test("with dots has the day first, and needs no other to tell", () => {
    fc.assert(
      fc.property(days, padded, (day, isPadded) => {
        const text = inSheet(day, "day_first", isPadded, ".");
        expect([told([text]), sheetDate(text, undefined)]).toEqual([undefined, { value: day }]);
      }),
    );
  });

  test.each([
    ["31/01/2026 9:30", "2026-01-31T09:30"],
    ["31-01-2026 09:30:15", "2026-01-31T09:30:15"],
    ["1.2.2026, 09:30", "2026-02-01T09:30"],
    [" 31/01/2026 ", "2026-01-31"],
    ["31. 1. 2026 9:30", "2026-01-31T09:30"],
    ["31/01/2026 2:05 PM", "2026-01-31T14:05"],
    ["31/01/2026, 2:05:06\u202fp.m.", "2026-01-31T14:05:06"],
    ["31/01/2026 12:30 am", "2026-01-31T00:30"],
    ["31/01/2026 12:30 PM", "2026-01-31T12:30"],
  ])("may have a time: %s", (text, value) => {
    expect(sheetDate(text, "day_first")).toEqual({ value });
  });

  test.each([
    ["2026/1/31", "2026-01-31"],
    ["2026.01.31.", "2026-01-31"],
    ["2026/01/31 9:30", "2026-01-31T09:30"],
  ])("with the year first is the same whatever the order of others: %s", (text, value) => {
    for (const order of ["day_first", "month_first", "mixed", undefined] as const)
      expect([told([text]), sheetDate(text, order)]).toEqual([undefined, { value }]);
  });

  test.each([
    "2026/02/29",
    "31/01/2026 13:05 PM",
    "31/01/2026 0:05 am",
    "31/01/2026 noon",
    "31/02/2026",
    "31/13/2026",
    "31/01/26",
    "31/01-2026",
    "2026-01-31",
    "soon",
    "",
  ])("leaves what is no such date as it is: %j", (text) => {
    expect([told([text]), sheetDate(text, "day_first")]).toEqual([undefined, { value: text }]);
  });

  test.each([
    ["31-Jan-2026", "2026-01-31"],
    ["January 31, 2026 2:05 PM", "2026-01-31T14:05"],
    ["\u200e31\u200e/\u200e01\u200e/\u200e2026", "2026-01-31"],
    ["20260131", "2026-01-31"],
    ["31/01/2026 2:05 p. m.", "2026-01-31T14:05"],
  ])("as other programs write them: %j", (text, value) => {
    expect(sheetDate(text, "day_first")).toEqual({ value });
  });

  test("that a sheet shows as numbers is told, and never taken for Unix time", () => {
    for (const text of ["46053", "46053.5", " 10000 "]) expect(sheetDate(text, undefined)).toHaveProperty("fault");
    for (const text of ["0", "9999", "1767603600", "1767603600000"])
      expect(sheetDate(text, undefined)).toEqual({ value: text });
  });

  test("is mixed where one contradicts another", () => {
    expect(told(["31/01/2026", "01/31/2026", "31/01/2026"])).toBe("mixed");
  });
});
