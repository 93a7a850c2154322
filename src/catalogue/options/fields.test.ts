import { expect, test } from "vitest";
import { renderHtml, renderText, TemplateError } from "../text/template";
import { html, localTime, offset } from "./fields";

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

test("a mail may be as long as a definition, with what is filled in", () => {
  const body = `${"x".repeat(256 * 1024 - 16)}{{ user.email }}`;
  expect(html.safeParse(body).success).toBe(true);
  expect(html.safeParse(`${body}x`).success).toBe(false);
  expect(renderHtml(body, { user: { email: "a@example.com" } })).toMatch(/xa@example.com$/);
});

test("what a message comes to fits a row, whether anything was filled in or not", () => {
  const x = "\u0001".repeat(10_000);
  expect(renderText("{{ x }}".repeat(14), { x })).toHaveLength(140_000);
  expect(() => renderText("{{ x }}".repeat(16), { x })).toThrow("what it makes takes more than 900000 bytes");
  // Pieces of text are put in before: they may leave nothing to fill in.
  expect(renderHtml("語".repeat(299_000), {})).toHaveLength(299_000);
  for (const render of [renderHtml, renderText]) expect(() => render("x".repeat(300_001), {})).toThrow(TemplateError);
});
