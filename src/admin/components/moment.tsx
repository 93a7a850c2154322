import type { FC } from "hono/jsx";
import { dateIn, say } from "../../language/say";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "5 Jan 2026, 11:00:02", in a zone. */
export const exactText = (atMs: number, timezone: string): string =>
  dateIn(atMs, { dateStyle: "medium", timeStyle: "medium", timeZone: timezone });

/** "5 Jan 2026", in a zone. */
export const dateText = (atMs: number, timezone: string): string =>
  dateIn(atMs, { dateStyle: "medium", timeZone: timezone });

/** "5 Jan 2026, 11:00", in a zone. */
export const minuteText = (atMs: number, timezone: string): string =>
  dateIn(atMs, { dateStyle: "medium", timeStyle: "short", timeZone: timezone });

/** "Mon 5 Jan, 11:00": as it is called, where "in 5 min" would not do, as behind "until". */
export const namedText = (atMs: number, nowMs: number, timezone: string): string => {
  const year = (ms: number): string => dateIn(ms, { year: "numeric", timeZone: timezone });
  return dateIn(atMs, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(year(atMs) === year(nowMs) ? { hour: "2-digit", minute: "2-digit" } : { year: "numeric" }),
    timeZone: timezone,
  });
};

/** "5 min ago", "in 2 h"; beyond a day "Mon 5 Jan, 11:00". */
export function relativeText(atMs: number, nowMs: number, timezone: string): string {
  const awayMs = Math.abs(atMs - nowMs);
  if (awayMs >= DAY_MS) return namedText(atMs, nowMs, timezone);
  if (awayMs < MINUTE_MS) return atMs - nowMs > SECOND_MS ? say("in a moment") : say("now");
  if (awayMs < HOUR_MS) {
    const n = Math.floor(awayMs / MINUTE_MS);
    return atMs > nowMs ? say("in {n} min", { n }) : say("{n} min ago", { n });
  }
  const n = Math.floor(awayMs / HOUR_MS);
  return atMs > nowMs ? say("in {n} h", { n }) : say("{n} h ago", { n });
}

interface MomentProps {
  atMs: number;
  nowMs: number;
  /** The school's zone. */
  timezone: string;
  /** Whether the exact time stands in the text. */
  exact?: boolean;
  /** Whether only the time of the day does, as under the name of its day. */
  clock?: boolean;
  /** Whether it is called by its day, however near it is: behind "until". */
  named?: boolean;
}

const clockText = (atMs: number, timezone: string): string =>
  dateIn(atMs, { hour: "2-digit", minute: "2-digit", timeZone: timezone });

/** A moment: relative up to a day, the exact one on hover and for screen readers. */
export const Moment: FC<MomentProps> = ({ atMs, nowMs, timezone, exact = false, clock = false, named = false }) => {
  const full = exactText(atMs, timezone);
  const told = named ? namedText : relativeText;
  return (
    <time datetime={new Date(atMs).toISOString()} title={`${full} (${timezone})`}>
      {exact ? full : clock ? clockText(atMs, timezone) : told(atMs, nowMs, timezone)}
      {exact || clock ? null : <span class="sr-only"> ({full})</span>}
    </time>
  );
};
