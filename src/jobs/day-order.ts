import { z } from "zod";
import { isDate } from "../catalogue/time";

/*
 * Dates as sheets write them, 31/01/2026 or 01/31/2026. What stands first is told by those that can be read in one way
 * only: within a file, a column is taken to be written in one way throughout.
 */

/** How a column writes its dates; `mixed`: some of them one way, some the other. */
export const dayOrder = z.enum(["day_first", "month_first", "mixed"]);
export type DayOrder = z.infer<typeof dayOrder>;

/** By the names of columns; of those that are not in it nothing tells. */
export type DayOrders = ReadonlyMap<string, DayOrder>;

const SHEET_DATE = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:(?:,? +|T)((?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?))?$/;

interface Written {
  /** As a date of ISO 8601, with a time of day where it has one; null where that is no day of the calendar. */
  dayFirst: string | null;
  monthFirst: string | null;
  /** With dots the day stands first wherever dates are written so. */
  hasDots: boolean;
}

function writtenIn(text: string): Written | null {
  const [, first = "", sign, second = "", year = "", time] = SHEET_DATE.exec(text.trim()) ?? [];
  if (sign === undefined) return null;
  const iso = (month: string, day: string): string | null => {
    const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    if (!isDate(date)) return null;
    return time === undefined ? date : `${date}T${time.indexOf(":") === 1 ? "0" : ""}${time}`;
  };
  return { dayFirst: iso(second, first), monthFirst: iso(first, second), hasDots: sign === "." };
}

/** What a date alone tells of its column; null: nothing. */
function orderIn(text: string): DayOrder | null {
  const written = writtenIn(text);
  if (!written || written.hasDots || (written.dayFirst === null) === (written.monthFirst === null)) return null;
  return written.dayFirst === null ? "month_first" : "day_first";
}

/** Takes in what one more cell tells of its column. */
export function noteOrder(orders: Map<string, DayOrder>, column: string, text: string): void {
  const told = orderIn(text);
  if (told === null) return;
  const known = orders.get(column) ?? told;
  orders.set(column, known === told ? told : "mixed");
}

/**
 * A sheet's date as ISO 8601: "2026-01-31", or with its time "2026-01-31T09:30". What is none comes back as it is.
 * @param order how its column writes dates; undefined: nothing tells
 */
export function sheetDate(text: string, order: DayOrder | undefined): { value: string } | { fault: string } {
  const written = writtenIn(text);
  if (!written) return { value: text };
  const { dayFirst, monthFirst, hasDots } = written;
  if (hasDots) return { value: dayFirst ?? text };
  if (order === "mixed")
    return { fault: "some dates of this column have the day first, others the month: write them as 2026-01-31" };
  if (dayFirst === null && monthFirst === null) return { value: text };
  if (order === undefined && dayFirst !== monthFirst)
    return { fault: "day or month first? No date of this column tells: write them as 2026-01-31" };
  return { value: (order === "month_first" ? monthFirst : dayFirst) ?? text };
}
