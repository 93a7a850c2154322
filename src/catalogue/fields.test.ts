import { expect, test } from "vitest";
import { localTime, offset } from "./fields";

const faultOf = (schema: typeof offset | typeof localTime, text: string) =>
  schema.safeParse(text).error?.issues.map(({ message }) => message) ?? [];

test("a time that is too far is told from one that is none", () => {
  expect(faultOf(offset, "-P10Y")).toEqual([]);
  expect(faultOf(offset, "-P11Y")).toEqual(["ten years at most"]);
  expect(faultOf(offset, "--P1D")).toEqual(['not a duration, such as "-P30D"']);
  for (const text of ["1970-01-01T00:00", "2189-12-31T23:59:59"]) expect(faultOf(localTime, text)).toEqual([]);
  for (const text of ["1969-12-31T23:59", "2190-01-01T00:00", "9999-12-31T23:59"])
    expect(faultOf(localTime, text)).toEqual(["a time of the years 1970 to 2189"]);
  for (const text of ["2026-02-30T00:00", "2400-01-01", "soon"])
    expect(faultOf(localTime, text)).toEqual(['not a local time, such as "2026-03-30T12:00:00"']);
});
