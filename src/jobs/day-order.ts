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

const DAY_OR_MONTH = /^(\d{1,2})([/.-]) ?(\d{1,2})\2 ?(\d{4})\.?(?:(?:,?\s+|T)(.+))?$/;
const YEAR_FIRST = /^(\d{4})([/.-]) ?(\d{1,2})\2 ?(\d{1,2})\.?(?:(?:,?\s+|T)(.+))?$/;
const TIME_OF_DAY = /^([01]?\d|2[0-3])(:[0-5]\d(?::[0-5]\d)?)(?:\s?([ap])\.?m\.?)?$/i;

/** A time of day by 24 hours; null: it is none. With letters the day has twelve hours twice. */
function timeIn(text: string): string | null {
  const [, hours = "", rest = "", half] = TIME_OF_DAY.exec(text) ?? [];
  if (hours === "") return null;
  if (half === undefined) return hours.padStart(2, "0") + rest;
  const hour = Number(hours);
  if (hour < 1 || hour > 12) return null;
  return String((hour % 12) + (half.toLowerCase() === "p" ? 12 : 0)).padStart(2, "0") + rest;
}

interface Written {
  /** As a date of ISO 8601, with a time of day where it has one; null where that is no day of the calendar. */
  dayFirst: string | null;
  monthFirst: string | null;
  /** With dots the day stands first wherever dates are written so; where the year does, the day stands last. */
  isPlain: boolean;
}

function writtenIn(text: string): Written | null {
  const given = text.trim();
  const [, year = "", , month = "", day = "", clock] = YEAR_FIRST.exec(given) ?? [];
  if (day !== "") {
    const iso = isoOf(year, month, day, clock);
    return { dayFirst: iso, monthFirst: iso, isPlain: true };
  }
  const [, first = "", sign, second = "", yearLast = "", time] = DAY_OR_MONTH.exec(given) ?? [];
  if (sign === undefined) return null;
  return {
    dayFirst: isoOf(yearLast, second, first, time),
    monthFirst: isoOf(yearLast, first, second, time),
    isPlain: sign === ".",
  };
}

function isoOf(year: string, month: string, day: string, clock: string | undefined): string | null {
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const time = clock === undefined ? undefined : timeIn(clock);
  if (!isDate(date) || time === null) return null;
  return time === undefined ? date : `${date}T${time}`;
}

/** What a date alone tells of its column; null: nothing. */
function orderIn(text: string): DayOrder | null {
  const written = writtenIn(text);
  if (!written || written.isPlain || (written.dayFirst === null) === (written.monthFirst === null)) return null;
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
  const { dayFirst, monthFirst, isPlain } = written;
  if (isPlain) return { value: dayFirst ?? text };
  if (order === "mixed")
    return { fault: "some dates of this column have the day first, others the month: write them as 2026-01-31" };
  if (dayFirst === null && monthFirst === null) return { value: text };
  if (order === undefined && dayFirst !== monthFirst)
    return { fault: "day or month first? No date of this column tells: write them as 2026-01-31" };
  return { value: (order === "month_first" ? monthFirst : dayFirst) ?? text };
}
