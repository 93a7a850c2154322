/** ISO 8601 durations as forms and sentences need them: one amount and unit, or words. */

export const UNITS = ["minutes", "hours", "days", "weeks", "months"] as const;
export type Unit = (typeof UNITS)[number];

const DURATION = /^([+-]?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const NAMES = ["year", "month", "week", "day", "hour", "minute", "second"];

function parts(duration: string): { negative: boolean; amounts: [amount: number, name: string][] } | undefined {
  const match = DURATION.exec(duration);
  if (!match || !/\d/.test(duration)) return undefined;
  const amounts = NAMES.flatMap((name, i): [number, string][] => {
    const amount = match[i + 2];
    return amount === undefined ? [] : [[Number(amount), name]];
  });
  return { negative: match[1] === "-", amounts };
}

/** Whether it is a duration of whole years to seconds, with at least one of them; a sign only when asked for. */
export const isDuration = (value: unknown, signed = false): boolean =>
  typeof value === "string" && parts(value) !== undefined && (signed || !/^[+-]/.test(value)) && !value.endsWith("T");

/** "2 days", "1 hour 30 minutes"; what is no duration comes back as it is. */
export function durationText(duration: string): string {
  const found = parts(duration);
  if (!found) return duration;
  const said = found.amounts
    .filter(([amount]) => amount > 0)
    .map(([amount, name]) => `${amount} ${name}${amount === 1 ? "" : "s"}`);
  return said.join(" ") || "no time";
}

/** "30 days before", "2 days after" */
export const shiftText = (duration: string): string =>
  `${durationText(duration)} ${duration.startsWith("-") ? "before" : "after"}`;

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
  const found = parts(duration);
  if (found?.amounts.length !== 1) return undefined;
  const [amount, name] = found.amounts[0] ?? [0, ""];
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
  (parts(duration)?.amounts ?? []).reduce((sum, [amount, name]) => sum + amount * (MINUTES[name] ?? 0), 0);
