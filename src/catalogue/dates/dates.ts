import { Temporal } from "temporal-polyfill";
import { trimmed } from "../../base/text/text";
import type { Learner, SchoolView } from "../facts/facts";
import {
  addDuration,
  currentYear,
  dateParts,
  endOfDay,
  isDate,
  localDate,
  localToInstant,
  parseInstant,
  startOfDay,
  zoneOf,
} from "./time";

/*
 * Dates as they stand in fields, in the data of events and at products: what waits, conditions and segment rules take for
 * one. A date, a local date and time, a moment, or Unix time in seconds or milliseconds.
 */

/** A day of the school's zone, or a moment, ms. */
export type Dated = { day: string } | { at: number };

const LOCAL = /^(\d{4}-\d\d-\d\d)[Tt ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?)$/;
/** A moment as Java and Python write it: without seconds, or without the sign within its offset. */
const MOMENT = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d)(:\d\d(?:\.\d+)?)?([Zz]|[+-]\d\d(?::?\d\d)?)$/;
const MAX_LENGTH = 64;
const UNIX = /^\d{9,15}$/;
/** Seconds from 10^8, milliseconds from 10^11, to 10^14: what is less is an age, an amount, a year. */
const [SECONDS_FROM, MS_FROM, MS_TO] = [1e8, 1e11, 1e14];

/** What a value says as a date; null: it is none. A local time is one of `zone`. */
export function readDate(value: unknown, zone: string): Dated | null {
  if (typeof value === "number") return unixDate(value);
  if (typeof value !== "string") return null;
  const text = value.length > MAX_LENGTH ? "" : trimmed(value);
  if (UNIX.test(text)) return unixDate(Number(text));
  if (isDate(text)) return { day: text };
  const [, day = "", time] = LOCAL.exec(text) ?? [];
  if (isDate(day)) return { at: localToInstant(`${day}T${time}`, zone) };
  const at = parseInstant(text) ?? parseInstant(text.replace(MOMENT, asRfc3339));
  return at === null ? null : { at };
}

const asRfc3339 = (_: string, moment: string, seconds = ":00", zone = "Z"): string =>
  moment.replace(" ", "T") + seconds + zoneOf(zone);

const unixDate = (value: number): Dated | null =>
  value >= SECONDS_FROM && value <= MS_TO ? { at: Math.round(value < MS_FROM ? value * 1_000 : value) } : null;

/** The years that a time may be of. */
const [FIRST, LAST] = [Date.parse("0001-01-01T00:00:00.000Z"), Date.parse("9999-12-31T23:59:59.999Z")];

/**
 * Unix time as a moment (RFC 3339) where a date is asked for: any number is that, seconds below 10^11. Anything else
 * comes back as it is.
 */
export function unixAsMoment<T>(value: T): T | string {
  const text = typeof value === "string" ? value.trim() : "";
  const number = typeof value === "number" ? value : /^-?\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : null;
  if (number === null) return value;
  const ms = Math.round(Math.abs(number) < MS_FROM ? number * 1_000 : number);
  return ms >= FIRST && ms <= LAST ? new Date(ms).toISOString() : value;
}

/** A stretch of time, half open: a moment is one of a millisecond, a day lasts from its beginning to its end. */
export interface Span {
  begin: number;
  end: number;
}

export function spanOfDate(value: unknown, zone: string): Span | null {
  const read = readDate(value, zone);
  if (!read) return null;
  if ("at" in read) return { begin: read.at, end: read.at + 1 };
  return { begin: startOfDay(read.day, zone), end: endOfDay(read.day, zone) };
}

export interface Shift {
  /** Moves the date (hours and less: the moment). */
  offset?: string | undefined;
  /** The time of day to take instead. */
  at?: string | undefined;
  /** Its anniversaries are meant, and not the date itself. */
  every?: "year" | undefined;
}

/**
 * The moment that a date means, once moved: of a day its midnight. Of one that comes every year, the first that is not
 * before `from`. Null where the value is no date.
 */
export function dateMoment(value: unknown, shift: Shift, zone: string, from: number): number | null {
  const read = readDate(value, zone);
  if (!read) return null;
  if (shift.every === undefined) return moved(read, shift, zone);
  const day = "day" in read ? read.day : localDate(read.at, zone);
  const time =
    "at" in read ? Temporal.Instant.fromEpochMilliseconds(read.at).toZonedDateTimeISO(zone).toPlainTime() : null;
  const { month, day: dayOfMonth } = Temporal.PlainDate.from(day);
  const middle = currentYear(shift.offset === undefined ? from : addDuration(from, opposite(shift.offset), zone), zone);
  for (let year = Math.max(1, middle - 1); year <= middle + 2; year++) {
    // 29 February is the 28th in other years.
    const date = Temporal.PlainDate.from({ year, month, day: dayOfMonth }, { overflow: "constrain" });
    const one: Dated = time
      ? { at: date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds }
      : { day: date.toString() };
    const moment = moved(one, shift, zone);
    if (moment >= from) return moment;
  }
  return null;
}

/** A duration the other way. */
export const opposite = (offset: string): string =>
  offset.startsWith("-") ? offset.slice(1) : `-${offset.replace(/^\+/, "")}`;

function moved(read: Dated, { offset, at }: Shift, zone: string): number {
  if ("at" in read && at === undefined) return offset === undefined ? read.at : addDuration(read.at, offset, zone);
  const { months, days, ms } = dateParts(offset);
  const date = Temporal.PlainDate.from("day" in read ? read.day : localDate(read.at, zone)).add({ months, days });
  if (at === undefined) return startOfDay(date.toString(), zone) + ms;
  return date.toZonedDateTime({ timeZone: zone, plainTime: at }).epochMilliseconds + ms;
}

interface WatchedDate {
  about: string;
  value: unknown;
  data: Record<string, unknown>;
  /** By the school's clock, ms: what is past by then is not meant. */
  since?: number;
}

/** Dates of a user that a trigger waits for. */
export interface DateWatch {
  /** Of the fact, whatever date comes: what tells this watch from others. */
  told: Record<string, unknown>;
  shift: Shift;
  /** The dates as they stand now, each with what it is about and what its fact says of that. */
  dates(learner: Learner, school: SchoolView): WatchedDate[];
}
