import { Temporal } from "temporal-polyfill";
import { remembering } from "../../base/cache";
import { durationParts } from "../../definition/duration";

/*
 * Civil time. Moments are milliseconds since 1970 (UTC); zones are IANA names. The offset is always taken at the
 * target, the weekday from the local date. A local time that does not exist moves on by the length of the gap, one
 * that comes twice is the first (Temporal's `compatible`).
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The first moment of the year 1: what RFC 3339 writes with four digits, and is no year 0. */
const BEGINNING_OF_TIME = Date.parse("0001-01-01T00:00:00.000Z");
/** The first moment of the year 10000. "No end" is often written as the last before it. */
const END_OF_TIME = Date.UTC(10_000, 0, 1);

/** Whether a moment is of the years 1 to 9999, in UTC. */
export const isOfOurTime = (ms: number): boolean => ms >= BEGINNING_OF_TIME && ms < END_OF_TIME;

const zoned = (ms: number, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);

// ---- Zones ----

const isKnownZone = remembering(
  (zone) => {
    try {
      zoned(0, zone);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  },
  { entries: 1_000 },
);

/** Whether `text` names an IANA zone ("Europe/Athens", "UTC"); an offset ("+02:00") is none. */
export const isZone = (text: string): boolean =>
  text.length <= 64 && /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text) && isKnownZone(text);

// ---- Durations ----

/** Signed; a year is 12 months, a week 7 days. */
interface Duration {
  months: number;
  days: number;
  ms: number;
}

const NO_TIME: Duration = { months: 0, days: 0, ms: 0 };

/** Some 10 years. */
const MAX_DURATION_DAYS = 3_653;
const MONTH_DAYS = 365.25 / 12;

const parseDuration = remembering(
  (text): Duration | null => {
    const parts = durationParts(text);
    if (!parts) return null;
    const { year = 0, month = 0, week = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts.amounts;
    const sign = parts.negative ? -1 : 1;
    const duration = {
      months: sign * (year * 12 + month),
      days: sign * (week * 7 + day),
      ms: sign * Math.round(hour * HOUR + minute * MINUTE + second * SECOND),
    };
    const total = Math.abs(duration.months * MONTH_DAYS + duration.days + duration.ms / DAY);
    return total <= MAX_DURATION_DAYS ? duration : null;
  },
  { entries: 500, characters: 20_000 },
);

function durationOf(text: string): Duration {
  const duration = parseDuration(text);
  if (!duration) throw new RangeError(`not a duration: ${text.slice(0, 64)}`);
  return duration;
}

/** Whether `text` is an ISO 8601 duration of some 10 years at most, with `-` or `+` before it or not ("-P30D"). */
export const isSignedDuration = (text: string): boolean => text.length <= 64 && parseDuration(text) !== null;

/** Whether `text` is an ISO 8601 duration without a sign ("P2D", "PT1H", "PT0S"), of some 10 years at most. */
export const isUnsignedDuration = (text: string): boolean => text.startsWith("P") && isSignedDuration(text);

/**
 * The moment a duration after `fromMs`: years, months, weeks and days by the calendar of the zone at the same wall
 * time, then hours and less exactly.
 * @throws RangeError when `duration` is none
 */
export function addDuration(fromMs: number, duration: string, zone: string): number {
  const { months, days, ms } = durationOf(duration);
  if (months === 0) return addDays(fromMs, days, zone) + ms;
  return zoned(fromMs, zone).add({ months, days }).epochMilliseconds + ms;
}

/** The same wall time in the zone so many days later. */
export function addDays(ms: number, days: number, zone: string): number {
  if (days === 0 || zone === "UTC") return ms + days * DAY;
  return zoned(ms, zone).add({ days }).epochMilliseconds;
}

/** The same wall time in the zone so many days earlier. */
export const subtractDays = (ms: number, days: number, zone: string): number => addDays(ms, -days, zone);

// ---- Texts ----

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const LOCAL_DATE_TIME = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/;
const INSTANT =
  /^(\d{4}-\d\d-\d\d)[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** Whether `text` is a day of the calendar ("2026-01-31"). */
export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  if (year === 0 || month < 1 || month > 12 || day < 1) return false;
  // 400 years later the calendar is the same, and out of the years that Date takes for 19xx.
  return day <= new Date(Date.UTC(year + 400, month, 0)).getUTCDate();
}

/** Whether `text` is a time of day ("09:00", to "23:59"). */
export const isTimeOfDay = (text: string): boolean => TIME_OF_DAY.test(text);

const localDateIn = (text: string): string | null => {
  const date = LOCAL_DATE_TIME.exec(text)?.[1];
  return date !== undefined && isDate(date) ? date : null;
};

/** Whether `text` is a local date and time ("2026-03-30T12:00:00", seconds optional), of whatever year. */
export const isWrittenLocally = (text: string): boolean => localDateIn(text) !== null;

/** Whether `text` is a local date and time of the years 1970 to 2189. */
export function isLocalDateTime(text: string): boolean {
  const date = localDateIn(text);
  return date !== null && date >= "1970" && date < "2190";
}

/** RFC 3339, with a zone, to the millisecond; null for anything else, and outside the years 1 to 9999. */
export function parseInstant(text: string): number | null {
  const match = INSTANT.exec(text);
  if (!match) return null;
  const [, date = "", time = "", fraction = "", sign, hours, minutes] = match;
  if (!isDate(date)) return null;
  const local = Date.parse(`${date}T${time}.${fraction.padEnd(3, "0").slice(0, 3)}Z`);
  const offset = (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE);
  const ms = local - offset;
  return isOfOurTime(ms) ? ms : null;
}

/** A zone as RFC 3339 has it, of one that lacks its sign or its minutes, or is called UTC. */
export const zoneOf = (zone: string): string =>
  /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3).replace(":", "") || "00"}` : "Z";

/** RFC 3339 in UTC with milliseconds: "2026-01-01T09:00:00.000Z". */
export const formatInstant = (ms: number): string => new Date(ms).toISOString();

// ---- Local dates and times ----

/** The moment of a local date and time in a zone. */
export function localToInstant(local: string, zone: string): number {
  if (zone === "UTC") return Date.parse(`${local}Z`);
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds;
}

/** The date in the zone at a moment: "2026-01-31". */
export const localDate = (ms: number, zone: string): string =>
  zone === "UTC" ? new Date(ms).toISOString().slice(0, 10) : zoned(ms, zone).toPlainDate().toString();

const startOf = (date: Temporal.PlainDate, zone: string): number => date.toZonedDateTime(zone).epochMilliseconds;

/** The first moment of a date in a zone; not always midnight. */
export const startOfDay = (date: string, zone: string): number =>
  zone === "UTC" ? Date.parse(date) : startOf(Temporal.PlainDate.from(date), zone);

/** The first moment after a date in a zone: the start of the next day. */
export const endOfDay = (date: string, zone: string): number =>
  zone === "UTC" ? Date.parse(date) + DAY : startOf(Temporal.PlainDate.from(date).add({ days: 1 }), zone);

/** The calendar year in the zone at a moment. */
export const currentYear = (ms: number, zone: string): number => zoned(ms, zone).year;

/** The parts of a duration by which dates and moments are moved; of none, nothing. */
export const dateParts = (duration: string | undefined): Readonly<Duration> =>
  duration === undefined ? NO_TIME : durationOf(duration);

// ---- Windows ----

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * Local times of the week, half open. `from` later than `to` spans midnight, and belongs to the day it opens; so does
 * `from` equal to `to`, a whole day. Left out: every day, from its beginning, to its end.
 */
export interface Window {
  days?: readonly Weekday[] | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const timeOfDay = (text: string): number => Number(text.slice(0, 2)) * HOUR + Number(text.slice(3, 5)) * MINUTE;

/** Whether the clock on the wall shows a time inside the window. */
function windowTest(window: Window): (local: Temporal.ZonedDateTime) => boolean {
  const from = timeOfDay(window.from ?? "00:00");
  const to = window.to === undefined ? DAY : timeOfDay(window.to);
  const opens = WEEKDAYS.map((day) => !window.days?.length || window.days.includes(day));
  return (local) => {
    const time = local.hour * HOUR + local.minute * MINUTE + local.second * SECOND + local.millisecond;
    const today = local.dayOfWeek - 1;
    const openedToday = opens[today] === true && time >= from;
    if (from < to) return openedToday && time < to;
    return openedToday || (opens[(today + 6) % 7] === true && time < to);
  };
}

/** The first moment at or after `ms` at which the clock on the wall is inside the window. */
export function intoWindow(ms: number, window: Window, zone: string): number {
  const isInside = windowTest(window);
  const start = zoned(ms, zone);
  if (isInside(start)) return ms;
  const opening = Temporal.PlainTime.from(window.from ?? "00:00");
  let found: Temporal.ZonedDateTime | undefined;
  // From yesterday, for clocks that go back over midnight; over two weeks, for a gap may swallow a day's window.
  for (let ahead = -1; !found && ahead <= 15; ahead++) {
    const local = start.toPlainDate().add({ days: ahead }).toPlainDateTime(opening);
    found = (["earlier", "later"] as const)
      .map((disambiguation) => local.toZonedDateTime(zone, { disambiguation }))
      .find((moment) => moment.epochMilliseconds >= ms && isInside(moment));
  }
  if (!found) throw new RangeError("a window that never opens");
  // Where clocks change before that, they may jump right into the window.
  for (
    let change = start.getTimeZoneTransition("next");
    change && change.epochMilliseconds < found.epochMilliseconds;
    change = change.getTimeZoneTransition("next")
  ) {
    if (isInside(change)) return change.epochMilliseconds;
  }
  return found.epochMilliseconds;
}
