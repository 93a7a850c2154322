import fc from "fast-check";
import { expect, test } from "vitest";
import { asTyped } from "../../base/text/text";
import { timeOfText } from "../options/readings";
import { readDate } from "./dates";
import { plainDate } from "./written-dates";

const days = fc
  .date({ min: new Date("1900-01-01T00:00:00Z"), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const ARABIC = ["٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩"];
const inDigits = (text: string, digit: (value: number) => string) =>
  text.replaceAll(/\d/g, (one) => digit(Number(one)));

/** A day, in ways that leave no doubt. */
const written = fc.tuple(days, fc.nat({ max: 8 })).map(([iso, way]): [string, string] => {
  const [year = "", month = "", day = ""] = iso.split("-");
  const [m, d] = [Number(month), Number(day)];
  const date = new Date(`${iso}T00:00:00Z`);
  const named = (style: "short" | "long") => date.toLocaleDateString("en-US", { month: style, timeZone: "UTC" });
  const ways = [
    `${d}.${m}.${year}`,
    `${day}. ${month}. ${year}`,
    `${year}/${m}/${d}`,
    `${year}.${month}.${day}.`,
    `${d}-${named("short")}-${year}`,
    `${named("long")} ${d}, ${year}`,
    date.toUTCString().slice(0, 16),
    date.toLocaleDateString("en-GB", { dateStyle: "full", timeZone: "UTC" }),
    `\u200f${day}\u200f.${month}.${year}`,
  ];
  return [iso, ways[way] ?? ""];
});

test("a day is read as it is written, whatever its digits", () => {
  fc.assert(
    fc.property(written, ([iso, text]) => {
      expect(plainDate(text), text).toBe(iso);
      for (const digit of [(n: number) => ARABIC[n] ?? "", (n: number) => String.fromCharCode(0xff10 + n)])
        expect(plainDate(asTyped(inDigits(text, digit)))).toBe(iso);
      expect(timeOfText(text)).toBe(`${iso}T00:00:00.000Z`);
    }),
  );
});

test.each(["01/02/2026", "31/01/2026", "31.02.2026", "Foo 31, 2026", "31 Mai 2026x", "1.2.26", "soon", "", "2026"])(
  "what may be another day, or none, is none: %j",
  (text) => expect(plainDate(text)).toBeNull(),
);

test.each([
  ["31 Jan 2026 9:30", "2026-01-31T09:30"],
  ["Jan 31, 2026, 2:05\u202fPM", "2026-01-31T14:05"],
  ["31.1.2026 2:05 p. m.", "2026-01-31T14:05"],
])("a day may have a time: %s", (text, iso) => expect(plainDate(text)).toBe(iso));

test("a moment is the same, however its zone and its seconds are written, to waits, conditions and rules", () => {
  const at = Date.UTC(2026, 0, 20, 7, 30);
  for (const text of [
    "2026-01-20T09:30+02:00",
    "2026-01-20T09:30:00+0200",
    "2026-01-20T09:30:00.000+02",
    "2026-01-20 07:30Z",
  ])
    expect(readDate(`\u200e${text} `, "Europe/Berlin"), text).toEqual({ at });
  expect(timeOfText("20260120T073000Z")).toBe("2026-01-20T07:30:00Z");
});
