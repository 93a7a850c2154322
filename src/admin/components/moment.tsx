import type { FC } from "hono/jsx";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "5 Jan 2026, 11:00:02", in a zone. */
export const exactText = (atMs: number, timezone: string): string =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: timezone }).format(atMs);

const dayText = (atMs: number, nowMs: number, timezone: string): string => {
  const year = (ms: number): string =>
    new Intl.DateTimeFormat("en-GB", { year: "numeric", timeZone: timezone }).format(ms);
  return new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(year(atMs) === year(nowMs) ? { hour: "2-digit", minute: "2-digit" } : { year: "numeric" }),
    timeZone: timezone,
  }).format(atMs);
};

/** "5 min ago", "in 2 h"; beyond a day "Mon 5 Jan, 11:00". */
export function relativeText(atMs: number, nowMs: number, timezone: string): string {
  const awayMs = Math.abs(atMs - nowMs);
  if (awayMs >= DAY_MS) return dayText(atMs, nowMs, timezone);
  const [amount, unit] =
    awayMs < MINUTE_MS
      ? [0, ""]
      : awayMs < HOUR_MS
        ? [Math.floor(awayMs / MINUTE_MS), "min"]
        : [Math.floor(awayMs / HOUR_MS), "h"];
  if (amount === 0) return "now";
  return atMs > nowMs ? `in ${amount} ${unit}` : `${amount} ${unit} ago`;
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
}

const clockText = (atMs: number, timezone: string): string =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: timezone }).format(atMs);

/** A moment: relative up to a day, the exact one on hover and for screen readers. */
export const Moment: FC<MomentProps> = ({ atMs, nowMs, timezone, exact = false, clock = false }) => {
  const full = exactText(atMs, timezone);
  return (
    <time datetime={new Date(atMs).toISOString()} title={`${full} (${timezone})`}>
      {exact ? full : clock ? clockText(atMs, timezone) : relativeText(atMs, nowMs, timezone)}
      {exact || clock ? null : <span class="sr-only"> ({full})</span>}
    </time>
  );
};
