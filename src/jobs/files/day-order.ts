import * as z from "zod";
import { datePlain, isoOf, plainDate } from "../../catalogue/dates/written-dates";

/*
 * Dates as sheets write them, 31/01/2026 or 01/31/2026. What stands first is told by those that can be read in one way
 * only: within a file, a column is taken to be written in one way throughout.
 */

/** How a column writes its dates; `mixed`: some of them one way, some the other. */
export const dayOrder = z.enum(["day_first", "month_first", "mixed"]);
export type DayOrder = z.infer<typeof dayOrder>;

/** By the names of columns; of those that are not in it nothing tells. */
export type DayOrders = ReadonlyMap<string, DayOrder>;

const DAY_OR_MONTH = /^(\d{1,2})([/-]) ?(\d{1,2})\2 ?(\d{4})(?:(?:,? +|T)(.+))?$/;
/** As databases without signs have it; other numbers are Unix time. */
const WITHOUT_SIGNS = /^((?:19|20)\d\d)(\d\d)(\d\d)$/;
const MAX_LENGTH = 64;

interface Written {
  /** As a date of ISO 8601, with a time of day where it has one; null where that is no day of the calendar. */
  dayFirst: string | null;
  monthFirst: string | null;
}

/** A date of which the text alone does not tell the day. */
function writtenIn(given: string): Written | null {
  const text = given.length > MAX_LENGTH ? "" : datePlain(given.trim());
  const [, first = "", sign, second = "", year = "", clock] = DAY_OR_MONTH.exec(text) ?? [];
  if (sign === undefined) return null;
  return { dayFirst: isoOf(year, second, first, clock), monthFirst: isoOf(year, first, second, clock) };
}

function bareDate(text: string): string | null {
  const [, year = "", month = "", day = ""] = WITHOUT_SIGNS.exec(text.trim()) ?? [];
  return year === "" ? null : isoOf(year, month, day, undefined);
}

/** What a date alone tells of its column; null: nothing. */
function orderIn(text: string): DayOrder | null {
  const written = writtenIn(text);
  if (!written || (written.dayFirst === null) === (written.monthFirst === null)) return null;
  return written.dayFirst === null ? "month_first" : "day_first";
}

/** Takes in what one more cell tells of its column. */
export function noteOrder(orders: Map<string, DayOrder>, column: string, text: string): void {
  const told = orderIn(text);
  if (told === null) return;
  const known = orders.get(column) ?? told;
  orders.set(column, known === told ? told : "mixed");
}

/** Days since 1900, of this century and the last. As Unix time it would be a moment of 1 January 1970. */
const IN_SHEET = /^[1-9]\d{4}(?:\.\d+)?$/;

/**
 * A sheet's date as ISO 8601: "2026-01-31", or with its time "2026-01-31T09:30". What is none comes back as it is.
 * @param order how its column writes dates; undefined: nothing tells
 */
export function sheetDate(text: string, order: DayOrder | undefined): { value: string } | { fault: string } {
  const plain = plainDate(text) ?? bareDate(text);
  if (plain !== null) return { value: plain };
  if (IN_SHEET.test(text.trim())) return { fault: `${text.trim()} is how sheets count days: show the column as dates` };
  const written = writtenIn(text);
  if (!written) return { value: text };
  const { dayFirst, monthFirst } = written;
  if (order === "mixed")
    return { fault: "some dates of this column have the day first, others the month: write them as 2026-01-31" };
  if (dayFirst === null && monthFirst === null) return { value: text };
  if (order === undefined && dayFirst !== monthFirst)
    return { fault: "day or month first? No date of this column tells: write them as 2026-01-31" };
  return { value: (order === "month_first" ? monthFirst : dayFirst) ?? text };
}
