import { trimmed } from "../base/text";
import { formatInstant, isDate, isOfOurTime } from "../catalogue/time";

/*
 * Other systems write our values otherwise: numbers as text and text as numbers, "yes" for true, times in seconds. A value
 * is taken as the first of its readings that fits.
 */

const YES = ["true", "yes", "1", "on"];
const NO = ["false", "no", "0", "off"];

/** Whether a text says no. */
export const isNo = (text: string): boolean => NO.includes(text.toLowerCase());

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

const LOCAL_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/** A time that lacks seconds, a zone or the T, as RFC 3339; without a zone it is taken as UTC. */
export function timeOfText(text: string): string | undefined {
  if (isDate(text)) return `${text}T00:00:00.000Z`;
  const [, date, time, seconds = ":00", zone = "Z"] = LOCAL_TIME.exec(text) ?? [];
  return date && time ? `${date}T${time}${seconds}${zone.replace(/(\d\d)(\d\d)$/, "$1:$2").toUpperCase()}` : undefined;
}

function* readingsOfText(given: string): Generator {
  const text = trimmed(given);
  yield text;
  const time = timeOfText(text);
  if (time !== undefined) yield time;
  const number = Number(text.replace(/\s*%$/, ""));
  if (text !== "" && Number.isFinite(number)) {
    yield number;
    const moment = momentOfNumber(number);
    if (moment !== null) yield formatInstant(moment);
  }
  const word = text.toLowerCase();
  if (YES.includes(word)) yield true;
  if (NO.includes(word)) yield false;
  yield word;
  yield text.toUpperCase();
}

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
