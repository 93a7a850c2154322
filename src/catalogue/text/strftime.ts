import { Temporal } from "temporal-polyfill";

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

type Zoned = Temporal.ZonedDateTime;
const hour12 = (at: Zoned): number => at.hour % 12 || 12;

/** What a code stands for, and to which width it is filled, with noughts or blanks. */
const CODES: Readonly<Record<string, readonly [value: (at: Zoned) => string | number, width?: number, fill?: " "]>> = {
  a: [(at) => (DAYS[at.dayOfWeek - 1] ?? "").slice(0, 3)],
  A: [(at) => DAYS[at.dayOfWeek - 1] ?? ""],
  b: [(at) => (MONTHS[at.month - 1] ?? "").slice(0, 3)],
  B: [(at) => MONTHS[at.month - 1] ?? ""],
  d: [(at) => at.day, 2],
  e: [(at) => at.day, 2, " "],
  H: [(at) => at.hour, 2],
  I: [hour12, 2],
  j: [(at) => at.dayOfYear, 3],
  k: [(at) => at.hour, 2, " "],
  l: [hour12, 2, " "],
  L: [(at) => at.millisecond, 3],
  m: [(at) => at.month, 2],
  M: [(at) => at.minute, 2],
  p: [(at) => (at.hour < 12 ? "AM" : "PM")],
  P: [(at) => (at.hour < 12 ? "am" : "pm")],
  s: [(at) => Math.floor(at.epochMilliseconds / 1_000)],
  S: [(at) => at.second, 2],
  u: [(at) => at.dayOfWeek],
  w: [(at) => at.dayOfWeek % 7],
  y: [(at) => at.year % 100, 2],
  Y: [(at) => at.year, 4],
  z: [(at) => at.offset.replace(":", "")],
  Z: [(at) => at.timeZoneId],
};

const SHORT: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  h: "%b",
  r: "%I:%M:%S %p",
  R: "%H:%M",
  T: "%H:%M:%S",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};

/** A width of more than two digits: fills memory, and says nothing. */
export const hasWideField = (format: string): boolean => /%[-_0^#:]*\d{3}/.test(format);

/**
 * A moment by the codes of strftime, in English: no clock, zone or language of the machine has a say.
 * Flags: `-` unfilled, `_` filled with blanks, `0` with noughts, `^` in capitals. Codes it does not know stay as they are.
 */
export function formatDate(ms: number, format: string, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  const long = format.replace(/%([a-zA-Z])/g, (whole, code: string) => SHORT[code] ?? whole);
  return long.replace(/%([-_0^]*)(\d{0,2})([a-zA-Z%])/g, (whole, flags: string, width: string, code: string) => {
    if (code === "%") return "%";
    const entry = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
    if (!entry) return whole;
    const [value, usual = 0, blank] = entry;
    const fill = flags.includes("_") ? " " : flags.includes("0") ? "0" : (blank ?? "0");
    const text = String(value(at)).padStart(flags.includes("-") ? 0 : Number(width || usual), fill);
    return flags.includes("^") ? text.toUpperCase() : text;
  });
}
