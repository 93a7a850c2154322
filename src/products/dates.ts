import * as z from "zod";
import { formatInstant, isDate } from "../catalogue/dates/time";

/*
 * Dates of products, as dates stand in fields (contract §13): a date, a local date and time, a moment, or Unix time. What
 * is text is kept as it was written: the zone of the school is applied when it is read.
 */

const TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?";
const DATE_AND_TIME = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)(?:[Tt ]${TIME}(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)?)?$`);
/** Seconds from 10^8, milliseconds from 10^11, to 10^14. */
const [SECONDS_FROM, MS_FROM, MS_TO] = [1e8, 1e11, 1e14];

function dateOf(value: string | number): string | null {
  const text = String(value).trim();
  const number = typeof value === "number" ? value : /^\d{9,14}$/.test(text) ? Number(text) : null;
  if (number !== null) {
    if (!(number >= SECONDS_FROM && number <= MS_TO)) return null;
    return formatInstant(Math.round(number < MS_FROM ? number * 1_000 : number));
  }
  const date = DATE_AND_TIME.exec(text)?.[1];
  return date !== undefined && isDate(date) ? text : null;
}

export const productDate = z.union([z.string(), z.number()]).transform((value, context) => {
  const date = dateOf(value);
  if (date !== null) return date;
  const message = 'not a date, such as "2026-01-31", "2026-01-31T09:30" or "2026-01-31T09:30:00Z"';
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});
