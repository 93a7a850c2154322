import { numberMeant } from "../../base/text/numbers";
import { asTyped, composed, trimmed } from "../../base/text/text";
import { formatInstant, isDate, isOfOurTime, zoneOf } from "../dates/time";
import { plainDate } from "../dates/written-dates";

/*
 * People and other systems write our values otherwise: numbers as text and text as numbers, "yes" for true, times in seconds. A value
 * is taken as the first of its readings that fits.
 */

const YES = ["true", "yes", "y", "t", "1", "on", "ja", "j", "oui", "sí", "sì", "si", "sim", "tak", "da", "да", "ναι"];
const NO = ["false", "no", "n", "f", "0", "off", "nein", "non", "não", "nie", "nej", "nee", "ne", "нет", "όχι"];

/** Whether a text says no. */
export const isNo = (text: string): boolean => NO.includes(composed(text).toLowerCase());
/** Whether a value says yes. */
export const isYes = (value: unknown): boolean =>
  value === true || value === 1 || (typeof value === "string" && YES.includes(composed(trimmed(value)).toLowerCase()));

/** Seconds up to here, milliseconds from here on: the year 5138 in the one, 1973 in the other. */
const MILLISECONDS_FROM = 1e11;

/** Since 1970, of a number that is seconds or milliseconds; null outside of the years 1 to 9999. */
export function momentOfNumber(value: number): number | null {
  const ms = Math.round(Math.abs(value) < MILLISECONDS_FROM ? value * 1_000 : value);
  return isOfOurTime(ms) ? ms : null;
}

function* readingsOfNumber(value: number): Generator {
  yield String(value);
  if (value === 0 || value === 1) yield value === 1;
  const moment = momentOfNumber(value);
  if (moment !== null) yield formatInstant(moment);
}

/** What is longer is no time, and is not looked at for one. */
const MAX_TIME = 100;
const LOCAL_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;
/** ISO 8601 without signs: 20231114T221320Z. */
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d(?:\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/i;
/** As mails and HTTP have it: Tue, 14 Nov 2023 22:13:20 GMT. */
const OF_MAIL = /^(?:[a-z]{3}, )?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d:\d\d)(:\d\d)? (GMT|UTC|[+-]\d{4})$/i;
/** As JavaScript's `String(date)` has it: Tue Nov 14 2023 22:13:20 GMT+0000 (…). */
const OF_SCRIPT = /^[a-z]{3} ([a-z]{3}) (\d\d) (\d{4}) (\d\d:\d\d)(:\d\d) GMT([+-]\d{4})(?: \(.*\))?$/i;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A time that lacks seconds, a zone or the T, or that has the month's name, as RFC 3339; without a zone it is UTC. */
export function timeOfText(given: string): string | undefined {
  if (given.length > MAX_TIME) return undefined;
  const text =
    plainDate(given) ??
    given.replace(BASIC, (_, year, month, day, hour, minute, second = "00", zone = "Z") => {
      return `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`;
    });
  if (isDate(text)) return `${text}T00:00:00.000Z`;
  const [, date, time, seconds = ":00", zone = "Z"] = LOCAL_TIME.exec(text) ?? [];
  if (date && time) return `${date}T${time}${seconds}${zoneOf(zone)}`;
  const [, day, name, year, clock, rest = ":00", offset = ""] = OF_MAIL.exec(text) ?? ofScript(text);
  const month = MONTHS.indexOf((name ?? "").toLowerCase()) + 1;
  if (!day || month === 0) return undefined;
  return `${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}T${clock}${rest}${zoneOf(offset)}`;
}

function ofScript(text: string): string[] {
  const [whole = "", name = "", day = "", ...rest] = OF_SCRIPT.exec(text) ?? [];
  return whole === "" ? [] : [whole, day, name, ...rest];
}

function* readingsOfText(given: string): Generator {
  const text = trimmed(given);
  yield text;
  const typed = asTyped(text);
  // A day, or a time of the school's zone, before a moment: to a field they are not the same.
  const date = plainDate(typed);
  if (date !== null) yield date;
  const time = timeOfText(typed);
  if (time !== undefined) yield time;
  const number = numberMeant(typed);
  if (number !== null) {
    yield number;
    const moment = momentOfNumber(number);
    if (moment !== null) yield formatInstant(moment);
  }
  const word = composed(typed).toLowerCase();
  if (YES.includes(word)) yield true;
  if (NO.includes(word)) yield false;
  yield word;
  yield text.toUpperCase();
  yield typed;
  const address = addressIn(typed);
  if (address !== undefined) yield address;
}

const WITH_NAME = /^[^<>]*<([^<>\s]+@[^<>\s]+)>$/;
const MAILTO = /^mailto:([^?\s]+)/i;

/** The address of a link to write a mail, or of one with a name: "Anna <anna@acme.com>". */
const addressIn = (text: string): string | undefined =>
  text.length > MAX_ADDRESS ? undefined : (WITH_NAME.exec(text) ?? MAILTO.exec(text))?.[1];
const MAX_ADDRESS = 320;

/** The value itself, then what else it may have been meant as, the likeliest first. */
function* readings(value: unknown): Generator {
  yield value;
  if (typeof value === "number") yield* readingsOfNumber(value);
  if (typeof value === "string") yield* readingsOfText(value);
  if (typeof value === "boolean") yield String(value);
}

/** The first reading of a value that fits, or undefined. */
export function fitting(value: unknown, fits: (reading: unknown) => boolean): { value: unknown } | undefined {
  for (const reading of readings(value)) if (fits(reading)) return { value: reading };
  return undefined;
}
