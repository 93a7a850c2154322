import { durationParts } from "../../../definition/duration";
import { many, say } from "../../../language/say";

/* Durations as people say them. */

type Parts = Readonly<Record<"year" | "month" | "week" | "day" | "hour" | "minute" | "second", (n: number) => string>>;

/** Of each part of a duration, one and several. */
const PARTS = {
  year: (n) => many(n, "{n} year", "{n} years"),
  month: (n) => many(n, "{n} month", "{n} months"),
  week: (n) => many(n, "{n} week", "{n} weeks"),
  day: (n) => many(n, "{n} day", "{n} days"),
  hour: (n) => many(n, "{n} hour", "{n} hours"),
  minute: (n) => many(n, "{n} minute", "{n} minutes"),
  second: (n) => many(n, "{n} second", "{n} seconds"),
} satisfies Parts;

/** The same behind a preposition, where languages may ask for another case: "in 2 Tagen". */
const PARTS_BEHIND = {
  year: (n) => many(n, "{n} year@behind", "{n} years@behind"),
  month: (n) => many(n, "{n} month@behind", "{n} months@behind"),
  week: (n) => many(n, "{n} week@behind", "{n} weeks@behind"),
  day: (n) => many(n, "{n} day@behind", "{n} days@behind"),
  hour: (n) => many(n, "{n} hour@behind", "{n} hours@behind"),
  minute: (n) => many(n, "{n} minute@behind", "{n} minutes@behind"),
  second: (n) => many(n, "{n} second@behind", "{n} seconds@behind"),
} satisfies Parts;

/** "2 days", "1 hour 30 minutes"; what is no duration comes back as it is. */
export const durationText = (duration: string): string => saidBy(PARTS, duration);

/** The same for a sentence that has it behind a preposition. */
export const durationBehind = (duration: string): string => saidBy(PARTS_BEHIND, duration);

function saidBy(parts: Parts, duration: string): string {
  const found = durationParts(duration);
  if (!found) return duration;
  const said = Object.entries(parts).flatMap(([part, words]) => {
    // The parts of a duration are these.
    const amount = found.amounts[part as keyof Parts] ?? 0;
    return amount > 0 ? [words(amount)] : [];
  });
  return said.join(" ") || say("no time");
}

/** "at most 3 times in 7 days", "at most once ever" */
export function limitText({ times, per }: { times: number; per: string | null }): string {
  if (per === null) return many(times, "at most once ever", "at most {n} times ever");
  return many(times, "at most once in {duration}", "at most {n} times in {duration}", {
    duration: durationBehind(per),
  });
}

/** "30 days before", "2 days after": what it is before or after follows. */
export const shiftText = (duration: string): string =>
  duration.startsWith("-")
    ? say("{duration} before", { duration: durationText(duration) })
    : say("{duration} after", { duration: durationText(duration) });
