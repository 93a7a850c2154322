import { isDate } from "./time";

/*
 * Dates as people and their programs write them, of which a text alone tells the day: 31.1.2026, 2026/1/31, 31-Jan-2026,
 * January 31, 2026. What may be two days (01/02/2026) is none of them.
 */

/** What is longer is no date; the expressions below are not asked of what anybody may send. */
const MAX_LENGTH = 64;

const CLOCK = "(?:(?:,? +|T)([0-9:]{4,8}(?: ?[ap]\\.? ?m\\.?)?))?$";
const YEAR_FIRST = new RegExp(`^(\\d{4})([/.-]) ?(\\d{1,2})\\2 ?(\\d{1,2})\\.?${CLOCK}`, "i");
/** With dots the day stands first wherever dates are written so. */
const DOTTED = new RegExp(`^(\\d{1,2})\\. ?(\\d{1,2})\\. ?(\\d{4})\\.?${CLOCK}`, "i");
const WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?";
const DAY_NAMED = new RegExp(`^${WEEKDAY}(\\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\\.?,?[ -](\\d{4})${CLOCK}`, "i");
const NAMED_DAY = new RegExp(`^${WEEKDAY}([a-z]{3,9})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})${CLOCK}`, "i");
const MONTHS = "january february march april may june july august september october november december".split(" ");

const TIME_OF_DAY = /^([01]?\d|2[0-3])(:[0-5]\d(?::[0-5]\d)?)(?: ?([ap])\.? ?m\.?)?$/i;

/** A time of day by 24 hours; null: it is none. With letters the day has twelve hours twice. */
export function timeOfDayIn(text: string): string | null {
  const [, hours = "", rest = "", half] = TIME_OF_DAY.exec(text) ?? [];
  if (hours === "") return null;
  if (half === undefined) return hours.padStart(2, "0") + rest;
  const hour = Number(hours);
  if (hour < 1 || hour > 12) return null;
  return String((hour % 12) + (half.toLowerCase() === "p" ? 12 : 0)).padStart(2, "0") + rest;
}

/** A date of ISO 8601, with its time of day where it has one ("2026-01-31T09:30"); null: no day of the calendar. */
export function isoOf(year: string, month: string, day: string, clock: string | undefined): string | null {
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const time = clock === undefined ? undefined : timeOfDayIn(clock);
  if (!isDate(date) || time === null) return null;
  return time === undefined ? date : `${date}T${time}`;
}

/** The number of a month by its English name or the beginning of it. */
function monthNamed(name: string): string {
  const at = MONTHS.findIndex((month) => month.startsWith(name.toLowerCase()));
  return String(at + 1);
}

/** The blanks of all kinds that programs write, as one; without marks of direction. */
export const datePlain = (text: string): string =>
  text.replaceAll(/[\u200e\u200f\u061c]/g, "").replaceAll(/[\u00a0\u2009\u202f]/g, " ");

/** The date that a text can only mean, as `isoOf` has it; null: none. */
export function plainDate(given: string): string | null {
  if (given.length > MAX_LENGTH) return null;
  const text = datePlain(given.trim());
  const [, year = "", , month = "", day = "", clock] = YEAR_FIRST.exec(text) ?? [];
  if (year) return isoOf(year, month, day, clock);
  const [, d = "", m = "", y = "", time] = DOTTED.exec(text) ?? named(text) ?? [];
  return y === "" ? null : isoOf(y, m, d, time);
}

function named(text: string): (string | undefined)[] | undefined {
  const [, day, name = "", year, clock] = DAY_NAMED.exec(text) ?? [];
  if (day) return ["", day, monthNamed(name), year, clock];
  const [, called = "", of, then, time] = NAMED_DAY.exec(text) ?? [];
  return of ? ["", of, monthNamed(called), then, time] : undefined;
}
