import { durationParts } from "../../definition/duration";
import { many, say } from "../../language/say";

/* Durations as people say them. */

/** Of each part of a duration, one and several. */
const PARTS = {
  year: (n) => many(n, "{n} year", "{n} years"),
  month: (n) => many(n, "{n} month", "{n} months"),
  week: (n) => many(n, "{n} week", "{n} weeks"),
  day: (n) => many(n, "{n} day", "{n} days"),
  hour: (n) => many(n, "{n} hour", "{n} hours"),
  minute: (n) => many(n, "{n} minute", "{n} minutes"),
  second: (n) => many(n, "{n} second", "{n} seconds"),
} satisfies Record<string, (n: number) => string>;

/** "2 days", "1 hour 30 minutes"; what is no duration comes back as it is. */
export function durationText(duration: string): string {
  const found = durationParts(duration);
  if (!found) return duration;
  const said = Object.entries(PARTS).flatMap(([part, words]) => {
    // The parts of a duration are these.
    const amount = found.amounts[part as keyof typeof PARTS] ?? 0;
    return amount > 0 ? [words(amount)] : [];
  });
  return said.join(" ") || say("no time");
}

/** "at most 3 times in 7 days", "at most once ever" */
export function limitText({ times, per }: { times: number; per: string | null }): string {
  if (per === null) return many(times, "at most once ever", "at most {n} times ever");
  return many(times, "at most once in {duration}", "at most {n} times in {duration}", { duration: durationText(per) });
}

/** "30 days before", "2 days after" */
export const shiftText = (duration: string): string =>
  duration.startsWith("-")
    ? say("{duration} before", { duration: durationText(duration) })
    : say("{duration} after", { duration: durationText(duration) });
