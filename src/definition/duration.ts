/** ISO 8601 durations as forms and sentences need them: one amount and unit, or words. */

export const UNITS = ["minutes", "hours", "days", "weeks", "months"] as const;
export type Unit = (typeof UNITS)[number];

const NAMES = ["year", "month", "week", "day", "hour", "minute", "second"] as const;
type Name = (typeof NAMES)[number];

const DURATION =
  /^([+-])?P(?=\d|T)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?$/;

/** What a duration says, as it says it: seconds may have thousandths; undefined for a text that is none. */
export function durationParts(
  duration: string,
): { negative: boolean; amounts: Readonly<Partial<Record<Name, number>>> } | undefined {
  const match = DURATION.exec(duration);
  if (!match) return undefined;
  const amounts: Partial<Record<Name, number>> = {};
  for (const [index, name] of NAMES.entries()) {
    const amount = match[index + 2];
    if (amount !== undefined) amounts[name] = Number(amount);
  }
  return { negative: match[1] === "-", amounts };
}

/** Whether it is a duration; with a sign only when asked for. */
export const isDuration = (value: unknown, signed = false): boolean =>
  typeof value === "string" && durationParts(value) !== undefined && (signed || value.startsWith("P"));

const LETTERS: Readonly<Record<Unit, [date: boolean, letter: string]>> = {
  minutes: [false, "M"],
  hours: [false, "H"],
  days: [true, "D"],
  weeks: [true, "W"],
  months: [true, "M"],
};

export function durationOf(amount: number, unit: Unit, negative = false): string {
  const [date, letter] = LETTERS[unit];
  return `${negative ? "-" : ""}P${date ? "" : "T"}${amount}${letter}`;
}

/** The one amount and unit that a form shows; undefined for what needs several, or seconds or years. */
export function amountOf(duration: string): { amount: number; unit: Unit; negative: boolean } | undefined {
  const found = durationParts(duration);
  if (!found) return undefined;
  const [only, ...others] = Object.entries(found.amounts);
  if (!only || others.length) return undefined;
  const [name, amount] = only;
  const unit = UNITS.find((known) => known === `${name}s`);
  return unit ? { amount, unit, negative: found.negative } : undefined;
}

// Nominal lengths: right for ordering and for a rough "in all", never for computing a moment.
const MINUTES: Readonly<Record<string, number>> = {
  year: 525_600,
  month: 43_800,
  week: 10_080,
  day: 1440,
  hour: 60,
  minute: 1,
  second: 1 / 60,
};

/** About how many minutes it is, months at 30.4 days. */
export const roughMinutes = (duration: string): number =>
  Object.entries(durationParts(duration)?.amounts ?? {}).reduce(
    (sum, [name, amount]) => sum + amount * (MINUTES[name] ?? 0),
    0,
  );
