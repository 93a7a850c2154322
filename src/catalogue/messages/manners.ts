import { addDuration, intoWindow } from "../dates/time";
import type { MailSettings } from "./mail";

/*
 * When a marketing mail may leave: not in the learner's quiet hours, and no more than so many in a time. What a learner
 * did themselves is answered at once: transactional mail neither waits nor counts.
 */

/** A mail is held so long at most. */
export const HELD_MOST_MS = 7 * 86_400_000;

export const HOLDS = ["quiet_hours", "at_most"] as const;
export type Hold = (typeof HOLDS)[number];

export type Manner =
  | { kind: "leaves" }
  | { kind: "waits"; until: number; reason: Hold }
  | { kind: "ends"; reason: Hold };

const LEAVES: Manner = { kind: "leaves" };

export interface Moment {
  /** The school's clock, ms, as all times here. */
  now: number;
  /** When the mail was first to leave. */
  since: number;
  /** The learner's zone, else the school's. */
  zone: string;
  /** When the mails left that count. */
  left: readonly number[];
}

/** Whether a mail may leave now; else until when it waits, and why, or that it has waited long enough. */
export function mannerOf(mail: MailSettings | undefined, { now, since, zone, left }: Moment): Manner {
  const room = mail?.at_most ? whenRoom(mail.at_most, left, now, zone) : now;
  const until = mail?.quiet_hours ? outOf(mail.quiet_hours, room, zone) : room;
  if (until <= now) return LEAVES;
  const isQuiet = mail?.quiet_hours !== undefined && outOf(mail.quiet_hours, now, zone) > now;
  const reason = isQuiet ? "quiet_hours" : "at_most";
  const last = since + HELD_MOST_MS;
  return now >= last ? { kind: "ends", reason } : { kind: "waits", until: Math.min(until, last), reason };
}

/** The first moment from one on that is not in the hours. */
const outOf = ({ from, to }: { from: string; to: string }, ms: number, zone: string): number =>
  intoWindow(ms, { from: to, to: from }, zone);

/** The first moment from one on at which fewer count than may: each does for the time from when it left. */
function whenRoom(
  { count, per }: { count: number; per: string },
  left: readonly number[],
  now: number,
  zone: string,
): number {
  const ends = left
    .map((at) => addDuration(at, per, zone))
    .filter((end) => end > now)
    .sort((one, other) => one - other);
  return ends.length < count ? now : (ends[ends.length - count] ?? now);
}
